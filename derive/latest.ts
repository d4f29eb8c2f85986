import * as z from 'zod/mini';
import { latestKey, snapshotKey } from '../contract/keys.ts';
import type { Manifest } from '../contract/manifest.ts';
import { type Row, rowSchema } from '../contract/row.ts';
import { firstLine, isForeign } from '../export/files/first-line.ts';
import { unchanged } from '../export/files/json.ts';
import { fromLine, toLine } from '../export/files/ndjson.ts';
import { overRivals } from '../export/files/rivals.ts';
import type { ObjectInfo, Store } from '../export/ports.ts';
import { zipped } from './lines.ts';
import {
  manifestOf,
  notAsDescribed,
  openSnapshot,
  publishedDates,
  snapshotReader,
} from './published.ts';

/** What tells the snapshot that a row is of. */
const origin = z.looseObject({ run_id: z.string(), snapshot_date: z.optional(z.iso.date()) });
type Origin = z.infer<typeof origin>;

/** Of an empty snapshot nothing tells: there every copy is the same. */
const isOf = (row: Origin | undefined, { run_id, snapshot_date, snapshot }: Manifest): boolean =>
  snapshot.rows === 0
    ? row === undefined
    : row?.run_id === run_id && row.snapshot_date === snapshot_date;

/** Whether the rows of a published snapshot are where the newest ones are always found. */
export async function isCopied(store: Store, manifest: Manifest): Promise<boolean> {
  const copy = await store.get(latestKey(manifest.instance_id));
  return copy !== undefined && isOf(await firstLine(copy, origin), manifest);
}

function rowOn(store: Store, manifest: Manifest, line: string): Row {
  try {
    return rowSchema.parse(fromLine(line));
  } catch (error) {
    if (!isForeign(error)) throw error;
    throw notAsDescribed(store, manifest, 'one of its rows is of another kind');
  }
}

/** The lines of the newest snapshot's copy: versions before did not date their rows. */
export async function* datedLines(store: Store, manifest: Manifest): AsyncGenerator<string> {
  for await (const { line } of snapshotReader(store, manifest)()) {
    const { instance_id, ...row } = rowOn(store, manifest, line);
    yield toLine({ instance_id, snapshot_date: manifest.snapshot_date, ...row });
  }
}

async function copyOf(
  store: Store,
  manifest: Manifest,
  before: ObjectInfo | undefined,
): Promise<ObjectInfo> {
  const { instance_id, run_id, snapshot_date, snapshot } = manifest;
  const key = latestKey(instance_id);
  const object = await openSnapshot(store, manifest);
  const row = await firstLine(object, origin);
  if (row?.run_id !== (snapshot.rows === 0 ? undefined : run_id)) {
    throw notAsDescribed(store, manifest, 'its rows are of another run');
  }
  if (row && row.snapshot_date === undefined) {
    return store.put(key, () => zipped(datedLines(store, manifest)), unchanged(before));
  }
  const source = {
    key: snapshotKey(instance_id, snapshot_date),
    etag: object.etag,
    bytes: object.bytes,
  };
  return store.copy(source, key, unchanged(before));
}

/**
 * Puts the rows of the newest published snapshot where they are always found.
 *
 * What is there is looked at before the dates are: whoever replaces it in between has seen a date that is as new, and the
 * conditional write then fails. So no older snapshot replaces a newer one.
 *
 * @throws ExportFailure DamagedRun where the newest snapshot is not what its manifest describes
 */
export async function deriveLatest(
  store: Store,
  instanceId: string,
): Promise<'written' | 'unchanged' | 'none'> {
  const key = latestKey(instanceId);
  return overRivals(store.uri(key), async () => {
    const before = await store.get(key);
    const row = before && (await firstLine(before, origin));
    const newest = (await publishedDates(store, instanceId)).at(-1);
    if (newest === undefined) return 'none';
    const manifest = await manifestOf(store, instanceId, newest);
    if (before && isOf(row, manifest)) return 'unchanged';
    await copyOf(store, manifest, before);
    return 'written';
  });
}
