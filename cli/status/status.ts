import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { SFNClient } from '@aws-sdk/client-sfn';
import type { AwsAccess } from '../../aws/access.ts';
import { Unanswered, unansweredFailure } from '../../aws/ask.ts';
import { type ClientSettings, clientSettings } from '../../aws/client-settings.ts';
import { deployedInstances } from '../../aws/deployment/instances.ts';
import { ageSeconds, isLate, newestSnapshot } from '../../aws/deployment/newest.ts';
import { type Deployment, readDeployment, withBucket } from '../../aws/deployment/parts.ts';
import {
  lastRuns,
  type Progress,
  progressOf,
  type WorkflowRun,
} from '../../aws/deployment/runs.ts';
import { type DeployedSchedule, nextStart, readSchedule } from '../../aws/deployment/schedule.ts';
import { ExportFailure } from '../../contract/failure.ts';
import type { Manifest } from '../../contract/manifest.ts';
import { dateIn } from '../../contract/time-zone.ts';
import type { Clock } from '../../export/ports.ts';
import { s3Client } from '../../lambda/s3/client.ts';
import { s3Store } from '../../lambda/s3/store.ts';

/** How it stands with an instance. */
export interface InstanceStatus {
  readonly instance_id: string;
  /** `null` where nothing is published. */
  readonly snapshot: {
    readonly snapshot_date: string;
    readonly finished_at: string;
    readonly age_seconds: number;
    readonly rows: number;
  } | null;
  /** Whether a snapshot should be there that is not: none at all, or the day on which the next one was due is over. */
  readonly late: boolean;
  /** Of the workflow, over all instances; `null` where there was none. */
  readonly last_run: {
    readonly status: string;
    readonly started_at: string;
    /** `null` while it goes on. */
    readonly ended_at: string | null;
    /** Of the instance that it is at; `null` where it is over or in its first slice. */
    readonly progress: Progress | null;
  } | null;
  /** In words; `null` where no run is started by a schedule. */
  readonly next_run: string | null;
}

export interface StatusQuestion {
  readonly access: AwsAccess;
  readonly region: string;
  readonly stack: string;
  /** One that was brought along; passed over where the stack has its own. */
  readonly bucket?: string | undefined;
  readonly clock: Clock;
  /** Gives up, where AWS does not answer. */
  readonly signal: AbortSignal;
}

async function runOf(
  client: SFNClient,
  stateMachine: string,
  signal: AbortSignal,
): Promise<InstanceStatus['last_run']> {
  const [run] = await lastRuns(client, stateMachine, signal);
  if (run === undefined) return null;
  return {
    status: run.status,
    started_at: run.startedAt.toISOString(),
    ended_at: run.endedAt?.toISOString() ?? null,
    progress: await progressIn(client, run, signal),
  };
}

const progressIn = async (client: SFNClient, run: WorkflowRun, signal: AbortSignal) =>
  run.endedAt === undefined ? ((await progressOf(client, run, signal)) ?? null) : null;

function scheduleOf(
  settings: ClientSettings,
  { parts }: Deployment,
  signal: AbortSignal,
): Promise<DeployedSchedule> | undefined {
  return parts.schedule === undefined
    ? undefined
    : readSchedule(new SchedulerClient(settings), parts.schedule, signal);
}

const snapshotOf = (manifest: Manifest | undefined, now: Date): InstanceStatus['snapshot'] =>
  manifest === undefined
    ? null
    : {
        snapshot_date: manifest.snapshot_date,
        finished_at: manifest.finished_at,
        age_seconds: Math.round(ageSeconds(manifest, now)),
        rows: manifest.snapshot.rows,
      };

async function statusesOf(question: StatusQuestion): Promise<InstanceStatus[]> {
  const { access, region, stack, clock, signal } = question;
  const settings = clientSettings(access, region);
  const stepFunctions = new SFNClient(settings);
  const found = await readDeployment(new CloudFormationClient(settings), stack, signal);
  const deployment = withBucket(found, question.bucket);
  const { bucket, stateMachine = '' } = deployment.parts;
  if (bucket === undefined) {
    throw new ExportFailure(
      'InvalidRequest',
      `The stack ${stack} has no bucket of its own: give the name of the bucket with --bucket.`,
    );
  }
  const [instances, run, schedule] = await Promise.all([
    deployedInstances(stepFunctions, stateMachine, signal),
    runOf(stepFunctions, stateMachine, signal),
    scheduleOf(settings, deployment, signal),
  ]);
  const store = s3Store({ client: s3Client(region, access), bucket });
  const now = clock();
  const today = dateIn(schedule?.timeZone ?? 'UTC', now);
  return Promise.all(
    instances.map(async (instanceId) => {
      const manifest = await newestSnapshot(store, instanceId);
      return {
        instance_id: instanceId,
        snapshot: snapshotOf(manifest, now),
        late: manifest === undefined || isLate(manifest, today),
        last_run: run,
        next_run: (schedule?.isEnabled && nextStart(schedule, now)) || null,
      };
    }),
  );
}

/**
 * How it stands with each instance of a deployment.
 *
 * @throws ExportFailure where AWS does not answer, or there is no such deployment
 */
export async function statuses(question: StatusQuestion): Promise<readonly InstanceStatus[]> {
  try {
    return await statusesOf(question);
  } catch (error) {
    throw error instanceof Unanswered ? unansweredFailure(error) : error;
  }
}
