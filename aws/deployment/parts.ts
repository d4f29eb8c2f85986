import {
  type CloudFormationClient,
  DescribeStacksCommand,
  paginateListStackResources,
  type StackResourceSummary,
} from '@aws-sdk/client-cloudformation';
import { ExportFailure } from '../../contract/failure.ts';
import { ask, Unanswered } from '../ask.ts';

/**
 * The parts of an exporter, by their type and by how their logical ids go on after the path of the construct: in an app of somebody's
 * own that has another path.
 */
const PARTS = {
  bucket: ['AWS::S3::Bucket', /^ProficiencyDataBucket$/],
  worker: ['AWS::Lambda::Function', /WorkerFunction[0-9A-F]{8}$/],
  workerRole: ['AWS::IAM::Role', /WorkerRole[0-9A-F]{8}$/],
  deriverRole: ['AWS::IAM::Role', /DeriverRole[0-9A-F]{8}$/],
  stateMachine: ['AWS::StepFunctions::StateMachine', /WorkflowStateMachine[0-9A-F]{8}$/],
  schedule: ['AWS::Scheduler::Schedule', /RunSchedule[0-9A-F]{8}$/],
  database: ['AWS::Glue::Database', /CatalogDatabase[0-9A-F]{8}$/],
  workgroup: ['AWS::Athena::WorkGroup', /CatalogQueriesWorkgroup[0-9A-F]{8}$/],
  topic: ['AWS::SNS::Topic', /AlarmTopic[0-9A-F]{8}$/],
} as const satisfies Record<string, readonly [type: string, logicalId: RegExp]>;

type Part = keyof typeof PARTS;

/** A stack with an exporter in it. */
export interface Deployment {
  readonly stackName: string;
  /** As CloudFormation says it, such as `UPDATE_COMPLETE`. */
  readonly status: string;
  /** `NOT_CHECKED` until somebody has drift detected. */
  readonly drift: string;
  /** Physical ids: names or ARNs. What is missing is not in the stack, such as a bucket that was brought along. */
  readonly parts: Readonly<Partial<Record<Part, string>>>;
  /** The names of its alarms. */
  readonly alarms: readonly string[];
}

async function resourcesOf(
  client: CloudFormationClient,
  StackName: string,
  abortSignal: AbortSignal,
): Promise<StackResourceSummary[]> {
  const resources: StackResourceSummary[] = [];
  for await (const page of paginateListStackResources({ client }, { StackName }, { abortSignal })) {
    // Of a first deployment that was rolled back, all that was undone is still listed.
    const left = (page.StackResourceSummaries ?? []).filter(
      ({ ResourceStatus }) => ResourceStatus !== 'DELETE_COMPLETE',
    );
    resources.push(...left);
  }
  return resources;
}

function partsAmong(resources: readonly StackResourceSummary[]): Deployment['parts'] {
  const found = Object.entries(PARTS).flatMap(([part, [type, logicalId]]) => {
    const resource = resources.find(
      ({ ResourceType, LogicalResourceId = '' }) =>
        ResourceType === type && logicalId.test(LogicalResourceId),
    );
    return resource?.PhysicalResourceId ? [[part, resource.PhysicalResourceId]] : [];
  });
  return Object.fromEntries(found);
}

/**
 * The same deployment with the bucket that was brought along: the stack does not hold it, so somebody has to name it.
 *
 * @param bucket is passed over where the stack has its own
 */
export const withBucket = (deployment: Deployment, bucket: string | undefined): Deployment => ({
  ...deployment,
  parts: { ...(bucket !== undefined && { bucket }), ...deployment.parts },
});

/** CloudFormation has no error of its own for a stack that is not there. */
const isMissing = (error: unknown): boolean =>
  error instanceof Unanswered && /does not exist/.test(error.fault.reason);

/**
 * What a stack is made of.
 *
 * @throws ExportFailure InvalidRequest where there is no such stack, or no exporter in it
 * @throws Unanswered
 */
export async function readDeployment(
  client: CloudFormationClient,
  stackName: string,
  abortSignal: AbortSignal,
): Promise<Deployment> {
  const region = await client.config.region();
  const described = ask(
    'cloudformation:DescribeStacks',
    client.send(new DescribeStacksCommand({ StackName: stackName }), { abortSignal }),
  ).catch((error: unknown) => {
    if (!isMissing(error)) throw error;
    throw new ExportFailure(
      'InvalidRequest',
      `There is no stack ${stackName} in ${region}: give its name with --stack, another Region with --region, or deploy it.`,
    );
  });
  const [stack] = (await described).Stacks ?? [];
  const resources = await ask(
    'cloudformation:ListStackResources',
    resourcesOf(client, stackName, abortSignal),
  );
  const parts = partsAmong(resources);
  if (parts.stateMachine === undefined) {
    throw new ExportFailure(
      'InvalidRequest',
      `The stack ${stackName} in ${region} holds no exporter (it is ${stack?.StackStatus ?? 'of unknown status'}): give another name with --stack, or look at its events in the CloudFormation console and deploy it again.`,
    );
  }
  return {
    stackName,
    status: stack?.StackStatus ?? 'unknown',
    drift: stack?.DriftInformation?.StackDriftStatus ?? 'NOT_CHECKED',
    parts,
    alarms: resources.flatMap(({ ResourceType, PhysicalResourceId }) =>
      ResourceType === 'AWS::CloudWatch::Alarm' && PhysicalResourceId ? [PhysicalResourceId] : [],
    ),
  };
}
