import * as z from 'zod/mini';
import type { Manifest } from '../contract/manifest.ts';
import { IN_WORDS } from '../contract/parse.ts';
import { type Row, rowSchema } from '../contract/row.ts';
import { USERS_AT_A_TIME } from '../derive/compare.ts';
import { gunzipHashed, linesTogether, ownText, toLine } from '../export/files/ndjson.ts';
import { textsReplaced } from '../export/parts/row.ts';
import { linesOfRun } from './line-parts.ts';

/** What a row says, whichever run read it and when. */
interface Said {
  readonly userId: string;
  /**
   * As it is written in the line; the whole line, where that is written otherwise than this software does. Absent where the
   * snapshot has too many rows to keep them.
   */
  readonly text: string | undefined;
  readonly proficiencies: number;
  readonly textsReplaced: number;
  readonly isMiscounted: boolean;
}

/** What the rows of a snapshot say, by their texts. */
export type SaidByText = ReadonlyMap<string, Said>;

/** What the rows themselves say. */
export interface RowFindings {
  /** Of the object, compressed. */
  readonly bytes: number;
  readonly rows: number;
  /** Of the uncompressed rows, in hex. */
  readonly sha256: string;
  readonly withoutProficiencies: number;
  readonly proficiencies: number;
  readonly textsReplaced: number;
  readonly strangers: number;
  readonly miscounted: number;
  readonly twice: number;
  /** ISO 8601; absent where there are no rows. */
  readonly firstFetched: string | undefined;
  readonly lastFetched: string | undefined;
  /** Of all rows; incomplete where there are more of them than are compared at a time. */
  readonly said: SaidByText;
}

interface ReadRow {
  readonly said: Said;
  readonly fetchedAt: string;
  /** Whether it is of the run, date, instance and Region of the manifest. */
  readonly isOurs: boolean;
}

/** Half of a surrogate pair can only come by an escape: the bytes have been read as strict UTF-8. */
const SURROGATE_ESCAPE = /\\ud[89a-f]/i;

/** JSON.parse lets half of a surrogate pair pass, but other readers, such as DuckDB, refuse the file. */
function parseLine(line: string): unknown {
  if (!SURROGATE_ESCAPE.test(line)) return JSON.parse(line);
  return JSON.parse(line, (_, value: unknown) => {
    if (typeof value === 'string' && !value.isWellFormed()) {
      throw new SyntaxError('a text in it holds half of a surrogate pair');
    }
    return value;
  });
}

const flawIn = (issue: z.core.$ZodIssue): string => {
  if (issue.code === 'unrecognized_keys') return `unknown field "${issue.keys.join('", "')}"`;
  const field = issue.path.length === 0 ? '' : `field "${issue.path.join('.')}": `;
  return `${field}${issue.message}`;
};

/** @throws SyntaxError which fields are wrong, but not what they hold: that is about a person */
function toRow(given: unknown): Row {
  const { data, error } = z.safeParse(rowSchema, given, IN_WORDS);
  if (data) return data;
  throw new SyntaxError(`a row, ${error.issues.map(flawIn).join('; ')}`);
}

const isTime = (text: string): boolean => z.safeParse(rowSchema.shape.fetched_at, text).success;

const saidBy = (row: Row, text: string | undefined): Said => ({
  userId: row.user_id,
  text: text && ownText(text),
  proficiencies: row.proficiencies.length,
  textsReplaced: textsReplaced(row),
  isMiscounted: row.proficiencies.length !== row.proficiency_count,
});

/**
 * Reads the lines of a snapshot one by one. Most users are the same as the day before, and most lines need not be parsed: between
 * a beginning and an end that are known, the same text says the same. That holds for what was written as this software
 * writes it, with each key once and in its place.
 *
 * @param known of another snapshot of the instance
 */
function rowReader(manifest: Manifest, known: SaidByText): (line: string) => ReadRow {
  const partsOf = linesOfRun(manifest);
  const keepsText = manifest.snapshot.rows <= USERS_AT_A_TIME;
  const textOf = (row: Row, line: string, said: string | undefined): string =>
    said !== undefined && toLine(row) === `${line}\n` ? said : line;
  const isOurs = (row: Row) =>
    row.run_id === manifest.run_id &&
    (row.snapshot_date ?? manifest.snapshot_date) === manifest.snapshot_date &&
    row.instance_id === manifest.instance_id &&
    row.region === manifest.region;
  return (line) => {
    const parts = partsOf(line);
    const said = parts && known.get(parts.said);
    if (said && isTime(parts.fetchedAt)) return { said, fetchedAt: parts.fetchedAt, isOurs: true };
    const row = toRow(parseLine(line));
    const text = keepsText ? textOf(row, line, parts?.said) : undefined;
    return {
      said: saidBy(row, text),
      fetchedAt: row.fetched_at,
      isOurs: isOurs(row),
    };
  };
}

/**
 * Reads a snapshot to its end, once.
 *
 * @param body of its object
 * @param known what rows of another snapshot of the instance say: what is the same is not parsed again
 * @throws where it is no gzip NDJSON of users
 */
export async function readRows(
  body: AsyncIterable<Uint8Array>,
  manifest: Manifest,
  known: SaidByText,
): Promise<RowFindings> {
  const readRow = rowReader(manifest, known);
  const users = new Set<string>();
  const kept = new Map<string, Said>();
  let sha256 = '';
  let bytes = 0;
  let rows = 0;
  let withoutProficiencies = 0;
  let proficiencies = 0;
  let replaced = 0;
  let strangers = 0;
  let miscounted = 0;
  let firstFetched: string | undefined;
  let lastFetched: string | undefined;
  async function* counted(): AsyncGenerator<Uint8Array> {
    for await (const chunk of body) {
      bytes += chunk.byteLength;
      yield chunk;
    }
  }
  const content = gunzipHashed(counted(), (atEnd) => {
    sha256 = atEnd;
  });
  for await (const lines of linesTogether(content)) {
    for (const line of lines) {
      const { said, fetchedAt, isOurs } = readRow(line);
      rows++;
      users.add(said.userId);
      if (said.text !== undefined && kept.size < USERS_AT_A_TIME) kept.set(said.text, said);
      if (firstFetched === undefined || fetchedAt < firstFetched) firstFetched = fetchedAt;
      if (lastFetched === undefined || fetchedAt > lastFetched) lastFetched = fetchedAt;
      proficiencies += said.proficiencies;
      replaced += said.textsReplaced;
      if (said.proficiencies === 0) withoutProficiencies++;
      if (said.isMiscounted) miscounted++;
      if (!isOurs) strangers++;
    }
  }
  return {
    bytes,
    rows,
    sha256,
    withoutProficiencies,
    proficiencies,
    textsReplaced: replaced,
    strangers,
    miscounted,
    twice: rows - users.size,
    firstFetched,
    lastFetched,
    said: kept,
  };
}
