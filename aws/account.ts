import type { AwsAccess } from './access.ts';

/** The account is worth telling, not worth waiting for. */
const PATIENCE_MS = 3_000;

async function askSts({ agents, credentials }: AwsAccess, region: string) {
  // Loaded only where the credentials do not say it themselves.
  const { GetCallerIdentityCommand, STSClient } = await import('@aws-sdk/client-sts');
  const client = new STSClient({ region, credentials, maxAttempts: 1, requestHandler: agents });
  try {
    const abortSignal = AbortSignal.timeout(PATIENCE_MS);
    const { Account } = await client.send(new GetCallerIdentityCommand({}), { abortSignal });
    return Account;
  } finally {
    client.destroy();
  }
}

/**
 * The account that the credentials are of, by what comes with them or, which no policy has to allow, by AWS STS.
 *
 * @param environment where another endpoint of Connect is set, such as the simulator's, there is no account to tell, and AWS is
 *   not asked
 * @returns twelve digits; `undefined` where it is not to be had at once. Why the credentials do not work, the export will say.
 */
export async function accountOf(
  access: AwsAccess,
  region: string,
  environment: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  const { AWS_ENDPOINT_URL, AWS_ENDPOINT_URL_CONNECT, AWS_ENDPOINT_URL_STS } = environment;
  const isElsewhere = (AWS_ENDPOINT_URL_CONNECT ?? AWS_ENDPOINT_URL) !== undefined;
  const canAsk = !isElsewhere || (AWS_ENDPOINT_URL_STS ?? AWS_ENDPOINT_URL) !== undefined;
  try {
    const { accountId } = await access.credentials();
    return accountId ?? (canAsk ? await askSts(access, region) : undefined);
  } catch {
    return undefined;
  }
}
