import { isNativeError } from 'node:util/types';
import * as z from 'zod/mini';
import { $ZodError } from 'zod/v4/core';
import { manifestKey, snapshotKey } from '../../contract/keys.ts';
import { type Manifest, manifestSchema } from '../../contract/manifest.ts';
import { type Document, getDocument } from '../files/json.ts';
import { fromLine, gunzipLines } from '../files/ndjson.ts';
import type { ObjectInfo, Store, StoredObject } from '../ports.ts';
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

/** Somebody put something else there; whatever it is, it belongs to no run. */
const isForeign = (error: unknown): boolean =>
  error instanceof $ZodError ||
  (isNativeError(error) &&
    (error.name === 'SyntaxError' ||
      error.name === 'TypeError' ||
      ('code' in error && String(error.code).startsWith('Z_'))));

/** The run that wrote a snapshot, by its first row; an empty snapshot does not tell. */
async function runOf(object: StoredObject): Promise<string | undefined> {
  try {
    for await (const line of gunzipLines(object.body)) {
      return rowOfARun.parse(fromLine(line)).run_id;
    }
  } catch (error) {
    if (!isForeign(error)) throw error;
  }
  return undefined;
}

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
  const author = snapshot && (await runOf(snapshot));
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
