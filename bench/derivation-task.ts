import { z } from 'zod';
import { folderStore } from '../cli/store/folder-store.ts';
import { manifestKey, manifestsOf, partitionIn, snapshotKey } from '../contract/keys.ts';
import { deriveInstance } from '../derive/instance.ts';
import { fromLine, gunzipLines } from '../export/files/ndjson.ts';
import type { Store } from '../export/ports.ts';

/** Reads every snapshot once and gives the number of rows: no derivation can do with less. */
async function read(store: Store, instanceId: string): Promise<number> {
  let rows = 0;
  for await (const key of store.list(manifestsOf(instanceId))) {
    const { snapshotDate = '' } = partitionIn(key, manifestKey) ?? {};
    const object = await store.get(snapshotKey(instanceId, snapshotDate));
    if (!object) continue;
    for await (const line of gunzipLines(object.body)) if (fromLine(line)) rows += 1;
  }
  return rows;
}

/** Gives the number of objects that were written. */
async function derive(store: Store, instanceId: string): Promise<number> {
  let objects = 0;
  await deriveInstance(store, instanceId, { written: () => (objects += 1) });
  return objects;
}

/** What is compared, over a folder of published snapshots. */
const TASKS = { read, derive } as const;

/** What the process is started with, as JSON in its first argument. */
export const derivationTaskSchema = z.strictObject({
  task: z.enum(['read', 'derive']),
  instanceId: z.string(),
  folder: z.string(),
});

export type DerivationTask = z.infer<typeof derivationTaskSchema>;

export const perform = ({ task, instanceId, folder }: DerivationTask): Promise<number> =>
  TASKS[task](folderStore(folder), instanceId);
