import * as z from 'zod/mini';
import { manifestKey, snapshotKey } from '../../contract/keys.ts';
import { type Manifest, manifestSchema } from '../../contract/manifest.ts';
import { firstLine } from '../files/first-line.ts';
import { type Document, getDocument } from '../files/json.ts';
import type { ObjectInfo, Store } from '../ports.ts';
import { readLease } from '../run/lease.ts';

/** What is visible of an instance on a date. */
export interface Published {
  /** The snapshot object, to be replaced conditionally. */
  readonly snapshot?: ObjectInfo;
  readonly manifest?: Document<Manifest>;
  /** The newest run that has a hand in it; `undefined` where nothing, or nothing traceable, is published. */
  readonly runId?: string;
}

const rowOfARun = z.looseObject({ run_id: z.string() });

const newer = (a: string | undefined, b: string | undefined): string | undefined =>
  a === undefined || (b !== undefined && b > a) ? b : a;

/**
 * Reads what is published. A run that was cut off between snapshot and manifest is known by its rows,
 * so that no older run takes the older manifest for the whole truth.
 */
export async function readPublished(
  store: Store,
  instanceId: string,
  snapshotDate: string,
): Promise<Published> {
  const manifest = await getDocument(store, manifestKey(instanceId, snapshotDate), manifestSchema);
  const snapshot = await store.get(snapshotKey(instanceId, snapshotDate));
  // An empty snapshot does not tell.
  const author = snapshot && (await firstLine(snapshot, rowOfARun))?.run_id;
  const runId = newer(manifest?.value.run_id, author);
  return {
    ...(snapshot && { snapshot }),
    ...(manifest && { manifest }),
    ...(runId !== undefined && { runId }),
  };
}

/**
 * The run of an instance that was begun last, where it has neither published nor been overtaken by a
 * newer one; `undefined` where there is nothing to go on with.
 */
export async function unfinishedRun(store: Store, instanceId: string): Promise<string | undefined> {
  const lease = await readLease(store, instanceId);
  if (!lease) return undefined;
  const { run_id, snapshot_date } = lease.value;
  const { manifest } = await readPublished(store, instanceId, snapshot_date);
  const settled = manifest !== undefined && manifest.value.run_id >= run_id;
  return settled ? undefined : run_id;
}
