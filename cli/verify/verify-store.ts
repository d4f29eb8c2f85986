import { ExportFailure } from '../../contract/failure.ts';
import {
  MANIFESTS_PREFIX,
  manifestKey,
  type Partition,
  partitionIn,
  SNAPSHOTS_PREFIX,
  snapshotKey,
} from '../../contract/keys.ts';
import { type Manifest, manifestSchema } from '../../contract/manifest.ts';
import { getDocument } from '../../export/files/json.ts';
import type { Store } from '../../export/ports.ts';
import { contradictions, misplaced } from './verify-manifest.ts';
import { verifySnapshot } from './verify-snapshot.ts';

/** One snapshot, looked at. */
export interface Verdict {
  readonly uri: string;
  readonly partition: Partition;
  /** Absent where there is none that can be read. */
  readonly manifest?: Manifest;
  /** What is wrong with it; empty where nothing is. */
  readonly problems: readonly string[];
}

/** Which snapshots to verify. */
export type Narrowing = (partition: Partition) => boolean;

/** The instances and dates under a prefix. Whatever else lies there, such as `.DS_Store`, is not ours to judge. */
async function partitionsUnder(
  store: Store,
  prefix: string,
  keyOf: typeof snapshotKey,
  isWanted: Narrowing,
): Promise<Partition[]> {
  const found: Partition[] = [];
  for await (const key of store.list(prefix)) {
    const partition = partitionIn(key, keyOf);
    if (partition && isWanted(partition)) found.push(partition);
  }
  return found.sort((a, b) =>
    snapshotKey(a.instanceId, a.snapshotDate) < snapshotKey(b.instanceId, b.snapshotDate) ? -1 : 1,
  );
}

/** What is wrong with one object, or refused of it, says nothing about the others; a store that is not there does. */
const isOfOneObject = (error: unknown): error is ExportFailure =>
  error instanceof ExportFailure && error.name !== 'ServiceUnavailable';

async function verdictOn(store: Store, partition: Partition, now: Date): Promise<Verdict> {
  const { instanceId, snapshotDate } = partition;
  const key = snapshotKey(instanceId, snapshotDate);
  const said = manifestKey(instanceId, snapshotDate);
  try {
    const found = await getDocument(store, said, manifestSchema);
    if (!found) return { uri: store.uri(said), partition, problems: ['it has just gone'] };
    const manifest = found.value;
    const elsewhere = misplaced(manifest, partition);
    const problems =
      elsewhere.length > 0
        ? elsewhere
        : [...contradictions(manifest, now), ...(await verifySnapshot(store, key, manifest))];
    return { uri: store.uri(key), partition, manifest, problems };
  } catch (error) {
    if (!isOfOneObject(error)) throw error;
    return { uri: store.uri(said), partition, problems: [error.message] };
  }
}

/**
 * Verifies the snapshots of a store against their manifests, oldest key first.
 *
 * @param now by the clock of whoever verifies
 * @param isWanted default: all of them
 */
export async function* verifyStore(
  store: Store,
  now: Date,
  isWanted: Narrowing = () => true,
): AsyncGenerator<Verdict> {
  const described = new Set<string>();
  for (const partition of await partitionsUnder(store, MANIFESTS_PREFIX, manifestKey, isWanted)) {
    described.add(snapshotKey(partition.instanceId, partition.snapshotDate));
    yield verdictOn(store, partition, now);
  }
  for (const partition of await partitionsUnder(store, SNAPSHOTS_PREFIX, snapshotKey, isWanted)) {
    const key = snapshotKey(partition.instanceId, partition.snapshotDate);
    if (described.has(key)) continue;
    const problems = ['it has no manifest: its run was cut off; export again with --resume'];
    yield { uri: store.uri(key), partition, problems };
  }
}
