import type { Manifest } from '../../contract/manifest.ts';
import { type Row, rowSchema } from '../../contract/row.ts';
import { type Content, metered } from '../../export/files/gzip-meter.ts';
import { gunzipLines } from '../../export/files/ndjson.ts';
import { textsReplaced } from '../../export/parts/row.ts';
import type { Store } from '../../export/ports.ts';
import { differs, isTurnedRound } from './verify-manifest.ts';

/** What the rows themselves say. */
interface RowFindings {
  readonly content: Content | undefined;
  readonly withoutProficiencies: number;
  readonly proficiencies: number;
  readonly textsReplaced: number;
  readonly strangers: number;
  readonly miscounted: number;
  readonly twice: number;
  /** ISO 8601; absent where there are no rows. */
  readonly firstFetched: string | undefined;
  readonly lastFetched: string | undefined;
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

async function readSnapshot(
  body: AsyncIterable<Uint8Array>,
  manifest: Manifest,
): Promise<RowFindings> {
  const users = new Set<string>();
  let content: Content | undefined;
  let rows = 0;
  let withoutProficiencies = 0;
  let proficiencies = 0;
  let replaced = 0;
  let strangers = 0;
  let miscounted = 0;
  let firstFetched: string | undefined;
  let lastFetched: string | undefined;
  const isOurs = (row: Row) =>
    row.run_id === manifest.run_id &&
    (row.snapshot_date ?? manifest.snapshot_date) === manifest.snapshot_date &&
    row.instance_id === manifest.instance_id &&
    row.region === manifest.region;
  const measured = metered(body, (atEnd) => {
    content = atEnd;
  });
  for await (const line of gunzipLines(measured)) {
    const row = rowSchema.parse(parseLine(line));
    rows++;
    users.add(row.user_id);
    if (firstFetched === undefined || row.fetched_at < firstFetched) firstFetched = row.fetched_at;
    if (lastFetched === undefined || row.fetched_at > lastFetched) lastFetched = row.fetched_at;
    proficiencies += row.proficiencies.length;
    replaced += textsReplaced(row);
    if (row.proficiencies.length === 0) withoutProficiencies++;
    if (row.proficiencies.length !== row.proficiency_count) miscounted++;
    if (!isOurs(row)) strangers++;
  }
  return {
    content,
    withoutProficiencies,
    proficiencies,
    textsReplaced: replaced,
    strangers,
    miscounted,
    twice: rows - users.size,
    firstFetched,
    lastFetched,
  };
}

const some = (count: number, what: string): string[] => (count > 0 ? [`${count} ${what}`] : []);

function compare(found: RowFindings, manifest: Manifest): string[] {
  const { content, strangers, miscounted, twice } = found;
  const { snapshot, texts_replaced } = manifest;
  return [
    ...differs('size in bytes', content?.bytes, snapshot.bytes),
    ...differs('number of rows', content?.rows, snapshot.rows),
    ...differs('number of users', content?.rows, manifest.users_exported),
    ...differs('SHA-256 of the rows', content?.sha256, snapshot.sha256),
    ...differs('number of proficiencies', found.proficiencies, manifest.proficiencies),
    ...differs(
      'number of users without proficiencies',
      found.withoutProficiencies,
      manifest.users_without_proficiencies,
    ),
    // Version 0.1.0 did not count them.
    ...(texts_replaced === undefined
      ? []
      : differs('number of texts with U+FFFD', found.textsReplaced, texts_replaced)),
    ...some(strangers, 'rows are of another run, date, instance or Region than the manifest'),
    ...some(miscounted, 'rows have another number of proficiencies than they say'),
    ...some(twice, 'users are in it twice'),
  ];
}

function fetchedElsewhen({ firstFetched, lastFetched }: RowFindings, manifest: Manifest): string[] {
  const { started_at, finished_at } = manifest;
  return [
    ...(firstFetched !== undefined && isTurnedRound(started_at, firstFetched)
      ? [`a row was fetched at ${firstFetched}, before the run began at ${started_at}`]
      : []),
    ...(lastFetched !== undefined && isTurnedRound(lastFetched, finished_at)
      ? [`a row was fetched at ${lastFetched}, after the run finished at ${finished_at}`]
      : []),
  ];
}

/**
 * Compares a snapshot, byte by byte and row by row, with what its manifest says of it.
 *
 * @returns what is wrong, a phrase each; empty where nothing is
 */
export async function verifySnapshot(
  store: Store,
  key: string,
  manifest: Manifest,
): Promise<string[]> {
  const object = await store.get(key);
  if (!object) return ['the snapshot is missing'];
  if (object.bytes !== manifest.snapshot.bytes) {
    await object.body[Symbol.asyncIterator]().return?.();
    return differs('size in bytes', object.bytes, manifest.snapshot.bytes);
  }
  try {
    const found = await readSnapshot(object.body, manifest);
    return [...compare(found, manifest), ...fetchedElsewhen(found, manifest)];
  } catch (error) {
    return [
      `it cannot be read as gzip NDJSON of users (${error instanceof Error ? error.message : error})`,
    ];
  }
}
