import { readdir } from 'node:fs/promises';
import { join, sep } from 'node:path';
import {
  MANIFESTS_PREFIX,
  manifestKey,
  SNAPSHOTS_PREFIX,
  snapshotKey,
} from '../../lambda/contract/keys.ts';
import { unless } from '../store/folder-failure.ts';
import type { Files } from './tables.ts';

const PARTITION =
  /^instance_id=(?<instanceId>[^/]+)\/snapshot_date=(?<snapshotDate>\d{4}-\d{2}-\d{2})\//;

/** Whether a key is the one that the contract gives to its own partition: files still being written are not. */
function isPublished(key: string, prefix: string, keyOf: typeof snapshotKey): boolean {
  const { instanceId, snapshotDate } = PARTITION.exec(key.slice(prefix.length))?.groups ?? {};
  return (
    instanceId !== undefined &&
    snapshotDate !== undefined &&
    key === keyOf(instanceId, snapshotDate)
  );
}

async function find(
  folder: string,
  prefix: string,
  keyOf: typeof snapshotKey,
): Promise<readonly string[]> {
  const below = readdir(join(folder, prefix), { recursive: true });
  const names = await unless(below, ['ENOENT', 'ENOTDIR'], []);
  return names
    .map((name) => `${prefix}${name.replaceAll(sep, '/')}`)
    .filter((key) => isPublished(key, prefix, keyOf))
    .sort()
    .map((key) => join(folder, key));
}

/** The snapshots and manifests below a folder that is laid out as the bucket is. */
export async function publishedFiles(folder: string): Promise<Files> {
  return {
    snapshots: await find(folder, SNAPSHOTS_PREFIX, snapshotKey),
    manifests: await find(folder, MANIFESTS_PREFIX, manifestKey),
  };
}
