import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { ask, Unanswered } from '../../aws/ask.ts';
import type { ClientSettings } from '../../aws/client-settings.ts';
import { type Check, failed, ok } from '../check.ts';
import type { Identity } from './identity.ts';

/** The oldest bootstrap that the CDK's default synthesizer deploys with (`MIN_BOOTSTRAP_STACK_VERSION` of aws-cdk-lib). */
const OLDEST = 6;

/** Where the account is bootstrapped for the CDK. */
export interface Bootstrap {
  readonly account: string;
  readonly qualifier: string;
}

/** Whether `cdk deploy` finds what `cdk bootstrap` makes. The CDK itself looks at this parameter. */
export const bootstrapCheck = (
  settings: ClientSettings,
  { qualifier, instanceId }: { readonly qualifier: string; readonly instanceId: string },
): Check<Identity, Bootstrap> => ({
  id: 'bootstrap',
  about: 'The bootstrap of the CDK',
  calls: ['ssm:GetParameter'],
  async run({ account = 'ACCOUNT' }, abortSignal) {
    const { region } = settings;
    const command = `npx cdk bootstrap aws://${account}/${region} --qualifier ${qualifier} -c instanceIds=${instanceId}`;
    const Name = `/cdk-bootstrap/${qualifier}/version`;
    const client = new SSMClient(settings);
    try {
      const { Parameter } = await ask(
        'ssm:GetParameter',
        client.send(new GetParameterCommand({ Name }), { abortSignal }),
      );
      const version = Number(Parameter?.Value);
      const says = `The account is bootstrapped for the CDK in ${region}: version ${Parameter?.Value ?? 'unknown'}, qualifier ${qualifier}`;
      return version >= OLDEST
        ? { findings: [ok(says)], fact: { account, qualifier } }
        : { findings: [failed(`${says}; at least ${OLDEST} is needed`, command)] };
    } catch (error) {
      if (!(error instanceof Unanswered) || error.fault.name !== 'ParameterNotFound') throw error;
      return {
        findings: [
          failed(
            `The account is not bootstrapped for the CDK in ${region} with the qualifier ${qualifier}`,
            command,
          ),
        ],
      };
    }
  },
});
