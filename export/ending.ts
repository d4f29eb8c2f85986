import { ExportFailure } from '../contract/failure.ts';
import { failedKey, manifestKey, snapshotKey } from '../contract/keys.ts';
import type { Manifest } from '../contract/manifest.ts';
import { DEFAULT_QUOTA } from '../contract/pace.ts';
import type { WorkerResult, WorkerStatus } from '../contract/result.ts';
import { toLine } from './files/ndjson.ts';
import type { Store, Traffic } from './ports.ts';
import type { Run } from './run/identity.ts';
import { type FailedUser, isHopeless, isPlanDone, type State, usersDone } from './run/state.ts';

/** What follows when no more users can be asked for in a slice. */
export type Next = 'publish' | 'go on' | 'give up' | 'no progress';

export interface SliceOutcome {
  readonly state: State;
  /** Whether the plan was made, or a user newly answered for, in this slice. */
  readonly progressed: boolean;
  /** Whether the deadline ended the slice, and not the lack of users to ask for. */
  readonly cutOff: boolean;
}

/**
 * Decides how a slice ends. Nothing is published unless every user of the plan has an answer, or may be
 * missing because asking for it once more brought no answer either.
 *
 * @param allowedFailed users that may fail before the snapshot counts as incomplete
 */
export function next({ state, progressed, cutOff }: SliceOutcome, allowedFailed: number): Next {
  if (isPlanDone(state) && state.failed.length === 0) return 'publish';
  if (cutOff && progressed) return 'go on';
  if (isHopeless(state)) return 'give up';
  if (!isPlanDone(state)) return 'no progress';
  return state.failed.length > allowedFailed ? 'give up' : 'publish';
}

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

/** Users named in the message; the file has all. */
const NAMED_USERS = 3;

/** What is said of a user is a sentence of its own; here it is a part of another one. */
const withoutStop = (sentence: string): string => sentence.replace(/\.$/, '');

const named = ({ user, error, message }: FailedUser): string =>
  `${user.id} (${error}: ${withoutStop(message)})`;

/** Keeps who failed and why, for a person to look at. */
export async function writeFailures(store: Store, state: State): Promise<void> {
  const lines = state.failed.map(({ user, error, message }) =>
    toLine({ user_id: user.id, error, message }),
  );
  await store.put(failedKey(state.instance_id, state.run_id), Buffer.from(lines.join('')));
}

/** @param allowed how many users may fail */
export function incompleteSnapshot(store: Store, state: State, allowed: number): ExportFailure {
  const first = state.failed.slice(0, NAMED_USERS).map(named).join(', ');
  const more = state.failed.length > NAMED_USERS ? ' and others' : '';
  return new ExportFailure(
    'IncompleteSnapshot',
    `${state.failed.length} of ${state.plan.users} users could not be read (allowed: ${allowed}): ${first}${more}; ` +
      `see ${store.uri(failedKey(state.instance_id, state.run_id))}, then start run ${state.run_id} again to fetch only these.`,
  );
}

const lastFailure = ({ failed }: State): string => {
  const last = failed.at(-1);
  return last ? `; the last one failed with ${last.error}: ${withoutStop(last.message)}` : '';
};

/** A run that does not advance must not be driven on for days. */
export function noProgress(state: State): ExportFailure {
  return new ExportFailure(
    'NoProgress',
    `Slice ${state.slices} of run ${state.run_id} ended with none of the ${state.plan.users} users newly answered for${lastFailure(state)}.`,
  );
}

/** Nobody could be read at the end, so that users who failed may well be answered for later. */
export function noAnswers(state: State): ExportFailure {
  const { run_id, plan, failed } = state;
  return new ExportFailure(
    'ServiceUnavailable',
    `Connect answers for no user at the moment, and ${failed.length} of the ${plan.users} users of run ${run_id} could not be read${lastFailure(state)}. ` +
      'Look at the health of Connect, then start the run again: it asks only for those that Connect has not answered for.',
  );
}
