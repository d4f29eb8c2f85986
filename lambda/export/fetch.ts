import pLimit from 'p-limit';
import { toLine } from './ndjson.ts';
import type { PlannedUser } from './plan.ts';
import { type Clock, type Connect, type Deadline, UserFailure } from './ports.ts';
import { type RowContext, toRow } from './rows.ts';

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
    }
  | { readonly kind: 'deleted'; readonly user: PlannedUser }
  | {
      readonly kind: 'failed';
      readonly user: PlannedUser;
      readonly error: string;
      readonly message: string;
    };

export interface FetchTools {
  readonly connect: Connect;
  readonly clock: Clock;
  readonly deadline: Deadline;
  /** Requests in flight. */
  readonly concurrency: number;
}

/** The slice ended before this user was done: it is left to the next one. */
const NOT_TAKEN = Symbol('not taken');

async function fetchUser(
  tools: FetchTools,
  context: RowContext,
  user: PlannedUser,
  signal: AbortSignal,
): Promise<Outcome | typeof NOT_TAKEN> {
  const { connect, clock, deadline } = tools;
  if (deadline.reached()) return NOT_TAKEN;
  try {
    const answer = await connect.readProficiencies(context.instanceId, user.id, signal);
    if (!answer) return { kind: 'deleted', user };
    const line = toLine(toRow(context, user, answer, clock()));
    return { kind: 'exported', user, line, proficiencies: answer.proficiencies.length };
  } catch (error) {
    if (signal.aborted) return NOT_TAKEN;
    if (!(error instanceof UserFailure)) throw error;
    return { kind: 'failed', user, error: error.name, message: error.message };
  }
}

/**
 * Reads users' proficiencies, several at a time, and gives the outcomes in the order of the users.
 * Ends early at the deadline: what it has given is then a whole first stretch of the users.
 *
 * @throws ExportFailure where no user can be read (no permission)
 */
export async function* fetchInOrder(
  tools: FetchTools,
  context: RowContext,
  users: AsyncIterable<PlannedUser>,
): AsyncGenerator<Outcome> {
  const limit = pLimit(tools.concurrency);
  const abandoned = new AbortController();
  const signal = AbortSignal.any([tools.deadline.signal, abandoned.signal]);
  const ahead: Promise<Outcome | typeof NOT_TAKEN>[] = [];
  const begin = (user: PlannedUser): void => {
    const outcome = limit(fetchUser, tools, context, user, signal);
    // Reported when its turn comes; until then it must not count as unhandled.
    outcome.catch(() => undefined);
    ahead.push(outcome);
  };
  try {
    for await (const user of users) {
      begin(user);
      if (ahead.length < LOOK_AHEAD_USERS) continue;
      const outcome = await ahead.shift();
      if (!outcome || outcome === NOT_TAKEN) return;
      yield outcome;
    }
    for (const pending of ahead) {
      const outcome = await pending;
      if (outcome === NOT_TAKEN) return;
      yield outcome;
    }
  } finally {
    limit.clearQueue();
    // Whoever stops reading wants no more answers: they would cost quota for nothing.
    abandoned.abort();
  }
}
