import { attributesKey } from '../../contract/keys.ts';
import type { Manifest, PublishedObject } from '../../contract/manifest.ts';
import { measure } from '../files/gzip-meter.ts';
import { leaveUnread, putOwn, unchanged } from '../files/json.ts';
import { gzipLines } from '../files/ndjson.ts';
import { keptAttributes } from '../plan/attributes.ts';
import type { ObjectInfo, Store } from '../ports.ts';
import type { State } from '../run/state.ts';

/** What a manifest says of the predefined attributes. */
export type PublishedAttributes = NonNullable<Manifest['predefined_attributes']>;

const keyOf = ({ instance_id, snapshot_date }: State): string =>
  attributesKey(instance_id, snapshot_date);

/** The attributes that are visible now, to be replaced conditionally. */
export async function attributesThere(store: Store, state: State): Promise<ObjectInfo | undefined> {
  const there = await store.get(keyOf(state));
  await leaveUnread(there);
  return there;
}

const LOST = 'The list that this run had read is no longer among its working files.';

/** What is to be visible of the attributes, and the lines for it. */
async function toPublish(
  store: Store,
  { instance_id, run_id, plan, predefined_attributes: read }: State,
): Promise<Pick<PublishedAttributes, 'status' | 'reason'> & { readonly body: Uint8Array }> {
  const { status, reason } = read;
  if (status !== 'complete') return { status, reason, body: await gzipLines([]) };
  const run = { instanceId: instance_id, runId: run_id };
  const body = await keptAttributes(store, run, plan.id, read);
  return body
    ? { status, reason, body }
    : { status: 'none', reason: LOST, body: await gzipLines([]) };
}

async function described(
  key: string,
  body: Uint8Array,
  { etag, versionId }: ObjectInfo,
): Promise<PublishedObject> {
  const { bytes, rows, sha256 } = await measure([body]);
  return { key, bytes, rows, sha256, etag, version_id: versionId ?? null };
}

/**
 * Makes the attributes visible that go with a snapshot. Where they were not to be had the object is empty, so that none of an earlier
 * run stands beside the snapshot, and every rival notices that this run was there. A run that does not ask for them writes nothing, except over those of an
 * earlier run.
 *
 * @param before what was visible when publishing began
 * @throws PreconditionFailed where another writer was first
 */
export async function publishAttributes(
  store: Store,
  state: State,
  before: ObjectInfo | undefined,
): Promise<PublishedAttributes> {
  const { status, reason, body } = await toPublish(store, state);
  if (status === 'off' && !before) return { status, reason, object: null };
  const key = keyOf(state);
  const info = await putOwn(store, key, body, unchanged(before));
  return { status, reason, object: await described(key, body, info) };
}
