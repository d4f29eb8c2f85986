import { NO_REQUESTS } from '../../contract/manifest.ts';
import type { Listing } from '../plan/listing.ts';
import { makePlan } from '../plan/plan.ts';
import type { SliceSettings, SliceTools, User } from '../ports.ts';
import type { Run } from './identity.ts';
import { STATE_VERSION, type State } from './state.ts';

/** Names that no row will carry are not kept anywhere, not even in working files. */
async function* withoutUsernames(listing: Listing): AsyncGenerator<readonly User[]> {
  for await (const page of listing) {
    yield page.map(({ username: _, ...user }) => user);
  }
}

/** Freezes the plan of a new run and gives its first state, which nobody has saved yet. */
export async function beginRun(
  run: Run,
  listing: Listing,
  settings: SliceSettings,
  { store, clock, deadline, worker }: SliceTools,
): Promise<State> {
  const startedAt = clock();
  const users = settings.includeUsernames ? listing : withoutUsernames(listing);
  const plan = await makePlan(users, store, run, worker, deadline);
  return {
    version: STATE_VERSION,
    run_id: run.runId,
    instance_id: run.instanceId,
    region: settings.region,
    snapshot_date: run.snapshotDate,
    trigger: run.trigger,
    scheduled_time: run.scheduledTime,
    started_at: startedAt.toISOString(),
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
