import { type IAMClient, SimulatePrincipalPolicyCommand } from '@aws-sdk/client-iam';
import { ask, Unanswered } from '../../aws/ask.ts';
import { partitionOf } from '../../contract/region.ts';
import { type Check, failed, notAsked, ok } from '../check.ts';
import type { Bootstrap } from './bootstrap.ts';

/** What makes the main thing of each service in the stack: what an organisation denies, it mostly denies by service. */
const MAKES_THE_STACK = [
  'athena:CreateWorkGroup',
  'cloudwatch:PutMetricAlarm',
  'glue:CreateDatabase',
  'glue:CreateTable',
  'iam:CreateRole',
  'lambda:CreateFunction',
  'logs:CreateLogGroup',
  's3:CreateBucket',
  'scheduler:CreateSchedule',
  'sns:CreateTopic',
  'sqs:CreateQueue',
  'states:CreateStateMachine',
];

/** Whether CloudFormation may make what the stack is of, by IAM's own simulation, which knows the organisation's policies. */
export const deploymentRightsCheck = (client: IAMClient, region: string): Check<Bootstrap> => ({
  id: 'deployment-rights',
  about: "What CloudFormation's role may make",
  calls: ['iam:SimulatePrincipalPolicy'],
  async run({ account, qualifier }, abortSignal) {
    const role = `cdk-${qualifier}-cfn-exec-role-${account}-${region}`;
    const command = new SimulatePrincipalPolicyCommand({
      PolicySourceArn: `arn:${partitionOf(region)}:iam::${account}:role/${role}`,
      ActionNames: MAKES_THE_STACK,
    });
    try {
      const { EvaluationResults = [] } = await ask(
        'iam:SimulatePrincipalPolicy',
        client.send(command, { abortSignal }),
      );
      const denied = EvaluationResults.filter(({ EvalDecision }) => EvalDecision !== 'allowed');
      if (denied.length === 0) {
        return {
          findings: [ok(`CloudFormation's role ${role} may make all that the stack is of`)],
        };
      }
      return {
        findings: denied.map(({ EvalActionName, OrganizationsDecisionDetail }) => {
          const isByOrganization = OrganizationsDecisionDetail?.AllowedByOrganizations === false;
          return failed(
            `CloudFormation's role ${role} may not ${EvalActionName}${isByOrganization ? ': a policy of the organisation denies it' : ''}`,
            `have ${EvalActionName} allowed for this role${isByOrganization ? ' by whoever runs the organisation' : ''}`,
          );
        }),
      };
    } catch (error) {
      const fault = error instanceof Unanswered ? error.fault : undefined;
      if (fault?.cause !== 'denied' && fault?.name !== 'NoSuchEntityException') throw error;
      return {
        findings: [
          notAsked(`What CloudFormation's role ${role} may make: IAM did not say (${fault.name})`),
        ],
      };
    }
  },
});
