import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import type { SFNClient } from '@aws-sdk/client-sfn';
import { deployedInstances } from '../../aws/deployment/instances.ts';
import { type Deployment, readDeployment, withBucket } from '../../aws/deployment/parts.ts';
import { type Check, type Finding, failed, ok, warning } from '../check.ts';
import type { Identity } from './identity.ts';

/** Whether CloudFormation was done with the last deployment, and undid nothing. */
const isWhole = (status: string): boolean => /^(CREATE|UPDATE|IMPORT)_COMPLETE/.test(status);

function stateOf({ stackName, status }: Deployment): Finding {
  const says = `The stack ${stackName} is ${status}`;
  if (isWhole(status)) return ok(says);
  return status.endsWith('_IN_PROGRESS')
    ? warning(says, 'wait for the deployment to end, then run doctor again')
    : failed(
        says,
        'look at the events of the stack in the CloudFormation console, then deploy again',
      );
}

const driftOf = ({ stackName, drift }: Deployment): Finding[] =>
  drift === 'DRIFTED'
    ? [
        warning(
          `Parts of the stack ${stackName} were changed by hand, as CloudFormation's last drift detection says`,
          'npx cdk deploy --revert-drift, or change them back',
        ),
      ]
    : [];

const bucketOf = ({ stackName, parts }: Deployment): Finding[] =>
  parts.bucket === undefined
    ? [
        warning(
          `The stack ${stackName} has no bucket of its own: where its snapshots are is not known`,
          // Without a stack beside it, a bucket is looked at alone.
          `give the name of the bucket: --stack ${stackName} --bucket NAME`,
        ),
      ]
    : [];

/** Whether the stack is there, and whole. @param bucket that was brought along */
export const stackCheck = (
  client: CloudFormationClient,
  stackName: string,
  bucket?: string,
): Check<Identity, Deployment> => ({
  id: 'stack',
  about: `The stack ${stackName}`,
  calls: ['cloudformation:DescribeStacks', 'cloudformation:ListStackResources'],
  async run(_, abortSignal) {
    const found = await readDeployment(client, stackName, abortSignal);
    const deployment = withBucket(found, bucket);
    return {
      findings: [stateOf(deployment), ...driftOf(deployment), ...bucketOf(deployment)],
      fact: deployment,
    };
  },
});

/** Which instances the workflow exports. */
export const workflowCheck = (client: SFNClient): Check<Deployment, readonly string[]> => ({
  id: 'workflow',
  about: 'The workflow',
  calls: ['states:DescribeStateMachine'],
  async run({ parts }, abortSignal) {
    const instances = await deployedInstances(client, parts.stateMachine ?? '', abortSignal);
    if (instances.length === 0) {
      return {
        findings: [
          failed('The workflow names no instance: it was changed by hand', 'npx cdk deploy'),
        ],
      };
    }
    return {
      findings: [ok(`The workflow exports ${instances.join(', ')}`)],
      fact: instances,
    };
  },
});
