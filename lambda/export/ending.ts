import { manifestKey, snapshotKey } from '../contract/keys.ts';
import type { Manifest } from '../contract/manifest.ts';
import { DEFAULT_QUOTA } from '../contract/pace.ts';
import type { WorkerResult, WorkerStatus } from '../contract/result.ts';
import type { Store, Traffic } from './ports.ts';
import type { Run } from './run/identity.ts';
import { type State, usersDone } from './run/state.ts';

type Progress = Pick<
  WorkerResult,
  'usersTotal' | 'usersDone' | 'usersFailed' | 'percent' | 'estimatedSecondsLeft'
>;

/** Users that Connect has answered for: exported or deleted meanwhile. */
export const usersAnswered = (state: State): number => usersDone(state) - state.failed.length;

/** The pace to expect of a run before it has shown its own: each user costs one request. */
const expectedPace = (traffic: Traffic): number =>
  traffic.learnedRates().list_user_proficiencies ?? DEFAULT_QUOTA;

/** Users per second to expect of a run, by what a slice has shown; where it has shown nothing, as before it began. */
export const paceOf = (users: number, seconds: number, traffic: Traffic): number =>
  users > 0 && seconds > 0 ? users / seconds : expectedPace(traffic);

const NOTHING_KNOWN: Progress = {
  usersTotal: 0,
  usersDone: 0,
  usersFailed: 0,
  percent: 0,
  estimatedSecondsLeft: 0,
};

/** @param usersPerSecond the pace to expect; above 0 */
const progressOf = (state: State, usersPerSecond: number): Progress => {
  const answered = usersAnswered(state);
  const left = state.plan.users - answered;
  return {
    usersTotal: state.plan.users,
    usersDone: usersDone(state),
    usersFailed: state.failed.length,
    percent: left === 0 ? 100 : Math.floor((100 * answered) / state.plan.users),
    estimatedSecondsLeft: Math.ceil(left / usersPerSecond),
  };
};

const identity = (run: Run) => ({
  instanceId: run.instanceId,
  runId: run.runId,
  snapshotDate: run.snapshotDate,
});

export const inProgress = (run: Run, state: State, usersPerSecond: number): WorkerResult => ({
  status: 'IN_PROGRESS',
  ...identity(run),
  ...progressOf(state, usersPerSecond),
});

/**
 * The result of a slice that did nothing because somebody else is at work.
 *
 * @param running the run at work, and its state where it has one yet
 */
export const skipped = (
  running: Run,
  state: State | undefined,
  traffic: Traffic,
  { reason, retryAfterSeconds }: Pick<WorkerResult, 'reason' | 'retryAfterSeconds'>,
): WorkerResult => ({
  status: 'SKIPPED',
  ...identity(running),
  ...(state ? progressOf(state, expectedPace(traffic)) : NOTHING_KNOWN),
  ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
  ...(reason !== undefined && { reason }),
});

export const superseded = (run: Run, by: string, state: State | undefined): WorkerResult => ({
  status: 'SUPERSEDED',
  ...identity(run),
  ...(state ? progressOf(state, 1) : NOTHING_KNOWN),
  estimatedSecondsLeft: 0,
  reason: `Run ${by}, which was asked for later, has already published ${run.snapshotDate}.`,
});

export const published = (
  status: Extract<WorkerStatus, 'PUBLISHED' | 'ALREADY_PUBLISHED'>,
  store: Store,
  manifest: Manifest,
): WorkerResult => ({
  status,
  instanceId: manifest.instance_id,
  runId: manifest.run_id,
  snapshotDate: manifest.snapshot_date,
  usersTotal: manifest.users_listed,
  usersDone: manifest.users_listed,
  usersFailed: manifest.users_failed,
  percent: 100,
  estimatedSecondsLeft: 0,
  snapshotUri: store.uri(snapshotKey(manifest.instance_id, manifest.snapshot_date)),
  manifestUri: store.uri(manifestKey(manifest.instance_id, manifest.snapshot_date)),
  ...(status === 'ALREADY_PUBLISHED' && {
    reason: `Run ${manifest.run_id} had published at ${manifest.finished_at}.`,
  }),
});
