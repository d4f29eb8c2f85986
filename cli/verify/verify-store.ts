import { ExportFailure } from '../../lambda/contract/failure.ts';
import { MANIFESTS_PREFIX, SNAPSHOTS_PREFIX, snapshotKey } from '../../lambda/contract/keys.ts';
import { type Manifest, manifestSchema } from '../../lambda/contract/manifest.ts';
import { type Row, rowSchema } from '../../lambda/contract/row.ts';
import { type Content, metered } from '../../lambda/export/files/gzip-meter.ts';
import { getDocument } from '../../lambda/export/files/json.ts';
import { gunzipLines } from '../../lambda/export/files/ndjson.ts';
import type { Store } from '../../lambda/export/ports.ts';

/** One snapshot, looked at. */
export interface Verdict {
  readonly uri: string;
  /** Rows, as the manifest says. */
  readonly rows: number;
  /** What is wrong with it; empty where nothing is. */
  readonly problems: readonly string[];
}

/** What the rows themselves say. */
interface RowFindings {
  readonly content: Content | undefined;
  readonly proficiencies: number;
  readonly strangers: number;
  readonly twice: number;
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
  let proficiencies = 0;
  let strangers = 0;
  const isOurs = (row: Row) =>
    row.run_id === manifest.run_id && row.instance_id === manifest.instance_id;
  const measured = metered(body, (atEnd) => {
    content = atEnd;
  });
  for await (const line of gunzipLines(measured)) {
    const row = rowSchema.parse(parseLine(line));
    rows++;
    users.add(row.user_id);
    proficiencies += row.proficiency_count;
    if (!isOurs(row)) strangers++;
  }
  return { content, proficiencies, strangers, twice: rows - users.size };
}

const differs = (what: string, found: unknown, said: unknown): string[] =>
  found === said ? [] : [`${what} is ${found}, but the manifest says ${said}`];

function compare(found: RowFindings, manifest: Manifest): string[] {
  const { content, proficiencies, strangers, twice } = found;
  const { snapshot } = manifest;
  return [
    ...differs('size in bytes', content?.bytes, snapshot.bytes),
    ...differs('number of rows', content?.rows, snapshot.rows),
    ...differs('SHA-256 of the rows', content?.sha256, snapshot.sha256),
    ...differs('number of proficiencies', proficiencies, manifest.proficiencies),
    ...(strangers > 0 ? [`${strangers} rows are of another run or instance`] : []),
    ...(twice > 0 ? [`${twice} users are in it twice`] : []),
  ];
}

const unaccounted = (manifest: Manifest): string[] => {
  const { users_exported, users_deleted_during_run, users_failed, users_listed } = manifest;
  const known = users_exported + users_deleted_during_run + users_failed;
  return known === users_listed
    ? []
    : [`${users_listed} users were listed, but ${known} are accounted for`];
};

/**
 * Compares a snapshot, byte by byte and row by row, with what its manifest says of it.
 *
 * @returns what is wrong, a phrase each; empty where nothing is
 */
async function verifySnapshot(store: Store, manifest: Manifest): Promise<string[]> {
  const key = snapshotKey(manifest.instance_id, manifest.snapshot_date);
  const object = await store.get(key);
  if (!object) return ['the snapshot is missing'];
  if (object.bytes !== manifest.snapshot.bytes) {
    await object.body[Symbol.asyncIterator]().return?.();
    return differs('size in bytes', object.bytes, manifest.snapshot.bytes);
  }
  try {
    const found = await readSnapshot(object.body, manifest);
    return [...compare(found, manifest), ...unaccounted(manifest)];
  } catch (error) {
    return [
      `it cannot be read as gzip NDJSON of users (${error instanceof Error ? error.message : error})`,
    ];
  }
}

async function keysUnder(store: Store, prefix: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const key of store.list(prefix)) keys.push(key);
  return keys.sort();
}

async function verdictOn(store: Store, manifestKey: string): Promise<Verdict & { key?: string }> {
  try {
    const manifest = await getDocument(store, manifestKey, manifestSchema);
    if (!manifest) return { uri: store.uri(manifestKey), rows: 0, problems: ['it has just gone'] };
    const { instance_id, snapshot_date, snapshot } = manifest.value;
    const key = snapshotKey(instance_id, snapshot_date);
    const problems = await verifySnapshot(store, manifest.value);
    return { key, uri: store.uri(key), rows: snapshot.rows, problems };
  } catch (error) {
    if (!(error instanceof ExportFailure) || error.name !== 'DamagedRun') throw error;
    return { uri: store.uri(manifestKey), rows: 0, problems: [error.message] };
  }
}

/** Verifies every snapshot of a store against its manifest, oldest key first. */
export async function* verifyStore(store: Store): AsyncGenerator<Verdict> {
  const described = new Set<string | undefined>();
  for (const manifestKey of await keysUnder(store, MANIFESTS_PREFIX)) {
    const { key, ...verdict } = await verdictOn(store, manifestKey);
    described.add(key);
    yield verdict;
  }
  for (const key of await keysUnder(store, SNAPSHOTS_PREFIX)) {
    if (described.has(key)) continue;
    const problems = ['it has no manifest: its run was cut off; export again with --resume'];
    yield { uri: store.uri(key), rows: 0, problems };
  }
}
