import { partKey, type RunKey } from '../../contract/keys.ts';
import { putOwn } from '../files/json.ts';
import { gzipLines, sha256 } from '../files/ndjson.ts';
import { type Clock, PreconditionFailed, type Store } from '../ports.ts';
import type { FailedUser, Part } from '../run/state.ts';
import type { Outcome } from './fetch.ts';

/** A part is closed at this many users: it is held in memory while open (about a megabyte). */
export const PART_USERS = 1000;

/**
 * A part is closed after this time: a kill costs about a minute's worth of quota, more only where many
 * answers wait behind a user in trouble.
 */
export const PART_SECONDS = 60;

/** A stretch of outcomes that becomes one part. */
export interface Stretch {
  readonly outcomes: readonly Outcome[];
  /** Position of the first user in the plan, and of the one after the last. */
  readonly from: number;
  readonly to: number;
}

/** A part in the store, and what it settles. */
export interface ClosedPart {
  readonly part: Part;
  /** Every user it speaks for. */
  readonly userIds: ReadonlySet<string>;
  /** Those of them that could not be read. */
  readonly failed: readonly FailedUser[];
}

/** Gathers outcomes, in order, into stretches of limited size and age. */
export async function* stretches(
  outcomes: AsyncIterable<Outcome>,
  clock: Clock,
): AsyncGenerator<Outcome[]> {
  let open: Outcome[] = [];
  let openedAt = clock().getTime();
  for await (const outcome of outcomes) {
    open.push(outcome);
    const age = clock().getTime() - openedAt;
    if (open.length < PART_USERS && age < PART_SECONDS * 1000) continue;
    yield open;
    open = [];
    openedAt = clock().getTime();
  }
  if (open.length > 0) yield open;
}

const exported = (outcomes: readonly Outcome[]) =>
  outcomes.filter((outcome) => outcome.kind === 'exported');

const failures = (outcomes: readonly Outcome[]): FailedUser[] =>
  outcomes
    .filter((outcome) => outcome.kind === 'failed')
    .map(({ user, error, message }) => ({ user, error, message }));

/** Says what a part's body holds. */
export function close({ outcomes, from, to }: Stretch, body: Uint8Array): ClosedPart {
  const rows = exported(outcomes);
  return {
    part: {
      from,
      to,
      rows: rows.length,
      deleted: outcomes.filter((outcome) => outcome.kind === 'deleted').length,
      without_proficiencies: rows.filter((row) => row.proficiencies === 0).length,
      proficiencies: rows.reduce((total, row) => total + row.proficiencies, 0),
      proficiencies_repeated: rows.reduce((total, row) => total + row.repeated, 0),
      texts_replaced: rows.reduce((total, row) => total + row.textsReplaced, 0),
      bytes: body.byteLength,
      sha256: sha256(body),
    },
    userIds: new Set(outcomes.map((outcome) => outcome.user.id)),
    failed: failures(outcomes),
  };
}

/**
 * Writes a part. A part is written once: where a worker that was cut off (or a slower one of the same
 * run) has left a whole part under this index, that one stands.
 *
 * @returns the part, or `undefined` where another one stands there
 */
export async function writePart(
  store: Store,
  run: RunKey,
  index: number,
  stretch: Stretch,
): Promise<ClosedPart | undefined> {
  const body = await gzipLines(exported(stretch.outcomes).map((outcome) => outcome.line));
  try {
    await putOwn(store, partKey(run.instanceId, run.runId, index), body, { ifNoneMatch: '*' });
  } catch (error) {
    if (error instanceof PreconditionFailed) return undefined;
    throw error;
  }
  return close(stretch, body);
}
