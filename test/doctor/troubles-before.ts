import { answered, denied, type Trouble } from './trouble.ts';

/** The checks that ask Amazon Connect, or need what it answered. */
const CONNECT = ['instance', 'users', 'proficiencies', 'extras', 'quotas'];

/** What can be wrong before anything is deployed. */
export const BEFORE_TROUBLES: readonly Trouble[] = [
  {
    check: 'credentials',
    of: 'credentials that have expired',
    arrange: answered('sts:GetCallerIdentity', {
      error: 'ExpiredToken',
      message: 'The token has expired',
    }),
    mark: 'failed',
    says: /^AWS did not accept the credentials \(ExpiredToken\)/,
    remedy: /runbook\.md#credentials-are-missing-or-not-accepted$/,
    disturbs: 'all',
  },
  {
    check: 'instance',
    of: 'an instance that is suspended',
    arrange: (world) => {
      process.env.AWS_ENDPOINT_URL_CONNECT = world.standIn.url;
      world.standIn.answer(`connect:/instance/${world.simulator.instanceId}`, {
        result: { Instance: { InstanceStatus: 'SUSPENDED' } },
      });
    },
    mark: 'failed',
    says: /is SUSPENDED$/,
    disturbs: CONNECT,
  },
  {
    check: 'instance',
    of: 'an instance that one may not describe, which an export need not',
    arrange: (world) =>
      world.simulator.setFaults([{ fault: 'accessDenied', operations: ['DescribeInstance'] }]),
    mark: 'warning',
    says: /^Amazon Connect refused connect:DescribeInstance .*AWS says/,
    remedy: /configuration\.md#what-doctor-may-read$/,
    disturbs: CONNECT,
  },
  {
    check: 'users',
    of: 'users that one may not list',
    arrange: (world) =>
      world.simulator.setFaults([{ fault: 'accessDenied', operations: ['ListUsers'] }]),
    mark: 'failed',
    says: /^Amazon Connect refused connect:ListUsers/,
    disturbs: CONNECT,
  },
  {
    check: 'users',
    of: 'a Connect that throttles',
    arrange: (world) =>
      world.simulator.setFaults([{ fault: 'throttle', operations: ['ListUsers'] }]),
    mark: 'failed',
    says: /^Amazon Connect throttled connect:ListUsers .*AWS says/,
    remedy: /again in a minute$/,
    disturbs: CONNECT,
  },
  {
    check: 'proficiencies',
    of: 'proficiencies that one may not read',
    arrange: (world) =>
      world.simulator.setFaults([{ fault: 'accessDenied', operations: ['ListUserProficiencies'] }]),
    mark: 'failed',
    says: /^Amazon Connect refused connect:ListUserProficiencies/,
  },
  {
    check: 'proficiencies',
    of: 'a refusal that names a user, who is not told of',
    arrange: ({ simulator, standIn }) => {
      process.env.AWS_ENDPOINT_URL_CONNECT = standIn.url;
      const { instanceId } = simulator;
      const [user] = simulator.dataset().truth();
      const Id = user?.userId ?? '';
      standIn.answer(`connect:/instance/${instanceId}`, {
        result: { Instance: { InstanceStatus: 'ACTIVE' } },
      });
      standIn.answer(`connect:/users-summary/${instanceId}`, {
        result: { UserSummaryList: [{ Id }] },
      });
      standIn.answer(`connect:/users/${instanceId}/${Id}/proficiencies`, {
        error: 'InvalidRequestException',
        message: `The user ${Id} cannot be read.`,
      });
    },
    mark: 'failed',
    says: /AWS says: "The user … cannot be read\."/,
    disturbs: CONNECT,
  },
  {
    check: 'extras',
    of: 'teams that one may not read, which never costs a snapshot',
    arrange: (world) =>
      world.simulator.setFaults([{ fault: 'accessDenied', operations: ['SearchUsers'] }]),
    mark: 'warning',
    says: /^Amazon Connect refused connect:SearchUsers .*AWS says/,
    remedy: /runbook\.md#a-snapshot-goes-without-teams-or-predefined-attributes$/,
    disturbs: ['proficiencies'],
  },
  {
    check: 'quotas',
    of: 'quotas that one may not read',
    arrange: answered('servicequotas:GetServiceQuota', denied()),
    mark: 'warning',
    says: /^The applied quotas cannot be read \(AccessDeniedException .*AWS says.*: an export then uses the default of 2 requests per second$/,
  },
  {
    check: 'quotas',
    of: 'a quota so low that a run would never end',
    arrange: answered('servicequotas:GetServiceQuota', { result: { Quota: { Value: 0.0001 } } }),
    mark: 'warning',
    says: /ended after two days$/,
    remedy: /runbook\.md#raise-the-quota$/,
  },
  {
    check: 'bootstrap',
    of: 'an account that is not bootstrapped',
    arrange: answered('ssm:GetParameter', { error: 'ParameterNotFound', message: '' }),
    mark: 'failed',
    says: /is not bootstrapped for the CDK in us-east-1/,
    remedy: /^npx cdk bootstrap aws:\/\/\*+\/us-east-1 /,
    disturbs: ['deployment-rights'],
  },
  {
    check: 'bootstrap',
    of: 'a bootstrap of years ago',
    arrange: answered('ssm:GetParameter', { result: { Parameter: { Value: '5' } } }),
    mark: 'failed',
    says: /version 5, .*at least 6 is needed$/,
    disturbs: ['deployment-rights'],
  },
  {
    check: 'deployment-rights',
    of: 'a service that the organisation denies',
    arrange: answered('iam:SimulatePrincipalPolicy', {
      result: {
        EvaluationResults: {
          member: [
            {
              EvalActionName: 'scheduler:CreateSchedule',
              EvalDecision: 'explicitDeny',
              OrganizationsDecisionDetail: { AllowedByOrganizations: 'false' },
            },
          ],
        },
      },
    }),
    mark: 'failed',
    says: /may not scheduler:CreateSchedule: a policy of the organisation denies it$/,
  },
  {
    check: 'deployment-rights',
    of: 'an IAM that one may not ask',
    arrange: answered('iam:SimulatePrincipalPolicy', denied('AccessDenied')),
    mark: 'not asked',
    says: /IAM did not say \(AccessDenied\)$/,
  },
];
