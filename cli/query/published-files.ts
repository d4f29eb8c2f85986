import { readdirSync, statSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { COMMAND_NAME } from '../../contract/command-name.ts';
import { ExportFailure } from '../../contract/failure.ts';
import {
  ATTRIBUTES_PREFIX,
  attributesKey,
  CHANGES_PREFIX,
  COVERAGE_TARGETS_KEY,
  COVERAGE_TARGETS_PREFIX,
  changesKey,
  MANIFESTS_PREFIX,
  manifestKey,
  partitionIn,
  partitionsIn,
  SNAPSHOTS_PREFIX,
  snapshotKey,
} from '../../contract/keys.ts';
import { manifestSchema } from '../../contract/manifest.ts';
import { parseJson } from '../../export/files/json.ts';
import type { TableName } from '../../sql/tables.ts';
import { unless } from '../store/folder-failure.ts';

/** Where the rows of each table lie. */
export type PublishedFiles = Readonly<Record<TableName, readonly string[]>>;

/** Years make thousands of folders: read synchronously, they take a fifth of the processor time. */
function* filesUnder(folder: string, parent: string): Generator<string> {
  for (const entry of readdirSync(join(folder, parent), { withFileTypes: true })) {
    const name = `${parent}${entry.name}`;
    const isLinked = entry.isSymbolicLink() && isFolder(join(folder, name));
    if (entry.isDirectory() || isLinked) yield* filesUnder(folder, `${name}/`);
    else yield name;
  }
}

const isFolder = (path: string): boolean =>
  statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;

async function keysUnder(folder: string, prefix: string): Promise<readonly string[]> {
  const listing = async () => [...filesUnder(folder, prefix)];
  return unless(listing(), ['ENOENT', 'ENOTDIR'], []);
}

/** Nothing can be asked of a place, as a person named it. */
export const noSnapshot = (place: string): ExportFailure =>
  new ExportFailure(
    'InvalidRequest',
    `There is no snapshot in ${place}; export one first, or name another place with --out.`,
  );

/** A file is not what was published. */
export const damagedFile = (file: string, why: string, cause?: unknown): ExportFailure =>
  new ExportFailure(
    'DamagedRun',
    `${file} ${why}: get it again from where it was copied, or restore an earlier version; \`npx ${COMMAND_NAME} verify\` names all such files.`,
    { cause },
  );

/** Of files in their order, the last one of each instance. */
function newestOf(files: readonly string[]): readonly string[] {
  const newest = new Map<string, string>();
  for (const file of files) newest.set(dirname(dirname(file)), file);
  return [...newest.values()];
}

/** Below these lies what questions are about. */
const PUBLISHED_PREFIXES: readonly string[] = [
  SNAPSHOTS_PREFIX,
  MANIFESTS_PREFIX,
  CHANGES_PREFIX,
  ATTRIBUTES_PREFIX,
  COVERAGE_TARGETS_PREFIX,
];

/**
 * The keys of each table's rows, among the keys of all objects.
 *
 * The newest rows are read from the snapshots themselves, of which `latest/` holds copies: a folder may be of an earlier version, and
 * a copy older than the newest snapshot.
 */
export function publishedAmong(keys: readonly string[]): PublishedFiles {
  const partitioned = (keyOf: typeof snapshotKey) =>
    keys.filter((key) => partitionIn(key, keyOf)).toSorted();
  const snapshots = partitioned(snapshotKey);
  const manifests = partitioned(manifestKey);
  const there = new Set(snapshots);
  const newest = partitionsIn(newestOf(manifests), manifestKey).map(
    ({ instanceId, snapshotDate }) => snapshotKey(instanceId, snapshotDate),
  );
  return {
    user_proficiencies: snapshots,
    export_runs: manifests,
    latest_user_proficiencies: newest.filter((key) => there.has(key)),
    snapshot_changes: partitioned(changesKey),
    predefined_attributes: partitioned(attributesKey),
    coverage_targets: keys.filter((key) => key === COVERAGE_TARGETS_KEY),
  };
}

/** Something of each table. */
const perTable = <T>(of: (table: TableName) => T): Readonly<Record<TableName, T>> => ({
  user_proficiencies: of('user_proficiencies'),
  export_runs: of('export_runs'),
  latest_user_proficiencies: of('latest_user_proficiencies'),
  snapshot_changes: of('snapshot_changes'),
  predefined_attributes: of('predefined_attributes'),
  coverage_targets: of('coverage_targets'),
});

/** Of the files, those of some tables. */
export const ofTables = (files: PublishedFiles, tables: ReadonlySet<TableName>): PublishedFiles =>
  perTable((table) => (tables.has(table) ? files[table] : []));

/** The same files below a folder. */
export const inFolder = (folder: string, keys: PublishedFiles): PublishedFiles =>
  perTable((table) => keys[table].map((key) => join(folder, key)));

/** What is published in a folder that is laid out as the bucket is. */
export async function publishedIn(folder: string): Promise<PublishedFiles> {
  const keys = await Promise.all(PUBLISHED_PREFIXES.map((prefix) => keysUnder(folder, prefix)));
  return publishedAmong(keys.flat());
}

/** A truncated gzip file answers too, with the rows that are left: its size tells, at next to no cost. */
async function checkSize(folder: string, file: string, mayBeAbsent: boolean): Promise<void> {
  const said = parseJson(await readFile(file, 'utf8'));
  if (said === undefined) throw damagedFile(file, 'is not JSON');
  const manifest = manifestSchema.safeParse(said);
  // One of a later version may say more than this one knows: DuckDB takes of it what it needs.
  if (!manifest.success) return;
  const { instance_id, snapshot_date, snapshot } = manifest.data;
  const rows = join(folder, snapshotKey(instance_id, snapshot_date));
  const found = await unless(stat(rows), ['ENOENT'], undefined);
  if (!found && mayBeAbsent) return;
  if (!found) throw damagedFile(rows, 'is missing, but its manifest is there');
  if (found.size === snapshot.bytes) return;
  throw damagedFile(rows, `has ${found.size} bytes, but its manifest says ${snapshot.bytes}`);
}

/** How much of what was exported a folder holds: all of it; or what a question needs, of a bucket in which all of it is. */
export type Extent = 'whole' | 'excerpt';

/**
 * Compares snapshots with their manifests before they are read, each of them once.
 *
 * @returns compares what a statement over these tables reads; throws ExportFailure DamagedRun where a manifest is no JSON, or a
 *   snapshot not as large as its manifest says
 */
export function snapshotChecker(
  folder: string,
  { export_runs }: PublishedFiles,
  extent: Extent,
): (tables: ReadonlySet<TableName>) => Promise<void> {
  const checked = new Set<string>();
  const read = (tables: ReadonlySet<TableName>): readonly string[] => {
    if (tables.has('user_proficiencies')) return export_runs;
    return tables.has('latest_user_proficiencies') ? newestOf(export_runs) : [];
  };
  return async (tables) => {
    const unchecked = read(tables).filter((file) => !checked.has(file));
    await Promise.all(unchecked.map((file) => checkSize(folder, file, extent === 'excerpt')));
    for (const file of unchecked) checked.add(file);
  };
}
