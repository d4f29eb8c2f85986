import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import type { Manifest } from '../../contract/manifest.ts';
import type { Answering, StandInAnswer } from './aws-stand-in.ts';
import { builtOnce } from './built-once.ts';

/** What AWS would answer about the stack once it is deployed: taken from its template, so that it is the real one's. */

export const ACCOUNT = '123456789012';
export const STACK = 'ConnectProficiencyExporter';

const templateSchema = z.object({
  Resources: z.record(
    z.string(),
    z.object({
      Type: z.string(),
      Properties: z.record(z.string(), z.unknown()).default({}),
    }),
  ),
});

/** The template that was deployed. */
export type DeployedStack = z.output<typeof templateSchema>;

/** Synthesized once for all suites: to load the CDK takes longer than all that is asked of the template. */
export async function deployedStack(): Promise<DeployedStack> {
  const folder = await builtOnce('template', async (unfinished) => {
    const { synthesize } = await import('./synthesize.ts');
    writeFileSync(join(unfinished, 'template.json'), JSON.stringify(synthesize().toJSON()));
  });
  return templateSchema.parse(JSON.parse(readFileSync(join(folder, 'template.json'), 'utf8')));
}

const propertiesOf = ({ Resources }: DeployedStack, type: string) =>
  Object.values(Resources)
    .filter(({ Type }) => Type === type)
    .map(({ Properties }) => Properties);

/** What CloudFormation fills in; what is not looked at becomes a word. */
function filledIn(value: unknown): string {
  if (typeof value === 'string') return value;
  const { data } = z
    .object({ 'Fn::Join': z.tuple([z.string(), z.array(z.unknown())]) })
    .safeParse(value);
  return data ? data['Fn::Join'][1].map(filledIn).join(data['Fn::Join'][0]) : 'filled-in';
}

const arn = (service: string, resource: string): string =>
  `arn:aws:${service}:us-east-1:${ACCOUNT}:${resource}`;

/** What a resource is called, by its logical id: a name, or an ARN. */
function physicalId(type: string, id: string, bucket: string): string {
  switch (type) {
    case 'AWS::S3::Bucket':
      return bucket;
    case 'AWS::StepFunctions::StateMachine':
      return arn('states', `stateMachine:${id}`);
    case 'AWS::SNS::Topic':
      return arn('sns', id);
    default:
      return `${STACK}-${id}`;
  }
}

const stackResources = ({ Resources }: DeployedStack, bucket: string) =>
  Object.entries(Resources).map(([LogicalResourceId, { Type }]) => ({
    LogicalResourceId,
    ResourceType: Type,
    PhysicalResourceId: physicalId(Type, LogicalResourceId, bucket),
    ResourceStatus: 'CREATE_COMPLETE',
    LastUpdatedTimestamp: '2026-11-23T00:00:00Z',
  }));

/** The parts of the stack that a test wants, as they are listed. */
export const resourcesWith = (
  stack: DeployedStack,
  isWanted: (resource: ReturnType<typeof stackResources>[number]) => boolean,
) => ({
  result: { StackResourceSummaries: { member: stackResources(stack, '').filter(isWanted) } },
});

/** The template without the largest part of it, at which nobody looks: it is read again and again. */
const withoutSavedQueries = ({ Resources }: DeployedStack): string =>
  JSON.stringify({
    Resources: Object.fromEntries(
      Object.entries(Resources).filter(([, { Type }]) => Type !== 'AWS::Athena::NamedQuery'),
    ),
  });

/** The workflow, with another instance than the template's. */
function definition(stack: DeployedStack, instanceId: string): string {
  const [machine] = propertiesOf(stack, 'AWS::StepFunctions::StateMachine');
  const written = filledIn(machine?.DefinitionString);
  return written.replaceAll('11111111-2222-4333-8444-555555555555', instanceId);
}

const tables = (stack: DeployedStack) =>
  propertiesOf(stack, 'AWS::Glue::Table').map(({ TableInput }) => TableInput);

const alarms = ({ Resources }: DeployedStack) =>
  Object.entries(Resources)
    .filter(([, { Type }]) => Type === 'AWS::CloudWatch::Alarm')
    .map(([id, { Properties }]) => ({
      AlarmName: `${STACK}-${id}`,
      AlarmDescription: filledIn(Properties.AlarmDescription),
      MetricName: Properties.MetricName,
      ActionsEnabled: true,
      StateValue: 'OK',
    }));

/** The alarms of the stack, one of them in another state. @param id what its logical id begins with */
export const alarmsWith = (
  stack: DeployedStack,
  id: string,
  change: Readonly<Record<string, unknown>>,
) => ({
  result: {
    MetricAlarms: alarms(stack).map((alarm) =>
      alarm.AlarmName.includes(id) ? { ...alarm, ...change } : alarm,
    ),
  },
});

/** The tables of the stack without those that a test does not want, and with others in their place. */
export const tablesWith = (
  stack: DeployedStack,
  change: (table: object) => object | undefined,
) => ({
  result: { TableList: tables(stack).flatMap((table) => change(Object(table)) ?? []) },
});

/** Numbers that are right for this snapshot, by what a statement reads; any number for others. */
function count(
  sql: string,
  { snapshot, proficiencies, users_without_proficiencies }: Manifest,
): number {
  if (sql.includes('FROM user_proficiencies WHERE')) return snapshot.rows;
  return /FROM (proficiencies_flat|latest_proficiencies) WHERE/.test(sql)
    ? proficiencies + users_without_proficiencies
    : 7;
}

/** Athena, which finds in the tables what a manifest says. */
function athena(manifest: () => Manifest): Readonly<Record<string, Answering>> {
  const statements: string[] = [];
  const of = (input: Readonly<Record<string, unknown>>): string =>
    statements[Number(input.QueryExecutionId)] ?? '';
  return {
    'athena:StartQueryExecution': ({ QueryString }) => ({
      result: { QueryExecutionId: String(statements.push(String(QueryString)) - 1) },
    }),
    'athena:GetQueryExecution': () => ({
      result: {
        QueryExecution: { Status: { State: 'SUCCEEDED' }, Statistics: { DataScannedInBytes: 11 } },
      },
    }),
    'athena:GetQueryResults': (input) => ({
      result: {
        ResultSet: {
          Rows: [
            { Data: [{ VarCharValue: '_col0' }] },
            { Data: [{ VarCharValue: String(count(of(input), manifest())) }] },
          ],
        },
      },
    }),
  };
}

/** The simulation allows what the policy of the stack allows, and nothing else. @param isLeft of those, what still is */
export const workerMay =
  (isLeft: (action: string) => boolean = () => true): Answering =>
  (input) => {
    const actions = Object.entries(input)
      .filter(([key]) => key.startsWith('ActionNames.member.'))
      .map(([, action]) => String(action));
    const isWorker = String(input.PolicySourceArn).includes('WorkerRole');
    const isAllowed = (action: string): boolean =>
      !isWorker || (WORKERS_ACTIONS.test(action) && isLeft(action));
    return {
      result: {
        EvaluationResults: {
          member: actions.map((EvalActionName) => ({
            EvalActionName,
            EvalDecision: isAllowed(EvalActionName) ? 'allowed' : 'implicitDeny',
          })),
        },
      },
    };
  };

const WORKERS_ACTIONS = /^(connect:(List|Search|Describe)|s3:(Get|Put)Object$)/;

/** Of a night in which all went well. */
const SUCCEEDED = {
  executionArn: arn('states', 'execution:StateMachine:one'),
  status: 'SUCCEEDED',
  startDate: 1_795_399_200,
  stopDate: 1_795_399_800,
};

/**
 * What AWS answers where all is well.
 *
 * @param stack that is deployed
 * @param bucket that holds the snapshots
 * @param manifest of the newest one
 */
export const allIsWell = (
  stack: DeployedStack,
  bucket: string,
  instanceId: string,
  manifest: () => Manifest,
): Readonly<Record<string, StandInAnswer | Answering>> => ({
  'sts:GetCallerIdentity': {
    result: {
      Account: ACCOUNT,
      Arn: `arn:aws:sts::${ACCOUNT}:assumed-role/Operators/jane.doe@example.com`,
      UserId: 'AROA:jane.doe@example.com',
    },
  },
  'servicequotas:GetServiceQuota': { result: { Quota: { Value: 2 } } },
  'ssm:GetParameter': { result: { Parameter: { Value: '25' } } },
  'iam:SimulatePrincipalPolicy': workerMay(),
  'cloudformation:DescribeStacks': {
    result: {
      Stacks: {
        member: [
          {
            StackName: STACK,
            StackStatus: 'UPDATE_COMPLETE',
            CreationTime: '2026-11-23T00:00:00Z',
            DriftInformation: { StackDriftStatus: 'IN_SYNC' },
          },
        ],
      },
    },
  },
  'cloudformation:ListStackResources': {
    result: { StackResourceSummaries: { member: stackResources(stack, bucket) } },
  },
  'cloudformation:GetTemplate': { result: { TemplateBody: withoutSavedQueries(stack) } },
  'states:DescribeStateMachine': { result: { definition: definition(stack, instanceId) } },
  'states:ListExecutions': { result: { executions: [SUCCEEDED] } },
  'scheduler:GetSchedule': {
    result: {
      State: 'ENABLED',
      ScheduleExpression: 'cron(0 2 * * ? *)',
      ScheduleExpressionTimezone: 'Europe/Berlin',
    },
  },
  'cloudwatch:DescribeAlarms': { result: { MetricAlarms: alarms(stack) } },
  'sns:ListSubscriptionsByTopic': {
    result: {
      Subscriptions: {
        member: [{ SubscriptionArn: arn('sns', 'topic:1'), Endpoint: 'jane@example.com' }],
      },
    },
  },
  'glue:GetTables': { result: { TableList: tables(stack) } },
  ...athena(manifest),
});
