import pLimit from 'p-limit';
import type { ExportFailure } from '../../contract/failure.ts';
import type { PlannedUser } from '../plan/plan.ts';
import { type ReadProficiencies, type SliceTools, UserFailure } from '../ports.ts';
import { type DenialLimits, withinDenials } from './denials.ts';
import { exportedRow, type RowContext, toRow } from './row.ts';

/**
 * Users taken ahead of the first one that is not done yet. One user whose answer takes minutes must
 * not hold up the others; at the default pace this is ten minutes of work, in memory about a megabyte.
 */
const LOOK_AHEAD_USERS = 1000;

/** What became of one user of the plan. */
export type Outcome =
  | {
      readonly kind: 'exported';
      readonly user: PlannedUser;
      readonly line: string;
      readonly proficiencies: number;
      /** Proficiencies answered again. */
      readonly repeated: number;
      readonly textsReplaced: number;
    }
  | { readonly kind: 'deleted'; readonly user: PlannedUser }
  | {
      readonly kind: 'failed';
      readonly user: PlannedUser;
      readonly error: string;
      readonly message: string;
      /** See `UserFailure`. */
      readonly denial?: ExportFailure | undefined;
    };

/** The slice ended before this user was begun. */
const NOT_BEGUN = Symbol('not begun');

/** The slice ended before this user was answered for. */
interface CutOff {
  readonly kind: 'cut off';
  readonly user: PlannedUser;
}

type Result = Outcome | CutOff | typeof NOT_BEGUN;

async function fetchUser(
  tools: SliceTools,
  context: RowContext,
  read: ReadProficiencies,
  signal: AbortSignal,
  user: PlannedUser,
): Promise<Result> {
  const { clock, deadline } = tools;
  if (deadline.reached()) return NOT_BEGUN;
  try {
    const answer = await read(user.id);
    if (!answer) return { kind: 'deleted', user };
    const row = toRow(context, user, answer, clock());
    const repeated = answer.proficiencies.length - row.proficiency_count;
    return { user, ...exportedRow(row, repeated) };
  } catch (error) {
    if (signal.aborted) return { kind: 'cut off', user };
    if (!(error instanceof UserFailure)) throw error;
    const { name, message, denial } = error;
    return { kind: 'failed', user, error: name, message, denial };
  }
}

/** Users begun that the deadline cut off, though others behind them have been answered for. */
const notAnswered = ({ user }: CutOff): Outcome => ({
  kind: 'failed',
  user,
  error: 'NotAnswered',
  message: 'Connect had not answered when the slice ended.',
});

/** Keeps what was answered behind users that were not; those at the very end are left to the next slice. */
async function* upToLastAnswer(results: AsyncIterable<Result>): AsyncGenerator<Outcome> {
  let cutOff: CutOff[] = [];
  for await (const result of results) {
    if (result === NOT_BEGUN) return;
    if (result.kind === 'cut off') {
      cutOff.push(result);
      continue;
    }
    yield* cutOff.map(notAnswered);
    cutOff = [];
    yield result;
  }
}

async function* inOrder(
  users: AsyncIterable<PlannedUser>,
  begin: (user: PlannedUser) => Promise<Result>,
): AsyncGenerator<Result> {
  const ahead: Promise<Result>[] = [];
  for await (const user of users) {
    ahead.push(begin(user));
    const first = ahead.length === LOOK_AHEAD_USERS ? ahead.shift() : undefined;
    if (first) yield await first;
  }
  for (const pending of ahead) yield await pending;
}

/**
 * Reads users' proficiencies, several at a time, and gives the outcomes in the order of the users.
 * Ends early at the deadline: what it has given is then a whole first stretch of the users.
 *
 * @throws ExportFailure where no user can be read
 */
export async function* fetchInOrder(
  tools: SliceTools,
  context: RowContext,
  users: AsyncIterable<PlannedUser>,
  limits: DenialLimits,
): AsyncGenerator<Outcome> {
  const limit = pLimit(tools.concurrency);
  const abandoned = new AbortController();
  const signal = AbortSignal.any([tools.deadline.signal, abandoned.signal]);
  const read = tools.connect.proficiencyReader(context.instanceId, signal);
  const begin = (user: PlannedUser): Promise<Result> => {
    const result = limit(fetchUser, tools, context, read, signal, user);
    // Reported when its turn comes; until then it must not count as unhandled.
    result.catch(() => undefined);
    return result;
  };
  try {
    yield* withinDenials(upToLastAnswer(inOrder(users, begin)), limits);
  } finally {
    limit.clearQueue();
    // Whoever stops reading wants no more answers: they would cost quota for nothing.
    abandoned.abort();
  }
}
