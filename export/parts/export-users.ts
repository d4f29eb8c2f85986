import { type PlannedUser, usersFrom } from '../plan/plan.ts';
import type { Observer, SliceTools } from '../ports.ts';
import type { Run } from '../run/identity.ts';
import type { Lease } from '../run/lease.ts';
import { shareQuota } from '../run/shared-quota.ts';
import { failedUsers, isHopeless, type State, type StateKeeper, usersDone } from '../run/state.ts';
import { adoptPart } from './adopt.ts';
import { checkAnswering } from './answering.ts';
import { type DenialLimits, denialsOfFailed, denialsOfPlan } from './denials.ts';
import { fetchInOrder, type Outcome } from './fetch.ts';
import { type ClosedPart, stretches, writePart } from './part.ts';

/** Users to be asked for: the rest of the plan, or those that have failed so far. */
interface Work {
  users(): AsyncIterable<PlannedUser>;
  /** Whether each of them is one step further in the plan. */
  readonly advances: boolean;
  readonly denials: DenialLimits;
}

async function* reported(
  outcomes: AsyncIterable<Outcome>,
  observer: Observer,
): AsyncGenerator<Outcome> {
  for await (const outcome of outcomes) {
    observer.userDone(outcome.kind);
    if (outcome.kind === 'failed') {
      const { user, error, message } = outcome;
      observer.userFailed({ userId: user.id, error, message });
    }
    yield outcome;
  }
}

/** What a part changes in the state: it is recorded, and decides who counts as failed. */
const withPart = (state: State, { part, userIds, failed }: ClosedPart): Partial<State> => ({
  parts: [...state.parts, part],
  failed: [...state.failed.filter(({ user }) => !userIds.has(user.id)), ...failed],
});

/** One slice's hold on a run: who it is, how far it is, and the right to go on. */
export interface Hold {
  readonly run: Run;
  readonly keeper: StateKeeper;
  readonly lease: Lease;
}

async function record(hold: Hold, tools: SliceTools, closed: ClosedPart): Promise<void> {
  const { run, keeper, lease } = hold;
  const index = keeper.state.parts.length;
  await keeper.save(withPart(keeper.state, closed));
  await lease.renew();
  await shareQuota(tools, run, keeper.state.region);
  tools.observer.partClosed({ index, rows: closed.part.rows, bytes: closed.part.bytes });
}

/** @returns whether there was a part to take over */
async function adoptLeftPart(hold: Hold, tools: SliceTools): Promise<boolean> {
  const { run, keeper } = hold;
  const left = await adoptPart(tools.store, run, keeper.state);
  if (!left) return false;
  await record(hold, tools, left);
  for (let row = 0; row < left.part.rows; row++) tools.observer.userDone('exported');
  return true;
}

/**
 * Asks for users and keeps their rows, part by part, to the end of them, to the deadline, or until too
 * many have failed for the plan to be worth going on with.
 *
 * @returns `false` where it met a part that another worker of this run had written meanwhile
 * @throws ExportFailure ServiceUnavailable where Connect answers for nobody any more
 */
async function fetchStretches(hold: Hold, work: Work, tools: SliceTools): Promise<boolean> {
  const { run, keeper } = hold;
  const context = {
    instanceId: run.instanceId,
    snapshotDate: keeper.state.snapshot_date,
    region: keeper.state.region,
    runId: run.runId,
    userDetails: keeper.state.include_user_details,
  };
  const outcomes = reported(
    fetchInOrder(tools, context, work.users(), work.denials),
    tools.observer,
  );
  for await (const stretch of stretches(outcomes, tools.clock)) {
    const from = usersDone(keeper.state);
    const to = from + (work.advances ? stretch.length : 0);
    const index = keeper.state.parts.length;
    const closed = await writePart(tools.store, run, index, { outcomes: stretch, from, to });
    if (!closed) return false;
    await record(hold, tools, closed);
    if (work.advances && isHopeless(keeper.state)) return true;
    // Each user of an outage is asked for minutes long: with thousands to come, that is days.
    if (stretch.every(({ kind }) => kind === 'failed'))
      await checkAnswering(run, keeper.state, tools);
  }
  return true;
}

async function workOff(hold: Hold, work: Work, tools: SliceTools): Promise<void> {
  let finished = false;
  while (!finished) {
    if (await adoptLeftPart(hold, tools)) continue;
    finished = await fetchStretches(hold, work, tools);
  }
}

/** Exports the users of the plan that no part speaks for yet, until the deadline. */
export function exportPlan(
  hold: Hold,
  allowedFailedUsers: number,
  tools: SliceTools,
): Promise<void> {
  const { run, keeper } = hold;
  const users = () => usersFrom(tools.store, run, keeper.state.plan, usersDone(keeper.state));
  const denials = denialsOfPlan(keeper.state, allowedFailedUsers);
  return workOff(hold, { users, advances: true, denials }, tools);
}

/** Asks once more for the users that have failed, until the deadline. */
export function retryFailed(hold: Hold, tools: SliceTools): Promise<void> {
  const { state } = hold.keeper;
  const users = () => failedUsers(hold.keeper.state);
  return workOff(hold, { users, advances: false, denials: denialsOfFailed(state) }, tools);
}
