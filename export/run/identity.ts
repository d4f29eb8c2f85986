import { createHash } from 'node:crypto';
import type { WorkerEvent } from '../../contract/event.ts';
import { ExportFailure } from '../../contract/failure.ts';
import { parseInstance } from '../../contract/instance.ts';
import type { RunKey } from '../../contract/keys.ts';
import { dateIn } from '../../contract/time-zone.ts';
import type { SliceSettings } from '../ports.ts';

/** Which run a slice belongs to, before anything of it has been read. */
export interface Run extends RunKey {
  /** `yyyy-MM-dd` in the schedule's time zone. */
  readonly snapshotDate: string;
  readonly trigger: 'schedule' | 'manual';
  /** ISO 8601 UTC. */
  readonly scheduledTime: string | null;
  /** Whether the event asked for this very run, which must then have been begun. */
  readonly resumed: boolean;
}

function instanceIdOf({ instanceId }: WorkerEvent, region: string): string {
  const instance = parseInstance(instanceId);
  if (instance?.region !== undefined && instance.region !== region) {
    throw new ExportFailure(
      'InvalidRequest',
      `The instance ${instanceId} is in ${instance.region}, but this exporter reads ${region}; run it in the instance's Region.`,
    );
  }
  return instance?.id ?? instanceId;
}

const compactTime = (time: Date): string => time.toISOString().replace(/[-:]|\.\d+/g, '');

/** When a run was asked for, to the second. */
export const requestedAt = (runId: string): Date =>
  new Date(runId.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z-.*$/, '$1-$2-$3T$4:$5:$6Z'));

/**
 * Two events with the same schedule time are one run, whichever execution carries them; an execution
 * started by hand is its own run, also when its first slice is retried.
 */
function runIdFor(event: WorkerEvent, instanceId: string, time: Date, worker: string): string {
  const origin = event.scheduledTime ? 'schedule' : (event.executionName ?? worker);
  const suffix = createHash('sha256').update(`${instanceId}|${origin}`).digest('hex').slice(0, 8);
  return `${compactTime(time)}-${suffix}`;
}

/**
 * Tells which run an event means.
 *
 * @param worker names this invocation; makes the run of an event without schedule and execution unique
 * @throws ExportFailure InvalidRequest where the instance is in another Region
 */
export function identifyRun(
  event: WorkerEvent,
  settings: Pick<SliceSettings, 'region' | 'timeZone'>,
  worker: string,
  now: Date,
): Run {
  const instanceId = instanceIdOf(event, settings.region);
  const time = event.runId
    ? requestedAt(event.runId)
    : new Date(event.scheduledTime ?? event.executionStartTime ?? now);
  return {
    instanceId,
    runId: event.runId ?? runIdFor(event, instanceId, time, worker),
    snapshotDate: dateIn(settings.timeZone, time),
    trigger: event.trigger ?? (event.scheduledTime ? 'schedule' : 'manual'),
    scheduledTime: event.scheduledTime ? new Date(event.scheduledTime).toISOString() : null,
    resumed: event.runId !== undefined,
  };
}
