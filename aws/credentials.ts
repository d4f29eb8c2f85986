import { createInterface } from 'node:readline/promises';
import { fromEnv } from '@aws-sdk/credential-provider-env';
import { fromIni } from '@aws-sdk/credential-provider-ini';
import { defaultProvider } from '@aws-sdk/credential-provider-node';
import type { AwsCredentialIdentityProvider } from '@smithy/types';
import type { Agents } from './agents.ts';

/** Where a person reads and types. */
export interface Terminal {
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly output: NodeJS.WritableStream & { readonly isTTY?: boolean };
}

const messageOf = (error: unknown): string =>
  String(typeof error === 'object' && error !== null ? Reflect.get(error, 'message') : error);

/**
 * Asks a person for the code that the device shows at the moment.
 *
 * @throws Error where the person gives none, by Ctrl-C or at the end of the input, or where it would be of no use
 */
async function askForCode({ input, output }: Terminal, device: string): Promise<string> {
  const stop = new AbortController();
  const giveUp = (reason: unknown): void => stop.abort(reason);
  const noCode = (): void => giveUp(new Error('No MFA code was typed.'));
  const lines = createInterface({ input, output });
  lines.once('SIGINT', noCode).once('close', noCode);
  // The SDK fetches the credentials of the source profile meanwhile, and waits for them only once it has the code.
  process.once('unhandledRejection', giveUp);
  try {
    const code = await lines.question(`MFA code for ${device}: `, { signal: stop.signal });
    return code.trim();
  } catch {
    throw new Error(messageOf(stop.signal.reason), { cause: stop.signal.reason });
  } finally {
    process.off('unhandledRejection', giveUp);
    lines.close();
  }
}

/**
 * The credentials that the SDK finds, but for the keys of the environment, which go before a profile of the environment as for
 * the AWS CLI; with the code of multi-factor authentication asked for where a profile demands one and there
 * is a terminal. What fails once is not tried again: a code holds for one request, and a person is asked one time.
 *
 * @param agents for what is asked of AWS to get credentials
 */
export function awsCredentials(
  environment: NodeJS.ProcessEnv,
  agents: Agents,
  terminal: Terminal,
): AwsCredentialIdentityProvider {
  const hasKeys = Boolean(environment.AWS_ACCESS_KEY_ID && environment.AWS_SECRET_ACCESS_KEY);
  if (hasKeys) return fromEnv();
  const { AWS_PROFILE: profile } = environment;
  const init = {
    clientConfig: { requestHandler: agents },
    ...(terminal.input.isTTY &&
      terminal.output.isTTY && {
        mfaCodeProvider: (device: string) => askForCode(terminal, device),
      }),
  };
  const chain = defaultProvider(init);
  let failure: Promise<Error> | undefined;

  /** Of a profile that fails, the SDK's chain passes over what it says, and ends with a reason of its own. */
  async function explained(error: unknown, options: Parameters<typeof chain>[0]): Promise<Error> {
    const passedOver = Reflect.get(Object(error), 'name') === 'CredentialsProviderError';
    const reason = passedOver
      ? await fromIni(init)(options).then(
          () => error,
          (own: unknown) => own,
        )
      : error;
    // By this name, and with the profile, it is told as what it is: not as Connect's or S3's refusal, but as one before these.
    return Object.assign(new Error(messageOf(reason), { cause: error }), {
      name: 'CredentialsProviderError',
      ...(profile && { profile }),
    });
  }

  return async (options) => {
    if (failure) throw await failure;
    try {
      return await chain(options);
    } catch (error) {
      failure ??= explained(error, options);
      throw await failure;
    }
  };
}
