import { latestKey, manifestsOf } from '../../contract/keys.ts';
import { alarmsWith, STACK, tablesWith, workerMay } from '../support/deployed-answers.ts';
import { type OperatorsWorld, snapshotOfToday } from './operators-world.ts';
import { answered, denied, type Trouble } from './trouble.ts';

const s3Answers =
  (
    operation:
      | 'GetBucketVersioning'
      | 'GetBucketEncryption'
      | 'GetBucketPolicyStatus'
      | 'GetBucketLifecycleConfiguration',
    body: string,
    status = 200,
  ) =>
  (world: OperatorsWorld): void =>
    world.s3.failNext({ with: 'answer', operation, answer: { status, body } });

const failedWith =
  (cause: string) =>
  (world: OperatorsWorld): void => {
    world.standIn.answer('states:ListExecutions', {
      result: {
        executions: [
          {
            executionArn: 'arn:x',
            status: 'FAILED',
            startDate: 1_795_399_200,
            stopDate: 1_795_399_800,
          },
        ],
      },
    });
    world.standIn.answer('states:DescribeExecution', {
      result: { error: 'InstancesFailed', cause },
    });
  };

const ended = (status: string) =>
  answered('states:ListExecutions', {
    result: {
      executions: [
        { executionArn: 'arn:x', status, startDate: 1_795_399_200, stopDate: 1_795_399_800 },
      ],
    },
  });

/** What can be wrong with what is deployed. */
export const AFTER_TROUBLES: readonly Trouble[] = [
  {
    check: 'stack',
    of: 'a stack that is not there',
    arrange: answered('cloudformation:DescribeStacks', {
      error: 'ValidationError',
      message: `Stack with id ${STACK} does not exist`,
    }),
    mark: 'failed',
    says: /^There is no stack ConnectProficiencyExporter in us-east-1$/,
    remedy: /^give its name with --stack, another Region with --region, or deploy it$/,
    disturbs: 'all',
  },
  {
    check: 'stack',
    of: 'a stack without an exporter',
    arrange: answered('cloudformation:ListStackResources', {
      result: { StackResourceSummaries: '' },
    }),
    mark: 'failed',
    says: /holds no exporter/,
    disturbs: 'all',
  },
  {
    check: 'stack',
    of: 'a first deployment that was rolled back',
    arrange: ({ standIn }) => {
      standIn.answer('cloudformation:DescribeStacks', {
        result: {
          Stacks: {
            member: [
              {
                StackName: STACK,
                StackStatus: 'ROLLBACK_COMPLETE',
                CreationTime: '2026-11-23T00:00:00Z',
              },
            ],
          },
        },
      });
      standIn.answer('cloudformation:ListStackResources', {
        result: {
          StackResourceSummaries: {
            member: [
              {
                LogicalResourceId: 'ExporterWorkflowStateMachineFF61BB5D',
                ResourceType: 'AWS::StepFunctions::StateMachine',
                PhysicalResourceId: 'arn:aws:states:us-east-1:123456789012:stateMachine:x',
                ResourceStatus: 'DELETE_COMPLETE',
                LastUpdatedTimestamp: '2026-11-23T00:00:00Z',
              },
            ],
          },
        },
      });
    },
    mark: 'failed',
    says: /holds no exporter \(it is ROLLBACK_COMPLETE\)$/,
    remedy: /look at its events in the CloudFormation console and deploy it again$/,
    disturbs: 'all',
  },
  ...(['UPDATE_ROLLBACK_COMPLETE', 'UPDATE_IN_PROGRESS'] as const).map(
    (status): Trouble => ({
      check: 'stack',
      of: `a stack that is ${status}`,
      arrange: answered('cloudformation:DescribeStacks', {
        result: {
          Stacks: {
            member: [
              { StackName: STACK, StackStatus: status, CreationTime: '2026-11-23T00:00:00Z' },
            ],
          },
        },
      }),
      mark: status === 'UPDATE_IN_PROGRESS' ? 'warning' : 'failed',
      says: new RegExp(`is ${status}$`),
    }),
  ),
  {
    check: 'stack',
    of: 'a stack that was changed by hand',
    arrange: answered('cloudformation:DescribeStacks', {
      result: {
        Stacks: {
          member: [
            {
              StackName: STACK,
              StackStatus: 'CREATE_COMPLETE',
              CreationTime: '2026-11-23T00:00:00Z',
              DriftInformation: { StackDriftStatus: 'DRIFTED' },
            },
          ],
        },
      },
    }),
    mark: 'warning',
    says: /were changed by hand/,
  },
  {
    check: 'workflow',
    of: 'a workflow that names no instance',
    arrange: answered('states:DescribeStateMachine', {
      result: { definition: '{"States":{"A":{}}}' },
    }),
    mark: 'failed',
    says: /names no instance/,
    disturbs: ['snapshots', 'athena', 'worker-rights'],
  },
  {
    check: 'schedule',
    of: 'a schedule that was disabled by hand',
    arrange: answered('scheduler:GetSchedule', {
      result: {
        State: 'DISABLED',
        ScheduleExpression: 'cron(0 2 * * ? *)',
        ScheduleExpressionTimezone: 'UTC',
      },
    }),
    mark: 'failed',
    says: /^The schedule cron\(0 2 \* \* \? \*\) \(UTC\) was disabled by hand/,
  },
  {
    check: 'schedule',
    of: 'a schedule that was deleted',
    arrange: answered('scheduler:GetSchedule', {
      error: 'ResourceNotFoundException',
      message: '',
      status: 404,
    }),
    mark: 'failed',
    says: /was deleted by hand$/,
  },
  {
    check: 'schedule',
    of: 'a schedule that is over',
    arrange: answered('scheduler:GetSchedule', {
      result: { State: 'ENABLED', ScheduleExpression: 'cron(0 2 1 1 ? 2020)' },
    }),
    mark: 'warning',
    says: /never due again$/,
  },
  {
    check: 'schedule',
    of: 'a schedule that is deployed disabled',
    arrange: (world) => {
      world.standIn.answer('scheduler:GetSchedule', { result: { State: 'DISABLED' } });
      world.standIn.answer('cloudformation:GetTemplate', {
        result: {
          TemplateBody: JSON.stringify({
            Resources: {
              S: { Type: 'AWS::Scheduler::Schedule', Properties: { State: 'DISABLED' } },
            },
          }),
        },
      });
    },
    mark: 'ok',
    says: /others start the runs$/,
    disturbs: ['worker-rights'],
  },
  {
    check: 'runs',
    of: 'a run that failed, by the name of the failure',
    arrange: failedWith(
      '11111111-2222-4333-8444-555555555555: AccessDenied: Amazon Connect refused connect:ListUsers.',
    ),
    mark: 'failed',
    says: /took 10 min and ended with InstancesFailed \(the workflow says: "1.*AccessDenied/,
    remedy: /runbook\.md#accessdenied$/,
  },
  {
    check: 'runs',
    of: 'a run that was ended after two days',
    arrange: ended('TIMED_OUT'),
    mark: 'failed',
    says: /was ended at its limit$/,
  },
  {
    check: 'runs',
    of: 'a run that was stopped',
    arrange: ended('ABORTED'),
    mark: 'warning',
    says: /was stopped$/,
  },
  ...(
    [
      [['SUCCEEDED'], 'the one before it succeeded'],
      [['FAILED'], 'the one before it did not succeed'],
      [['SUCCEEDED', 'SUCCEEDED'], 'the 2 before it succeeded'],
      [['SUCCEEDED', 'FAILED'], 'of the 2 before it, 1 did not succeed'],
    ] as const
  ).map(
    ([earlier, told]): Trouble => ({
      check: 'runs',
      of: `runs before the last one: ${earlier}`,
      arrange: answered('states:ListExecutions', {
        result: {
          executions: ['SUCCEEDED', ...earlier].map((each, nightsAgo) => ({
            executionArn: 'arn:x',
            status: each,
            startDate: 1_795_399_200 - nightsAgo * 86_400,
            stopDate: 1_795_399_800 - nightsAgo * 86_400,
          })),
        },
      }),
      mark: 'ok',
      says: new RegExp(`took 10 min and succeeded; ${told}$`),
    }),
  ),
  {
    check: 'runs',
    of: 'no run at all',
    arrange: answered('states:ListExecutions', { result: { executions: [] } }),
    mark: 'warning',
    says: /^There was no run yet$/,
    remedy: /runbook\.md#start-a-run$/,
  },
  {
    check: 'runs',
    of: 'a run that is going on',
    arrange: (world) => {
      world.standIn.answer('states:ListExecutions', {
        result: {
          executions: [
            { executionArn: 'arn:x', status: 'RUNNING', startDate: Date.now() / 1000 - 600 },
          ],
        },
      });
      const answer = { instanceId: 'i-1', percent: 40, estimatedSecondsLeft: 900 };
      world.standIn.answer('states:GetExecutionHistory', {
        result: {
          events: [
            {
              id: 3,
              type: 'PassStateExited',
              timestamp: 0,
              stateExitedEventDetails: { name: 'x', output: '{}' },
            },
            {
              id: 2,
              type: 'TaskStateExited',
              timestamp: 0,
              stateExitedEventDetails: {
                name: 'Export a slice',
                output: JSON.stringify({ slice: { answer } }),
              },
            },
          ],
        },
      });
    },
    mark: 'ok',
    says: /going on for 10 min: the instance i-1 is at 40 %, 15 min left$/,
  },
  {
    check: 'bucket',
    of: 'a bucket that keeps no versions',
    arrange: s3Answers('GetBucketVersioning', '<VersioningConfiguration/>'),
    mark: 'warning',
    says: /keeps no versions/,
  },
  {
    check: 'bucket',
    of: 'a bucket that lets everybody in',
    arrange: s3Answers(
      'GetBucketPolicyStatus',
      '<PolicyStatus><IsPublic>true</IsPublic></PolicyStatus>',
    ),
    mark: 'failed',
    says: /lets everybody in$/,
  },
  {
    check: 'bucket',
    of: 'a bucket in which working files stay for ever',
    arrange: s3Answers(
      'GetBucketLifecycleConfiguration',
      '<Error><Code>NoSuchLifecycleConfiguration</Code></Error>',
      404,
    ),
    mark: 'warning',
    says: /never expire/,
  },
  {
    check: 'bucket',
    of: 'a bucket that is gone',
    arrange: s3Answers('GetBucketVersioning', '<Error><Code>NoSuchBucket</Code></Error>', 404),
    mark: 'failed',
    says: /^There is no bucket snapshots-of-proficiencies$/,
  },
  {
    check: 'bucket',
    of: 'a bucket that one may not look at',
    arrange: (world) =>
      world.s3.failNext({ with: 'access-denied', operation: 'GetBucketVersioning' }),
    mark: 'failed',
    says: /^Amazon S3 refused s3:GetBucketVersioning/,
  },
  {
    check: 'snapshots',
    of: 'no snapshot',
    arrange: (world) => {
      for (const key of [...world.s3.objects.keys()]) {
        if (key.startsWith(manifestsOf(world.simulator.instanceId))) world.s3.remove(key);
      }
    },
    mark: 'failed',
    says: /has no snapshot yet$/,
    disturbs: ['athena'],
  },
  {
    check: 'snapshots',
    of: 'a snapshot that is late',
    arrange: (world) => world.describe({ next_due: '2020-01-01' }),
    mark: 'failed',
    says: /and the next one was due on 2020-01-01$/,
    remedy: /runbook\.md#a-snapshot-is-late$/,
  },
  {
    check: 'snapshots',
    of: 'a snapshot of another size',
    arrange: (world) => world.s3.write(snapshotOfToday(world), 'other rows'),
    mark: 'failed',
    says: /10 bytes instead of \d+/,
    remedy: /runbook\.md#publish-again$/,
  },
  {
    check: 'snapshots',
    of: 'derived data that are missing',
    arrange: (world) => world.s3.remove(latestKey(world.simulator.instanceId)),
    mark: 'failed',
    says: /^What is derived from the snapshot .* is not up to date$/,
  },
  {
    check: 'snapshots',
    of: 'a snapshot without teams',
    arrange: (world) =>
      world.describe({
        user_details: {
          status: 'partial',
          reason: 'Amazon Connect refused connect:SearchUsers: allow it.',
          users_unknown: 3,
        },
      }),
    mark: 'warning',
    says: /goes without some of what was asked for: Amazon Connect refused connect:SearchUsers: allow it$/,
    remedy: /#a-snapshot-goes-without-teams-or-predefined-attributes$/,
  },
  {
    check: 'snapshots',
    of: 'snapshots that one may not read',
    arrange: (world) => world.s3.failNext({ with: 'access-denied', operation: 'ListObjectsV2' }),
    mark: 'failed',
    says: /^Amazon S3 refused access to s3:/,
    remedy: /runbook\.md#accessdenied$/,
    disturbs: ['athena'],
  },
  {
    check: 'alarms',
    of: 'an alarm that is on',
    arrange: (world) =>
      world.standIn.answer(
        'cloudwatch:DescribeAlarms',
        alarmsWith(world.stack, 'SnapshotLate', { StateValue: 'ALARM' }),
      ),
    mark: 'failed',
    says: /^An alarm is on: No snapshot of the Amazon Connect instance .* has been published for 27 hours$/,
    remedy: /runbook\.md#a-snapshot-is-late$/,
  },
  {
    check: 'alarms',
    of: 'the alarm that is about people, not about the exporter',
    arrange: (world) =>
      world.standIn.answer(
        'cloudwatch:DescribeAlarms',
        alarmsWith(world.stack, 'CoverageBelow', { StateValue: 'ALARM' }),
      ),
    mark: 'warning',
    says: /coverage target$/,
  },
  {
    check: 'alarms',
    of: 'alarms that were deleted',
    arrange: answered('cloudwatch:DescribeAlarms', { result: { MetricAlarms: [] } }),
    mark: 'failed',
    says: /deleted by hand: 8$/,
  },
  {
    check: 'alarms',
    of: 'an alarm that tells nobody',
    arrange: (world) =>
      world.standIn.answer(
        'cloudwatch:DescribeAlarms',
        alarmsWith(world.stack, 'RunFailed', { ActionsEnabled: false }),
      ),
    mark: 'warning',
    says: /switched off: 1$/,
  },
  {
    check: 'listeners',
    of: 'a subscription that nobody has confirmed',
    arrange: answered('sns:ListSubscriptionsByTopic', {
      result: {
        Subscriptions: {
          member: [{ SubscriptionArn: 'PendingConfirmation', Endpoint: 'jane@example.com' }],
        },
      },
    }),
    mark: 'failed',
    says: /is not confirmed: nobody hears of them$/,
  },
  {
    check: 'listeners',
    of: 'a subscription that was ended',
    arrange: answered('sns:ListSubscriptionsByTopic', {
      result: {
        Subscriptions: { member: [{ SubscriptionArn: 'Deleted', Endpoint: 'jane@example.com' }] },
      },
    }),
    mark: 'warning',
    says: /^Nobody hears of alarms$/,
  },
  {
    check: 'listeners',
    of: 'a topic without subscriptions',
    arrange: answered('sns:ListSubscriptionsByTopic', { result: { Subscriptions: '' } }),
    mark: 'warning',
    says: /^Nobody hears of alarms$/,
  },
  {
    check: 'catalog',
    of: 'a view of another version',
    arrange: (world) =>
      world.standIn.answer(
        'glue:GetTables',
        tablesWith(world.stack, (table) =>
          Reflect.get(table, 'Name') === 'user_changes'
            ? { ...table, ViewOriginalText: '/* Presto View: e30= */' }
            : table,
        ),
      ),
    mark: 'warning',
    says: /changed by hand: user_changes$/,
    remedy: /^npx cdk deploy/,
  },
  {
    check: 'catalog',
    of: 'a table that is missing',
    arrange: (world) =>
      world.standIn.answer(
        'glue:GetTables',
        tablesWith(world.stack, (table) =>
          Reflect.get(table, 'Name') === 'export_runs' ? undefined : table,
        ),
      ),
    mark: 'failed',
    says: /missing: export_runs$/,
  },
  {
    check: 'catalog',
    of: 'a database that is missing',
    arrange: answered('glue:GetTables', {
      error: 'EntityNotFoundException',
      message: 'Database not found',
    }),
    mark: 'failed',
    says: /^There is no database/,
    disturbs: ['athena'],
  },
  {
    check: 'catalog',
    of: 'Lake Formation',
    arrange: answered('glue:GetTables', {
      error: 'AccessDeniedException',
      message: 'Insufficient Lake Formation permission(s): Required Describe on the database',
    }),
    mark: 'failed',
    says: /^AWS Lake Formation stands before glue:GetTables .*Required Describe/,
    remedy: /athena\.md#giving-analysts-access$/,
    disturbs: ['athena'],
  },
  {
    check: 'athena',
    of: 'a view that Athena does not find',
    arrange: answered('athena:GetQueryExecution', {
      result: {
        QueryExecution: {
          Status: {
            State: 'FAILED',
            StateChangeReason: "TABLE_NOT_FOUND: Table 'user_changes' does not exist",
          },
        },
      },
    }),
    mark: 'failed',
    says: /^Athena could not read user_changes \(Athena says: "TABLE_NOT_FOUND/,
  },
  {
    check: 'athena',
    of: 'Lake Formation before the data',
    arrange: answered('athena:GetQueryExecution', {
      result: {
        QueryExecution: {
          Status: {
            State: 'FAILED',
            AthenaError: { ErrorMessage: 'COLUMN_NOT_FOUND: Lake Formation denies' },
          },
        },
      },
    }),
    mark: 'failed',
    says: /for AWS Lake Formation \(Athena says/,
    remedy: /athena\.md#giving-analysts-access$/,
  },
  {
    check: 'athena',
    of: 'other rows than the manifest says',
    arrange: answered('athena:GetQueryResults', {
      result: { ResultSet: { Rows: [{}, { Data: [{ VarCharValue: '19' }] }] } },
    }),
    mark: 'failed',
    says: /^Athena finds 19 lines in user_proficiencies, .* says 20$/,
  },
  {
    check: 'athena',
    of: 'an Athena that one may not ask',
    arrange: answered('athena:StartQueryExecution', denied()),
    mark: 'failed',
    says: /^Amazon Athena refused athena:StartQueryExecution/,
  },
  ...(['explicitDeny', 'allowed'] as const).map(
    (EvalDecision): Trouble => ({
      check: 'worker-rights',
      of:
        EvalDecision === 'allowed'
          ? 'a worker that may do everything'
          : 'a worker that may do nothing',
      arrange: (world) =>
        world.standIn.answer('iam:SimulatePrincipalPolicy', (input) => ({
          result: {
            EvaluationResults: {
              member: [{ EvalActionName: String(input['ActionNames.member.1']), EvalDecision }],
            },
          },
        })),
      mark: 'failed',
      says:
        EvalDecision === 'allowed'
          ? /may connect:UpdateUserProficiencies, s3:DeleteObject, iam:PassRole, which it must not$/
          : /lacks connect:ListUsers, connect:ListUserProficiencies, s3:GetObject/,
    }),
  ),
  {
    check: 'worker-rights',
    of: 'a worker that may not search for users',
    arrange: (world) =>
      world.standIn.answer(
        'iam:SimulatePrincipalPolicy',
        workerMay((action) => action !== 'connect:SearchUsers'),
      ),
    mark: 'warning',
    says: /lacks connect:SearchUsers, for teams and predefined attributes:/,
    remedy: /#a-snapshot-goes-without-teams-or-predefined-attributes$/,
  },
  {
    check: 'worker-rights',
    of: 'a worker that need not search for users, and may not',
    arrange: (world) => {
      world.standIn.answer(
        'iam:SimulatePrincipalPolicy',
        workerMay((action) => !action.startsWith('connect:Search')),
      );
      world.standIn.answer('cloudformation:GetTemplate', {
        result: { TemplateBody: '{"Resources":{}}' },
      });
    },
    mark: 'ok',
    says: /may do what it needs/,
    disturbs: ['schedule'],
  },
  {
    check: 'worker-rights',
    of: 'a template that one may not read',
    arrange: answered('cloudformation:GetTemplate', denied('AccessDenied')),
    mark: 'warning',
    says: /^AWS CloudFormation refused cloudformation:GetTemplate/,
    disturbs: ['schedule'],
  },
  {
    check: 'worker-rights',
    of: 'an IAM that one may not ask',
    arrange: answered('iam:SimulatePrincipalPolicy', denied('AccessDenied')),
    mark: 'not asked',
    says: /is not allowed$/,
  },
];
