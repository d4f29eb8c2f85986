import { ExportFailure } from '../contract/failure.ts';
import {
  MANIFESTS_PREFIX,
  manifestKey,
  manifestsOf,
  partitionIn,
  snapshotKey,
} from '../contract/keys.ts';
import { type Manifest, manifestSchema } from '../contract/manifest.ts';
import { rowSchema } from '../contract/row.ts';
import { isForeign } from '../export/files/first-line.ts';
import { damaged, getDocument, leaveUnread } from '../export/files/json.ts';
import { fromLine, gunzip, gunzipHashed, linesTogether } from '../export/files/ndjson.ts';
import type { Store, StoredObject } from '../export/ports.ts';

/** The ids of the instances that have published snapshots, in their order. */
export async function publishedInstances(store: Store): Promise<string[]> {
  const ids = new Set<string>();
  for await (const key of store.list(MANIFESTS_PREFIX)) {
    const partition = partitionIn(key, manifestKey);
    if (partition) ids.add(partition.instanceId);
  }
  return [...ids].sort();
}

/** The dates of an instance's published snapshots, the oldest first. */
export async function publishedDates(store: Store, instanceId: string): Promise<string[]> {
  const dates: string[] = [];
  for await (const key of store.list(manifestsOf(instanceId))) {
    const partition = partitionIn(key, manifestKey);
    if (partition) dates.push(partition.snapshotDate);
  }
  return dates.sort();
}

/**
 * The manifest of a published snapshot.
 *
 * @throws ExportFailure DamagedRun where there is none that can be read, or it is about another snapshot
 */
export async function manifestOf(
  store: Store,
  instanceId: string,
  snapshotDate: string,
): Promise<Manifest> {
  const key = manifestKey(instanceId, snapshotDate);
  const found = await getDocument(store, key, manifestSchema);
  if (!found) throw new ExportFailure('DamagedRun', `${store.uri(key)} has just gone; try again.`);
  const { value } = found;
  if (value.instance_id === instanceId && value.snapshot_date === snapshotDate) return value;
  throw damaged(
    store,
    key,
    `it describes the snapshot of ${value.instance_id} of ${value.snapshot_date}`,
  );
}

/** The rows there are not those that the manifest describes. */
export const notAsDescribed = (
  store: Store,
  { instance_id, snapshot_date }: Manifest,
  why: string,
): ExportFailure =>
  new ExportFailure(
    'DamagedRun',
    `${store.uri(snapshotKey(instance_id, snapshot_date))} is not what its manifest describes (${why}): a run may be publishing it at this moment, so try again; if it stays so, restore it.`,
  );

/**
 * The snapshot that a manifest describes, as far as its size tells.
 *
 * @throws ExportFailure DamagedRun where another object, or none, is there
 */
export async function openSnapshot(store: Store, manifest: Manifest): Promise<StoredObject> {
  const object = await store.get(snapshotKey(manifest.instance_id, manifest.snapshot_date));
  if (!object) throw notAsDescribed(store, manifest, 'it is missing');
  if (object.bytes === manifest.snapshot.bytes) return object;
  await leaveUnread(object);
  const why = `${object.bytes} bytes instead of ${manifest.snapshot.bytes}`;
  throw notAsDescribed(store, manifest, why);
}

/** The user of a line; a quote within a text is escaped, so that this is found nowhere else. Most lines need not be parsed. */
const USER_ID = /"user_id":"([^"\\]*)"/;

/** A row as it is written. Its texts are parts of a longer one, which they keep in memory. */
interface UserLine {
  readonly userId: string;
  readonly line: string;
}

const userIn = (line: string): string =>
  USER_ID.exec(line)?.[1] ?? rowSchema.parse(fromLine(line)).user_id;

async function* linesIn(
  store: Store,
  manifest: Manifest,
  content: AsyncIterable<Uint8Array>,
  isWanted: (userId: string) => boolean,
): AsyncGenerator<UserLine> {
  try {
    for await (const lines of linesTogether(content)) {
      for (const line of lines) {
        const userId = userIn(line);
        if (isWanted(userId)) yield { userId, line };
      }
    }
  } catch (error) {
    if (!isForeign(error)) throw error;
    throw notAsDescribed(store, manifest, 'it cannot be read as gzip NDJSON of users');
  }
}

/** Reads the rows of a published snapshot, those of some users or of all. */
export type ReadLines = (isWanted?: (userId: string) => boolean) => AsyncGenerator<UserLine>;

/**
 * Gets ready to read a published snapshot, as often as need be.
 *
 * All reads are of the same object, and the first that comes to its end compares it with the manifest. They throw
 * ExportFailure DamagedRun, at the end at the latest, where it is not what the manifest describes.
 */
export function snapshotReader(store: Store, manifest: Manifest): ReadLines {
  let checked: string | undefined;
  return async function* read(isWanted = () => true) {
    const { etag, body } = await openSnapshot(store, manifest);
    if (etag === checked) {
      yield* linesIn(store, manifest, gunzip(body), isWanted);
      return;
    }
    let sha256: string | undefined;
    const content = gunzipHashed(body, (atEnd) => {
      sha256 = atEnd;
    });
    yield* linesIn(store, manifest, content, isWanted);
    if (checked !== undefined || sha256 !== manifest.snapshot.sha256) {
      throw notAsDescribed(store, manifest, 'its rows are other ones');
    }
    checked = etag;
  };
}
