import { ExportFailure, MENDED_BY_WAITING } from '../contract/failure.ts';
import type { WorkerResult } from '../contract/result.ts';
import {
  incompleteSnapshot,
  inProgress,
  next,
  noAnswers,
  noProgress,
  paceOf,
  type SliceOutcome,
  superseded,
  usersAnswered,
  writeFailures,
} from './ending.ts';
import type { Document } from './files/json.ts';
import type { SliceMeter } from './meter.ts';
import { checkAnswering, isAnswering } from './parts/answering.ts';
import { exportPlan, type Hold, retryFailed } from './parts/export-users.ts';
import { type Listing, openListing } from './plan/listing.ts';
import type { SliceSettings, SliceTools } from './ports.ts';
import { afterPublication } from './publish/after.ts';
import { publish } from './publish/publish.ts';
import { beginRun } from './run/begin.ts';
import type { Run } from './run/identity.ts';
import type { Lease } from './run/lease.ts';
import { announce, shareQuota } from './run/shared-quota.ts';
import {
  claimState,
  isAnswered,
  isHopeless,
  isPlanDone,
  type State,
  type StateKeeper,
  totals,
} from './run/state.ts';

/** What a slice has in hand when its work begins: what earlier slices left, or the listing of a new run. */
export type Beginning = {
  readonly run: Run;
  readonly lease: Lease;
  readonly meter: SliceMeter;
} & (
  | { readonly found: Document<State>; readonly listing?: never }
  | { readonly found?: never; readonly listing: Listing }
);

/** Asks for those that failed for as long as that brings answers: an outage may end while others are asked for. */
async function retryWhileAnswered(hold: Hold, tools: SliceTools): Promise<void> {
  const { keeper } = hold;
  let failedBefore = Number.POSITIVE_INFINITY;
  while (
    keeper.state.failed.length > 0 &&
    keeper.state.failed.length < failedBefore &&
    !tools.deadline.reached()
  ) {
    failedBefore = keeper.state.failed.length;
    await retryFailed(hold, tools);
  }
}

async function exportUsers(
  hold: Hold,
  { allowedFailedUsers }: SliceSettings,
  tools: SliceTools,
): Promise<void> {
  const { run, keeper } = hold;
  const { state: before } = keeper;
  const goOnWithPlan = async (): Promise<void> => {
    if (!isPlanDone(keeper.state) && !isHopeless(keeper.state))
      await exportPlan(hold, allowedFailedUsers, tools);
  };
  // Before others are asked for, in vain perhaps, it must show that Connect is well again.
  if (isPlanDone(before) || isHopeless(before)) await checkAnswering(run, before, tools);
  if (isHopeless(before)) await retryWhileAnswered(hold, tools);
  await goOnWithPlan();
  // An outage that made so many fail may just be over.
  const isGivenUp = isHopeless(keeper.state) && !isHopeless(before);
  if (isGivenUp && (await isAnswering(run, keeper.state, tools))) {
    await retryWhileAnswered(hold, tools);
    await goOnWithPlan();
  }
  if (isPlanDone(keeper.state)) await retryWhileAnswered(hold, tools);
  if (before.failed.length + keeper.state.failed.length > 0)
    await writeFailures(tools.store, keeper.state);
}

/**
 * Connect gives the same 404 for a user that is gone and for an instance that is: where users were not
 * found, the instance must still be there.
 */
async function checkInstance(state: State, { connect, deadline }: SliceTools): Promise<void> {
  if (totals(state).deleted > 0) await openListing(connect, state.instance_id, deadline);
}

async function conclude(
  run: Run,
  outcome: SliceOutcome,
  usersPerSecond: number,
  settings: SliceSettings,
  tools: SliceTools,
): Promise<WorkerResult> {
  const { state } = outcome;
  switch (next(outcome, settings.allowedFailedUsers)) {
    case 'go on':
      return inProgress(run, state, usersPerSecond);
    case 'no progress':
      throw noProgress(state);
    case 'give up':
      throw (await isAnswering(run, state, tools))
        ? incompleteSnapshot(tools.store, state, settings.allowedFailedUsers)
        : noAnswers(state);
    case 'publish': {
      if (state.failed.length > 0 && !isAnswered(state)) throw noAnswers(state);
      await checkAnswering(run, state, tools);
      await checkInstance(state, tools);
      const done = await publish(state, settings, tools);
      if ('supersededBy' in done) return superseded(run, done.supersededBy, state);
      return 'publishedMeanwhile' in done
        ? afterPublication('ALREADY_PUBLISHED', done.publishedMeanwhile, tools)
        : afterPublication('PUBLISHED', done, tools);
    }
  }
}

/**
 * Works on a run whose lease is held: makes or takes up its plan, asks for users until they are done
 * or the deadline is reached, and publishes when nobody is missing.
 *
 * @throws ExportFailure by the names in the contract
 * @throws Overtaken where another worker goes on with the run
 */
export async function workOnRun(
  { run, lease, meter, found, listing }: Beginning,
  settings: SliceSettings,
  tools: SliceTools,
): Promise<WorkerResult> {
  const { deadline, observer, store, traffic, worker } = tools;
  let keeper: StateKeeper | undefined;
  let goesOn = false;
  try {
    await announce(tools, run, settings.region);
    await shareQuota(tools, run, settings.region);
    traffic.adopt(found?.value.rates ?? {});
    const before = found ?? { value: await beginRun(run, listing, settings, tools) };
    keeper = await claimState(store, before, worker, () => ({
      requests: meter.allRequests(),
      rates: traffic.learnedRates(),
    }));
    observer.begun({
      instanceId: run.instanceId,
      runId: run.runId,
      slice: keeper.state.slices,
      usersTotal: keeper.state.plan.users,
      usersAnswered: usersAnswered(keeper.state),
    });
    await exportUsers({ run, keeper, lease }, settings, tools);

    const answered = usersAnswered(keeper.state) - usersAnswered(before.value);
    const outcome = {
      state: keeper.state,
      progressed: !found || answered > 0,
      cutOff: deadline.reached(),
    };
    const pace = paceOf(answered, meter.seconds(), traffic);
    const result = await conclude(run, outcome, pace, settings, tools);
    goesOn = result.status === 'IN_PROGRESS';
    return result;
  } catch (error) {
    goesOn = error instanceof ExportFailure && MENDED_BY_WAITING.includes(error.name);
    throw error;
  } finally {
    observer.sliceEnded(meter.summary(keeper?.state, { goesOn }));
  }
}
