import { readdir, readFile, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { ExportFailure } from '../../contract/failure.ts';
import {
  CHANGES_PREFIX,
  COVERAGE_TARGETS_KEY,
  changesKey,
  MANIFESTS_PREFIX,
  manifestKey,
  partitionIn,
  SNAPSHOTS_PREFIX,
  snapshotKey,
} from '../../contract/keys.ts';
import { manifestSchema } from '../../contract/manifest.ts';
import { parseJson } from '../../export/files/json.ts';
import type { TableName } from '../../sql/tables.ts';
import { unless } from '../store/folder-failure.ts';

/** Where the rows of each table lie. */
export type PublishedFiles = Readonly<Record<TableName, readonly string[]>>;

async function keysUnder(
  folder: string,
  prefix: string,
  keyOf: typeof snapshotKey,
): Promise<readonly string[]> {
  const below = readdir(join(folder, prefix), { recursive: true });
  const names = await unless(below, ['ENOENT', 'ENOTDIR'], []);
  return names
    .map((name) => `${prefix}${name.replaceAll(sep, '/')}`)
    .filter((key) => partitionIn(key, keyOf))
    .sort();
}

async function keysThatExist(folder: string, key: string): Promise<readonly string[]> {
  return (await unless(stat(join(folder, key)), ['ENOENT', 'ENOTDIR'], undefined)) ? [key] : [];
}

/** A file is not what was published. */
export const damagedFile = (file: string, why: string, cause?: unknown): ExportFailure =>
  new ExportFailure(
    'DamagedRun',
    `${file} ${why}: get it again from where it was copied, or restore an earlier version; \`npx proficiencies verify\` names all such files.`,
    { cause },
  );

/** A truncated gzip file answers too, with the rows that are left: its size tells, at next to no cost. */
async function checkSize(folder: string, key: string): Promise<void> {
  const said = parseJson(await readFile(join(folder, key), 'utf8'));
  if (said === undefined) throw damagedFile(join(folder, key), 'is not JSON');
  const manifest = manifestSchema.safeParse(said);
  // One of a later version may say more than this one knows: DuckDB takes of it what it needs.
  if (!manifest.success) return;
  const { instance_id, snapshot_date, snapshot } = manifest.data;
  const file = join(folder, snapshotKey(instance_id, snapshot_date));
  const found = await unless(stat(file), ['ENOENT'], undefined);
  if (!found) throw damagedFile(file, 'is missing, but its manifest is there');
  if (found.size === snapshot.bytes) return;
  throw damagedFile(file, `has ${found.size} bytes, but its manifest says ${snapshot.bytes}`);
}

/** The snapshot of each instance whose manifest is the newest. */
function newestOf(snapshots: readonly string[], manifests: readonly string[]): readonly string[] {
  const newest = new Map<string, string>();
  for (const key of manifests) {
    const { instanceId = '', snapshotDate = '' } = partitionIn(key, manifestKey) ?? {};
    newest.set(instanceId, snapshotKey(instanceId, snapshotDate));
  }
  const all = new Set(newest.values());
  return snapshots.filter((key) => all.has(key));
}

/**
 * The files below a folder that is laid out as the bucket is.
 *
 * The newest rows are read from the snapshots themselves, of which `latest/` holds copies: a folder may be of an earlier version, and
 * a copy older than the newest snapshot.
 *
 * @throws ExportFailure DamagedRun where a manifest is no JSON, or a snapshot not as large as its manifest says
 */
export async function publishedFiles(folder: string): Promise<PublishedFiles> {
  const snapshots = await keysUnder(folder, SNAPSHOTS_PREFIX, snapshotKey);
  const manifests = await keysUnder(folder, MANIFESTS_PREFIX, manifestKey);
  const changes = await keysUnder(folder, CHANGES_PREFIX, changesKey);
  const targets = await keysThatExist(folder, COVERAGE_TARGETS_KEY);
  await Promise.all(manifests.map((key) => checkSize(folder, key)));
  const inFolder = (key: string): string => join(folder, key);
  return {
    user_proficiencies: snapshots.map(inFolder),
    export_runs: manifests.map(inFolder),
    latest_user_proficiencies: newestOf(snapshots, manifests).map(inFolder),
    snapshot_changes: changes.map(inFolder),
    coverage_targets: targets.map(inFolder),
  };
}
