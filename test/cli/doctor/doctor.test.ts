import * as z from 'zod';
import { latestKey, manifestsOf, snapshotKey } from '../../../contract/keys.ts';
import type { StandInAnswer } from '../../support/aws-stand-in.ts';
import { ACCOUNT, alarmsWith, STACK, tablesWith } from '../../support/deployed-answers.ts';
import { temporaryFolders } from '../../support/temporary-folder.ts';
import { type } from '../../support/terminal.ts';
import { type OperatorsWorld, operatorsWorld } from './operators-world.ts';

const newFolder = temporaryFolders();
const own = process.env;
let world: OperatorsWorld;

beforeAll(async () => {
  world = await operatorsWorld(newFolder());
});

afterAll(async () => {
  process.env = own;
  await world.close();
});

const lineSchema = z.object({
  check: z.string(),
  mark: z.enum(['ok', 'warning', 'failed', 'not asked']),
  says: z.string(),
  remedy: z.string().optional(),
});

type Line = z.output<typeof lineSchema>;

const BEFORE = (): string[] => ['--instance-id', world.simulator.instanceId];
const AFTER = (): string[] => [];

/** All that may never be printed: a secret, people, and in JSON accounts. */
function expectDiscreet(printed: string): void {
  const people = [...world.simulator.dataset().truth()].flatMap(({ userId, username }) => [userId, username]);
  for (const secret of ['SECRET', 'jane', '@', ACCOUNT, ...people]) {
    expect(printed).not.toContain(secret);
  }
}

/** What doctor finds. Whatever it is, nothing is thrown, and the exit code tells of failures. */
async function doctor(...words: readonly string[]): Promise<readonly Line[]> {
  const { exitCode, stdout, stderr } = await type('doctor', '--format', 'json', ...words);
  expectDiscreet(stdout + stderr);
  const { findings } = z.object({ findings: z.array(lineSchema) }).parse(JSON.parse(stdout));
  expect(exitCode).toBe(findings.some(({ mark }) => mark === 'failed') ? 1 : 0);
  expect(stderr).toMatch(exitCode === 0 ? /^$/ : /^\d+ of the findings above needs? to be mended/);
  for (const { mark, remedy } of findings) {
    expect(remedy !== undefined).toBe(mark === 'warning' || mark === 'failed');
  }
  return findings;
}

const denied = (error = 'AccessDeniedException'): StandInAnswer => ({
  error,
  message: `User: arn:aws:iam::${ACCOUNT}:user/jane is not authorized to perform this`,
});

/** Something that is not well, and the line that says so. */
interface Trouble {
  readonly check: string;
  readonly of: string;
  readonly arrange: () => void;
  readonly mark: Line['mark'];
  readonly says: RegExp;
  readonly remedy?: RegExp;
  /** Other checks are not asked then: it has a run of its own. */
  readonly isAlone?: true;
}

const aws = (call: string, answer: StandInAnswer) => (): void => world.standIn.answer(call, answer);
const s3Answers = (operation: 'GetBucketVersioning' | 'GetBucketEncryption' | 'GetBucketPolicyStatus' | 'GetBucketLifecycleConfiguration', body: string, status = 200) => (): void =>
  world.s3.failNext({ with: 'answer', operation, answer: { status, body } });

const BEFORE_TROUBLES: readonly Trouble[] = [
  {
    check: 'credentials',
    of: 'credentials that have expired',
    arrange: aws('sts:GetCallerIdentity', { error: 'ExpiredToken', message: 'The token has expired' }),
    mark: 'failed',
    says: /^AWS did not accept the credentials \(ExpiredToken\)/,
    remedy: /runbook\.md#credentials-are-missing-or-not-accepted$/,
    isAlone: true,
  },
  {
    check: 'instance',
    of: 'an instance that is suspended',
    arrange: () => {
      process.env.AWS_ENDPOINT_URL_CONNECT = world.standIn.url;
      world.standIn.answer(`connect:/instance/${world.simulator.instanceId}`, {
        result: { Instance: { InstanceStatus: 'SUSPENDED' } },
      });
    },
    mark: 'failed',
    says: /is SUSPENDED$/,
    isAlone: true,
  },
  {
    check: 'instance',
    of: 'an instance that one may not describe, which an export need not',
    arrange: () => world.simulator.setFaults([{ fault: 'accessDenied', operations: ['DescribeInstance'] }]),
    mark: 'warning',
    says: /^Amazon Connect refused connect:DescribeInstance .*AWS says/,
    remedy: /configuration\.md#what-doctor-may-read$/,
    isAlone: true,
  },
  {
    check: 'users',
    of: 'users that one may not list',
    arrange: () => world.simulator.setFaults([{ fault: 'accessDenied', operations: ['ListUsers'] }]),
    mark: 'failed',
    says: /^Amazon Connect refused connect:ListUsers/,
    isAlone: true,
  },
  {
    check: 'users',
    of: 'a Connect that throttles',
    arrange: () => world.simulator.setFaults([{ fault: 'throttle', operations: ['ListUsers'] }]),
    mark: 'failed',
    says: /^Amazon Connect throttled connect:ListUsers .*AWS says/,
    remedy: /again in a minute$/,
    isAlone: true,
  },
  {
    check: 'proficiencies',
    of: 'proficiencies that one may not read',
    arrange: () =>
      world.simulator.setFaults([{ fault: 'accessDenied', operations: ['ListUserProficiencies'] }]),
    mark: 'failed',
    says: /^Amazon Connect refused connect:ListUserProficiencies/,
  },
  {
    check: 'quotas',
    of: 'quotas that one may not read',
    arrange: aws('servicequotas:GetServiceQuota', denied()),
    mark: 'warning',
    says: /^Service Quotas refused .*; an export then uses the default of 2 requests per second$/,
  },
  {
    check: 'quotas',
    of: 'a quota so low that a run would never end',
    arrange: aws('servicequotas:GetServiceQuota', { result: { Quota: { Value: 0.0001 } } }),
    mark: 'warning',
    says: /ended after two days$/,
    remedy: /runbook\.md#raise-the-quota$/,
  },
  {
    check: 'bootstrap',
    of: 'an account that is not bootstrapped',
    arrange: aws('ssm:GetParameter', { error: 'ParameterNotFound', message: '' }),
    mark: 'failed',
    says: /is not bootstrapped for the CDK in us-east-1/,
    remedy: /^npx cdk bootstrap aws:\/\/\*+\/us-east-1 /,
    isAlone: true,
  },
  {
    check: 'bootstrap',
    of: 'a bootstrap of years ago',
    arrange: aws('ssm:GetParameter', { result: { Parameter: { Value: '5' } } }),
    mark: 'failed',
    says: /version 5, .*at least 6 is needed$/,
    isAlone: true,
  },
  {
    check: 'deployment-rights',
    of: 'a service that the organisation denies',
    arrange: aws('iam:SimulatePrincipalPolicy', {
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
    arrange: aws('iam:SimulatePrincipalPolicy', denied('AccessDenied')),
    mark: 'not asked',
    says: /IAM did not say \(AccessDenied\)$/,
  },
];

const failedWith = (cause: string) => (): void => {
  world.standIn.answer('states:ListExecutions', {
    result: { executions: [{ executionArn: 'arn:x', status: 'FAILED', startDate: 1_795_399_200, stopDate: 1_795_399_800 }] },
  });
  world.standIn.answer('states:DescribeExecution', { result: { error: 'InstancesFailed', cause } });
};

const ended = (status: string) =>
  aws('states:ListExecutions', {
    result: { executions: [{ executionArn: 'arn:x', status, startDate: 1_795_399_200, stopDate: 1_795_399_800 }] },
  });

const AFTER_TROUBLES: readonly Trouble[] = [
  {
    check: 'stack',
    of: 'a stack that is not there',
    arrange: aws('cloudformation:DescribeStacks', {
      error: 'ValidationError',
      message: `Stack with id ${STACK} does not exist`,
    }),
    mark: 'failed',
    says: /^There is no stack ConnectProficiencyExporter in us-east-1: give its name with --stack/,
    isAlone: true,
  },
  {
    check: 'stack',
    of: 'a stack without an exporter',
    arrange: aws('cloudformation:ListStackResources', { result: { StackResourceSummaries: '' } }),
    mark: 'failed',
    says: /holds no exporter/,
    isAlone: true,
  },
  ...(['UPDATE_ROLLBACK_COMPLETE', 'UPDATE_IN_PROGRESS'] as const).map(
    (status): Trouble => ({
      check: 'stack',
      of: `a stack that is ${status}`,
      arrange: aws('cloudformation:DescribeStacks', {
        result: {
          Stacks: { member: [{ StackName: STACK, StackStatus: status, CreationTime: '2026-11-23T00:00:00Z' }] },
        },
      }),
      mark: status === 'UPDATE_IN_PROGRESS' ? 'warning' : 'failed',
      says: new RegExp(`is ${status}$`),
    }),
  ),
  {
    check: 'stack',
    of: 'a stack that was changed by hand',
    arrange: aws('cloudformation:DescribeStacks', {
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
    arrange: aws('states:DescribeStateMachine', { result: { definition: '{"States":{"A":{}}}' } }),
    mark: 'failed',
    says: /names no instance/,
    isAlone: true,
  },
  {
    check: 'schedule',
    of: 'a schedule that was disabled by hand',
    arrange: aws('scheduler:GetSchedule', {
      result: { State: 'DISABLED', ScheduleExpression: 'cron(0 2 * * ? *)', ScheduleExpressionTimezone: 'UTC' },
    }),
    mark: 'failed',
    says: /^The schedule cron\(0 2 \* \* \? \*\) \(UTC\) was disabled by hand/,
  },
  {
    check: 'schedule',
    of: 'a schedule that was deleted',
    arrange: aws('scheduler:GetSchedule', { error: 'ResourceNotFoundException', message: '', status: 404 }),
    mark: 'failed',
    says: /was deleted by hand$/,
  },
  {
    check: 'schedule',
    of: 'a schedule that is over',
    arrange: aws('scheduler:GetSchedule', {
      result: { State: 'ENABLED', ScheduleExpression: 'cron(0 2 1 1 ? 2020)' },
    }),
    mark: 'warning',
    says: /never due again$/,
  },
  {
    check: 'schedule',
    of: 'a schedule that is deployed disabled',
    arrange: () => {
      world.standIn.answer('scheduler:GetSchedule', { result: { State: 'DISABLED' } });
      world.standIn.answer('cloudformation:GetTemplate', {
        result: {
          TemplateBody: JSON.stringify({
            Resources: { S: { Type: 'AWS::Scheduler::Schedule', Properties: { State: 'DISABLED' } } },
          }),
        },
      });
    },
    mark: 'ok',
    says: /others start the runs$/,
  },
  {
    check: 'runs',
    of: 'a run that failed, by the name of the failure',
    arrange: failedWith('11111111-2222-4333-8444-555555555555: AccessDenied: Amazon Connect refused connect:ListUsers.'),
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
  { check: 'runs', of: 'a run that was stopped', arrange: ended('ABORTED'), mark: 'warning', says: /was stopped$/ },
  {
    check: 'runs',
    of: 'no run at all',
    arrange: aws('states:ListExecutions', { result: { executions: [] } }),
    mark: 'warning',
    says: /^There was no run yet$/,
    remedy: /runbook\.md#start-a-run$/,
  },
  {
    check: 'runs',
    of: 'a run that is going on',
    arrange: () => {
      world.standIn.answer('states:ListExecutions', {
        result: { executions: [{ executionArn: 'arn:x', status: 'RUNNING', startDate: Date.now() / 1000 - 600 }] },
      });
      const answer = { instanceId: 'i-1', percent: 40, estimatedSecondsLeft: 900 };
      world.standIn.answer('states:GetExecutionHistory', {
        result: {
          events: [
            { id: 3, type: 'PassStateExited', timestamp: 0, stateExitedEventDetails: { name: 'x', output: '{}' } },
            { id: 2, type: 'TaskStateExited', timestamp: 0, stateExitedEventDetails: { name: 'Export a slice', output: JSON.stringify({ slice: { answer } }) } },
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
    arrange: s3Answers('GetBucketPolicyStatus', '<PolicyStatus><IsPublic>true</IsPublic></PolicyStatus>'),
    mark: 'failed',
    says: /lets everybody in$/,
  },
  {
    check: 'bucket',
    of: 'a bucket in which working files stay for ever',
    arrange: s3Answers('GetBucketLifecycleConfiguration', '<Error><Code>NoSuchLifecycleConfiguration</Code></Error>', 404),
    mark: 'warning',
    says: /never expire/,
  },
  {
    check: 'bucket',
    of: 'a bucket that one may not look at',
    arrange: () => world.s3.failNext({ with: 'access-denied', operation: 'GetBucketVersioning' }),
    mark: 'failed',
    says: /^Amazon S3 refused s3:GetBucketVersioning/,
  },
  {
    check: 'snapshots',
    of: 'no snapshot',
    arrange: () => {
      for (const key of [...world.s3.objects.keys()]) {
        if (key.startsWith(manifestsOf(world.simulator.instanceId))) world.s3.remove(key);
      }
    },
    mark: 'failed',
    says: /has no snapshot yet$/,
    isAlone: true,
  },
  {
    check: 'snapshots',
    of: 'a snapshot that is late',
    arrange: () => world.describe({ next_due: '2020-01-01' }),
    mark: 'failed',
    says: /and the next one was due on 2020-01-01$/,
    remedy: /runbook\.md#a-snapshot-is-late$/,
  },
  {
    check: 'snapshots',
    of: 'a snapshot of another size',
    arrange: () => world.s3.write(snapshotOfToday(), 'other rows'),
    mark: 'failed',
    says: /10 bytes instead of \d+/,
    remedy: /runbook\.md#publish-again$/,
  },
  {
    check: 'snapshots',
    of: 'derived data that are missing',
    arrange: () => world.s3.remove(latestKey(world.simulator.instanceId)),
    mark: 'failed',
    says: /^What is derived from the snapshot .* is not up to date$/,
  },
  {
    check: 'snapshots',
    of: 'snapshots that one may not read',
    arrange: () => world.s3.failNext({ with: 'access-denied', operation: 'ListObjectsV2' }),
    mark: 'failed',
    says: /^Amazon S3 refused access to s3:/,
    remedy: /runbook\.md#accessdenied$/,
    isAlone: true,
  },
  {
    check: 'alarms',
    of: 'an alarm that is on',
    arrange: () => world.standIn.answer('cloudwatch:DescribeAlarms', alarmsWith('SnapshotLate', { StateValue: 'ALARM' })),
    mark: 'failed',
    says: /^An alarm is on: No snapshot of the Amazon Connect instance .* has been published for 27 hours$/,
    remedy: /runbook\.md#a-snapshot-is-late$/,
  },
  {
    check: 'alarms',
    of: 'the alarm that is about people, not about the exporter',
    arrange: () => world.standIn.answer('cloudwatch:DescribeAlarms', alarmsWith('CoverageBelow', { StateValue: 'ALARM' })),
    mark: 'warning',
    says: /coverage target$/,
  },
  {
    check: 'alarms',
    of: 'alarms that were deleted',
    arrange: aws('cloudwatch:DescribeAlarms', { result: { MetricAlarms: [] } }),
    mark: 'failed',
    says: /deleted by hand: 8$/,
  },
  {
    check: 'alarms',
    of: 'an alarm that tells nobody',
    arrange: () => world.standIn.answer('cloudwatch:DescribeAlarms', alarmsWith('RunFailed', { ActionsEnabled: false })),
    mark: 'warning',
    says: /switched off: 1$/,
  },
  {
    check: 'listeners',
    of: 'a subscription that nobody has confirmed',
    arrange: aws('sns:ListSubscriptionsByTopic', {
      result: { Subscriptions: { member: [{ SubscriptionArn: 'PendingConfirmation', Endpoint: 'jane@example.com' }] } },
    }),
    mark: 'failed',
    says: /is not confirmed: nobody hears of them$/,
  },
  {
    check: 'listeners',
    of: 'a topic without subscriptions',
    arrange: aws('sns:ListSubscriptionsByTopic', { result: { Subscriptions: '' } }),
    mark: 'warning',
    says: /^Nobody hears of alarms$/,
  },
  {
    check: 'catalog',
    of: 'a view of another version',
    arrange: () =>
      world.standIn.answer(
        'glue:GetTables',
        tablesWith((table) =>
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
    arrange: () =>
      world.standIn.answer(
        'glue:GetTables',
        tablesWith((table) => (Reflect.get(table, 'Name') === 'export_runs' ? undefined : table)),
      ),
    mark: 'failed',
    says: /missing: export_runs$/,
  },
  {
    check: 'catalog',
    of: 'a database that is missing',
    arrange: aws('glue:GetTables', { error: 'EntityNotFoundException', message: 'Database not found' }),
    mark: 'failed',
    says: /^There is no database/,
    isAlone: true,
  },
  {
    check: 'catalog',
    of: 'Lake Formation',
    arrange: aws('glue:GetTables', {
      error: 'AccessDeniedException',
      message: 'Insufficient Lake Formation permission(s): Required Describe on the database',
    }),
    mark: 'failed',
    says: /^AWS Lake Formation stands before glue:GetTables .*Required Describe/,
    remedy: /athena\.md#giving-analysts-access$/,
    isAlone: true,
  },
  {
    check: 'athena',
    of: 'a view that Athena does not find',
    arrange: aws('athena:GetQueryExecution', {
      result: {
        QueryExecution: {
          Status: { State: 'FAILED', StateChangeReason: "TABLE_NOT_FOUND: Table 'user_changes' does not exist" },
        },
      },
    }),
    mark: 'failed',
    says: /^Athena could not read user_changes \(Athena says: "TABLE_NOT_FOUND/,
  },
  {
    check: 'athena',
    of: 'Lake Formation before the data',
    arrange: aws('athena:GetQueryExecution', {
      result: {
        QueryExecution: { Status: { State: 'FAILED', AthenaError: { ErrorMessage: 'COLUMN_NOT_FOUND: Lake Formation denies' } } },
      },
    }),
    mark: 'failed',
    says: /for AWS Lake Formation \(Athena says/,
    remedy: /athena\.md#giving-analysts-access$/,
  },
  {
    check: 'athena',
    of: 'other rows than the manifest says',
    arrange: aws('athena:GetQueryResults', { result: { ResultSet: { Rows: [{}, { Data: [{ VarCharValue: '19' }] }] } } }),
    mark: 'failed',
    says: /^Athena finds 19 lines in user_proficiencies, .* says 20$/,
  },
  {
    check: 'athena',
    of: 'an Athena that one may not ask',
    arrange: aws('athena:StartQueryExecution', denied()),
    mark: 'failed',
    says: /^Amazon Athena refused athena:StartQueryExecution/,
  },
  ...(['explicitDeny', 'allowed'] as const).map(
    (EvalDecision): Trouble => ({
      check: 'worker-rights',
      of: EvalDecision === 'allowed' ? 'a worker that may do everything' : 'a worker that may do nothing',
      arrange: () =>
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
    of: 'an IAM that one may not ask',
    arrange: aws('iam:SimulatePrincipalPolicy', denied('AccessDenied')),
    mark: 'not asked',
    says: /is not allowed$/,
  },
];

const snapshotOfToday = (): string =>
  snapshotKey(world.simulator.instanceId, new Date().toISOString().slice(0, 10));

/** Troubles of different checks do not disturb each other: they are had at once, for each run takes its time. */
function together(troubles: readonly Trouble[]): readonly (readonly Trouble[])[] {
  const alone = troubles.filter(({ isAlone }) => isAlone);
  const groups: Trouble[][] = [];
  for (const trouble of troubles.filter(({ isAlone }) => !isAlone)) {
    const group = groups.find((one) => one.every(({ check }) => check !== trouble.check));
    if (group) group.push(trouble);
    else groups.push([trouble]);
  }
  return [...alone.map((trouble) => [trouble]), ...groups];
}

describe.each([
  ['before deploying', BEFORE_TROUBLES, BEFORE],
  ['after deploying', AFTER_TROUBLES, AFTER],
] as const)('%s', (_, troubles, words) => {
  it('finds nothing where all is well', async () => {
    const findings = await doctor(...words());
    expect(findings.filter(({ mark }) => mark !== 'ok')).toEqual([]);
    expect(new Set(findings.map(({ check }) => check)).size).toBeGreaterThan(5);
  });

  describe.each(together(troubles).map((group) => [group.map(({ of }) => of).join(', '), group] as const))(
    'with %s',
    (_, group) => {
      let findings: readonly Line[];

      beforeAll(async () => {
        const { env } = process;
        process.env = { ...env };
        for (const { arrange } of group) arrange();
        findings = await doctor(...words());
        process.env = env;
        world.restore();
      });

      it.each(group.map((trouble) => [trouble.of, trouble] as const))(
        'tells of %s',
        (_, { check, mark, says, remedy = /./ }) => {
          const lines = findings.filter((line) => line.check === check);
          const line = lines.find((candidate) => says.test(candidate.says));
          expect({ line: line?.mark, lines }).toEqual({ line: mark, lines });
          if (line?.remedy !== undefined) expect(line.remedy).toMatch(remedy);
        },
      );
    },
  );
});

it('reads every row where it is told to', async () => {
  const bytes = world.s3.objects.get(snapshotOfToday())?.bytes ?? Buffer.of();
  const spoilt = Buffer.from(bytes);
  spoilt[spoilt.length - 12] = (spoilt[spoilt.length - 12] ?? 0) ^ 1;
  world.s3.write(snapshotOfToday(), spoilt);
  expect(await doctor('--verify')).toContainEqual(
    expect.objectContaining({ check: 'snapshots', mark: 'failed' }),
  );
  world.restore();
  expect(await doctor('--verify')).toContainEqual(
    expect.objectContaining({ mark: 'ok', says: expect.stringMatching(/has the rows and the SHA-256/) }),
  );
});
