import { failedKey } from '../contract/keys.ts';
import { ExportFailure, MOST_FAILED_USERS } from '../contract/result.ts';
import { toLine } from './files/ndjson.ts';
import type { PlannedUser } from './plan/plan.ts';
import type { Store } from './ports.ts';
import type { FailedUser, State } from './run/state.ts';

/**
 * Whether so many users failed that asking for the others would waste quota: Connect has a problem that
 * asking on does not mend, and the list of failures is part of the state.
 */
export const isHopeless = (state: State): boolean => state.failed.length > MOST_FAILED_USERS;

/** The users that have failed so far, as they stand now. */
export async function* failedUsers({ failed }: State): AsyncGenerator<PlannedUser> {
  for (const { user } of failed) yield user;
}

/** Users named in the message; the file has all. */
const NAMED_USERS = 3;

const named = ({ user, error, message }: FailedUser): string => `${user.id} (${error}: ${message})`;

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

/** A run that does not advance must not be driven on for days. */
export function noProgress({ run_id, slices, plan, failed }: State): ExportFailure {
  const last = failed.at(-1);
  const why = last ? `; the last one failed with ${last.error}: ${last.message}` : '';
  return new ExportFailure(
    'NoProgress',
    `Slice ${slices} of run ${run_id} ended with none of the ${plan.users} users newly answered for${why}.`,
  );
}
