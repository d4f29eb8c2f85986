import type { Listing } from './listing.ts';
import { makePlan } from './plan.ts';
import type { Clock, Deadline, Store } from './ports.ts';
import type { Run } from './run.ts';
import type { State } from './state.ts';
import { NO_REQUESTS } from './traffic.ts';

export interface BeginSettings {
  readonly region: string;
  /** Whether rows carry login names; fixed when a run begins. */
  readonly includeUsernames: boolean;
}

export interface BeginTools {
  readonly store: Store;
  readonly clock: Clock;
  readonly deadline: Deadline;
  /** Names this invocation, and no other. */
  readonly worker: string;
}

/** Freezes the plan of a new run and gives its first state, which nobody has saved yet. */
export async function beginRun(
  run: Run,
  listing: Listing,
  settings: BeginSettings,
  { store, clock, deadline, worker }: BeginTools,
): Promise<State> {
  const startedAt = clock();
  const plan = await makePlan(listing, store, run, worker, deadline);
  return {
    version: 1,
    run_id: run.runId,
    instance_id: run.instanceId,
    region: settings.region,
    snapshot_date: run.snapshotDate,
    trigger: run.trigger,
    scheduled_time: run.scheduledTime,
    started_at: startedAt.toISOString(),
    include_usernames: settings.includeUsernames,
    slices: 0,
    worker,
    saves: 0,
    plan,
    parts: [],
    failed: [],
    requests: NO_REQUESTS,
    rates: {},
  };
}
