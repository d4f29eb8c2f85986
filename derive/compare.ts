import { crc32 } from 'node:zlib';
import * as z from 'zod/mini';
import type { ChangeKind, ChangeLine } from '../contract/change.ts';
import { ExportFailure } from '../contract/failure.ts';
import type { Manifest } from '../contract/manifest.ts';
import { byNameAndValue, byNameThenValue, compareText } from '../contract/proficiency-order.ts';
import { rowSchema } from '../contract/row.ts';
import { isForeign } from '../export/files/first-line.ts';
import { fromLine, ownText, toLine } from '../export/files/ndjson.ts';
import type { ReadLines } from './published.ts';

/** A published snapshot: what is said of it, and its rows, as often as they are asked for. */
export interface Side {
  readonly manifest: Manifest;
  readonly lines: ReadLines;
}

/** Users compared at a time: some 100 MB with twenty proficiencies each. For more, both snapshots are read several times. */
export const USERS_AT_A_TIME = 60_000;

const { username, proficiencies } = rowSchema.shape;

/** What is known of a user in one snapshot. */
const knownSchema = z.object({ username, proficiencies });
type Known = z.infer<typeof knownSchema>;

/** A user that is not the same in both snapshots. */
interface Pair {
  readonly before: Known | undefined;
  readonly after: Known | undefined;
}

/** The same, as they are written. */
interface TextPair {
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/**
 * The part of a line that changes are about: user, name and proficiencies stand side by side. Most users are the same in both
 * snapshots, and that is seen without parsing them.
 */
function knownPart(line: string): string {
  const from = line.indexOf('"user_id":');
  // The first one: within a text quotes are escaped, but a tag that comes later may have this key.
  const to = line.indexOf(',"proficiency_count":', from);
  return from === -1 || to === -1 ? line : `{${line.slice(from, to)}}`;
}

async function differing(
  earlier: Side,
  later: Side,
  isInGroup: (userId: string) => boolean,
): Promise<Map<string, TextPair>> {
  const pairs = new Map<string, TextPair>();
  for await (const { userId, line } of earlier.lines(isInGroup)) {
    pairs.set(ownText(userId), { before: ownText(knownPart(line)), after: undefined });
  }
  for await (const { userId, line } of later.lines(isInGroup)) {
    const before = pairs.get(userId)?.before;
    const after = knownPart(line);
    if (before === after) pairs.delete(userId);
    else pairs.set(ownText(userId), { before, after: ownText(after) });
  }
  return pairs;
}

/** @throws ExportFailure DamagedRun where a row is none of ours */
function parsed(text: string | undefined): Known | undefined {
  if (text === undefined) return undefined;
  try {
    return knownSchema.parse(fromLine(text));
  } catch (error) {
    if (!isForeign(error)) throw error;
    throw new ExportFailure('DamagedRun', 'A row of one of the two snapshots is of another kind.');
  }
}

const statusOf = ({ before, after }: Pair): NonNullable<ChangeLine['user_status']> =>
  before === undefined ? 'created' : after === undefined ? 'deleted' : 'present';

/** Where names are switched on or off, nobody is renamed. */
function changeOfUser({ before, after }: Pair): ChangeKind | undefined {
  if (!before) return 'user created';
  if (!after) return 'user deleted';
  const isNamed = before.username !== undefined && after.username !== undefined;
  return isNamed && before.username !== after.username ? 'user renamed' : undefined;
}

const NOT_OF_A_PROFICIENCY = {
  attribute_name: null,
  attribute_value: null,
  previous_level: null,
  level: null,
} as const;

const changeOfLevel = (previous: number | null, level: number | null): ChangeKind =>
  previous === null ? 'added' : level === null ? 'removed' : 'level changed';

type Differences = Pick<
  ChangeLine,
  'change' | 'attribute_name' | 'attribute_value' | 'previous_level' | 'level'
>;

function* differencesOf(pair: Pair): Generator<Differences> {
  const change = changeOfUser(pair);
  if (change) yield { change, ...NOT_OF_A_PROFICIENCY };
  const before = byNameAndValue(pair.before?.proficiencies ?? []);
  const after = byNameAndValue(pair.after?.proficiencies ?? []);
  for (const [key, one] of [...new Map([...before, ...after])].toSorted(([, a], [, b]) =>
    byNameThenValue(a, b),
  )) {
    const previous_level = before.get(key)?.level ?? null;
    const level = after.get(key)?.level ?? null;
    if (previous_level === level) continue;
    const { attribute_name, attribute_value } = one;
    const kind = changeOfLevel(previous_level, level);
    yield { change: kind, attribute_name, attribute_value, previous_level, level };
  }
}

/**
 * The lines of what differs between two snapshots: first that they were compared, then users by groups, in the order of their
 * ids, each with the changes of the user before those of the proficiencies.
 *
 * Memory does not grow with the users: they are compared in groups, for each of which both snapshots are read.
 */
export async function* compare(
  earlier: Side,
  later: Side,
  usersAtATime = USERS_AT_A_TIME,
): AsyncGenerator<string> {
  const common = {
    instance_id: later.manifest.instance_id,
    snapshot_date: later.manifest.snapshot_date,
    previous_snapshot_date: earlier.manifest.snapshot_date,
    run_id: later.manifest.run_id,
    previous_run_id: earlier.manifest.run_id,
  };
  const line = (rest: Omit<ChangeLine, keyof typeof common>): string =>
    toLine({ ...common, ...rest } satisfies ChangeLine);
  yield line({
    change: 'compared',
    user_id: null,
    username: null,
    previous_username: null,
    user_status: null,
    ...NOT_OF_A_PROFICIENCY,
  });
  const most = Math.max(earlier.manifest.snapshot.rows, later.manifest.snapshot.rows);
  const groups = Math.max(1, Math.ceil(most / usersAtATime));
  for (let group = 0; group < groups; group++) {
    // Which group a user is in depends on the id alone, whatever ids look like.
    const isInGroup = (userId: string) => groups === 1 || crc32(userId) % groups === group;
    const pairs = await differing(earlier, later, isInGroup);
    for (const [userId, texts] of [...pairs].sort(([a], [b]) => compareText(a, b))) {
      const pair = { before: parsed(texts.before), after: parsed(texts.after) };
      for (const { change, ...ofProficiency } of differencesOf(pair)) {
        yield line({
          change,
          user_id: userId,
          username: pair.after?.username ?? pair.before?.username ?? null,
          previous_username: pair.before?.username ?? null,
          user_status: statusOf(pair),
          ...ofProficiency,
        });
      }
    }
  }
}
