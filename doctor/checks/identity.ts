import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { ask } from '../../aws/ask.ts';
import type { ClientSettings } from '../../aws/client-settings.ts';
import { type Check, notAsked, ok } from '../check.ts';

/** Who asks. */
export interface Identity {
  /** Twelve digits; `undefined` where Connect is not AWS's, and nobody was asked. */
  readonly account: string | undefined;
}

/** The role, without the name of the session: that is often a person's. */
const principal = (arn: string): string => {
  const [, role] = /:assumed-role\/([^/]+)/.exec(arn) ?? [];
  if (role !== undefined) return `the role ${role}`;
  return arn.endsWith(':root') ? 'the root user' : 'an IAM user';
};

/** Whether Connect is somewhere else than in AWS, such as in the simulator, and AWS STS is not. */
function isElsewhere(environment: NodeJS.ProcessEnv): boolean {
  const { AWS_ENDPOINT_URL, AWS_ENDPOINT_URL_CONNECT, AWS_ENDPOINT_URL_STS } = environment;
  return AWS_ENDPOINT_URL_CONNECT !== undefined && !(AWS_ENDPOINT_URL_STS ?? AWS_ENDPOINT_URL);
}

/** Without valid credentials every other check would say the same: all of them need this one. */
export const identityCheck = (
  settings: ClientSettings,
  environment: NodeJS.ProcessEnv,
): Check<true, Identity> => ({
  id: 'credentials',
  about: 'The credentials',
  calls: ['sts:GetCallerIdentity'],
  async run(_, abortSignal) {
    if (isElsewhere(environment)) {
      return {
        findings: [notAsked('Whose the credentials are, since AWS_ENDPOINT_URL_CONNECT is set')],
        fact: { account: undefined },
      };
    }
    const client = new STSClient(settings);
    const { Account = 'unknown', Arn = '' } = await ask(
      'sts:GetCallerIdentity',
      client.send(new GetCallerIdentityCommand({}), { abortSignal }),
    );
    return {
      findings: [
        ok(
          `The credentials are of ${principal(Arn)} in the account ${Account}, asked in ${settings.region}`,
        ),
      ],
      fact: { account: Account },
    };
  },
});
