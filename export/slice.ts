import type { WorkerEvent } from '../contract/event.ts';
import { ExportFailure } from '../contract/failure.ts';
import type { WorkerResult } from '../contract/result.ts';
import { skipped, superseded } from './ending.ts';
import { measureSlice } from './meter.ts';
import { openListing } from './plan/listing.ts';
import type { SliceSettings, SliceTools } from './ports.ts';
import { afterPublication } from './publish/after.ts';
import { readPublished } from './publish/visible.ts';
import { identifyRun, type Run } from './run/identity.ts';
import {
  type Lease,
  type LeaseRecord,
  liveHolder,
  Overtaken,
  readLease,
  releaseLeft,
  takeLease,
} from './run/lease.ts';
import { readState, type State } from './run/state.ts';
import { workOnRun } from './steps.ts';

/** What a run is called and dated is settled when it begins, whatever a later event says. */
function asBegun(asked: Run, state: State, settings: SliceSettings): Run {
  if (state.region !== settings.region) {
    throw new ExportFailure(
      'InvalidRequest',
      `Run ${asked.runId} was begun in ${state.region}, but this exporter reads ${settings.region}; go on there.`,
    );
  }
  return {
    ...asked,
    snapshotDate: state.snapshot_date,
    trigger: state.trigger,
    scheduledTime: state.scheduled_time,
  };
}

async function checkBegun({ store }: SliceTools, run: Run): Promise<void> {
  const lease = await readLease(store, run.instanceId);
  if (lease?.value.run_id === run.runId) return;
  throw new ExportFailure(
    'InvalidRequest',
    `Field "runId" is "${run.runId}", but there is no such run of instance ${run.instanceId}; leave it out to begin a new run.`,
  );
}

/** The result where this run, or a newer one, has already published the date. */
async function settledBefore(
  tools: SliceTools,
  run: Run,
  state: State | undefined,
): Promise<WorkerResult | undefined> {
  const { store, clock } = tools;
  const { manifest, snapshot, runId } = await readPublished(
    store,
    run.instanceId,
    run.snapshotDate,
  );
  const ours = snapshot && manifest?.value.run_id === run.runId ? manifest.value : undefined;
  const newer = runId !== undefined && runId > run.runId ? runId : undefined;
  if (!ours && newer === undefined) return undefined;
  await releaseLeft(store, run, clock);
  return newer === undefined && ours
    ? afterPublication('ALREADY_PUBLISHED', ours, tools)
    : superseded(run, newer ?? '', state);
}

async function heldByAnother(
  tools: SliceTools,
  run: Run,
  holder: LeaseRecord,
): Promise<WorkerResult> {
  const running = { ...run, runId: holder.run_id, snapshotDate: holder.snapshot_date };
  const state = await readState(tools.store, running);
  const left = Date.parse(holder.expires_at) - tools.clock().getTime();
  return skipped(running, state?.value, tools.traffic, {
    reason: `Run ${holder.run_id} is exporting this instance; its lease holds until ${holder.expires_at}.`,
    retryAfterSeconds: Math.max(1, Math.ceil(left / 1000)),
  });
}

/** Waiting may mend these; the run keeps its lease, since it will be tried again. */
const isPassing = (error: unknown): boolean =>
  !(error instanceof ExportFailure) || error.name === 'ServiceUnavailable';

/**
 * Works on a run for one slice: begins it or goes on where it was cut off, until it is published or
 * the deadline is reached. Doing it again, at the same time or later, is harmless.
 *
 * @throws ExportFailure by the names in the contract
 */
export async function exportSlice(
  event: WorkerEvent,
  settings: SliceSettings,
  tools: SliceTools,
): Promise<WorkerResult> {
  const { store, clock, worker } = tools;
  const asked = identifyRun(event, settings, worker, clock());
  const found = await readState(store, asked);
  const run = found ? asBegun(asked, found.value, settings) : asked;
  if (run.resumed && !found) await checkBegun(tools, run);

  const settled = await settledBefore(tools, run, found?.value);
  if (settled) return settled;

  const holder = await liveHolder(store, run, clock);
  if (holder) return heldByAnother(tools, run, holder);

  const meter = measureSlice(run.instanceId, clock, tools.traffic, found?.value);
  const start = found
    ? { run, meter, found }
    : { run, meter, listing: await openListing(tools.connect, run.instanceId, tools.deadline) };
  let lease: Lease | undefined;
  try {
    const taken = await takeLease(store, run, worker, clock);
    if ('heldBy' in taken) return await heldByAnother(tools, run, taken.heldBy);
    lease = taken.lease;
    const result = await workOnRun({ ...start, lease }, settings, tools);
    if (result.status !== 'IN_PROGRESS') await releaseLeft(store, run, clock);
    return result;
  } catch (error) {
    if (error instanceof Overtaken) {
      const reason = `Stopped, since ${error.message}.`;
      return skipped(run, found?.value, tools.traffic, { reason });
    }
    // What is wrong with the run is worth more than what may be wrong with the lease, which expires.
    if (!isPassing(error)) await lease?.release().catch(() => undefined);
    throw error;
  }
}
