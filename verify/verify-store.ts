import {
  MANIFESTS_PREFIX,
  manifestKey,
  type Partition,
  partitionIn,
  SNAPSHOTS_PREFIX,
  snapshotKey,
} from '../contract/keys.ts';
import type { Store } from '../export/ports.ts';
import { type Day, type Span, type Verdict, verifySpan } from './verify-span.ts';

/** Which snapshots to verify. */
export type Narrowing = (partition: Partition) => boolean;

/** The instances and dates under a prefix, in their order. Whatever else lies there, such as `.DS_Store`, is not ours to judge. */
async function partitionsUnder(
  store: Store,
  prefix: string,
  keyOf: typeof snapshotKey,
): Promise<Partition[]> {
  const found: Partition[] = [];
  for await (const key of store.list(prefix)) {
    const partition = partitionIn(key, keyOf);
    if (partition) found.push(partition);
  }
  return found.sort((a, b) =>
    snapshotKey(a.instanceId, a.snapshotDate) < snapshotKey(b.instanceId, b.snapshotDate) ? -1 : 1,
  );
}

/** The wanted days of each instance. */
function spansOf(published: readonly Partition[], isWanted: Narrowing): Span[] {
  const days = new Map<string, Day[]>();
  for (const [index, { instanceId, snapshotDate }] of published.entries()) {
    if (!isWanted({ instanceId, snapshotDate })) continue;
    const [before, after] = [published[index - 1], published[index + 1]];
    const previous = before?.instanceId === instanceId ? before.snapshotDate : undefined;
    const day = { snapshotDate, previous, isNewest: after?.instanceId !== instanceId };
    days.set(instanceId, [...(days.get(instanceId) ?? []), day]);
  }
  return [...days].map(([instanceId, days]) => ({ instanceId, days }));
}

/** Snapshots that no manifest describes. */
async function withoutManifest(
  store: Store,
  published: readonly Partition[],
  isWanted: Narrowing,
): Promise<Verdict[]> {
  const keyOf = ({ instanceId, snapshotDate }: Partition) => snapshotKey(instanceId, snapshotDate);
  const described = new Set(published.map(keyOf));
  const there = await partitionsUnder(store, SNAPSHOTS_PREFIX, snapshotKey);
  return there
    .filter((partition) => isWanted(partition) && !described.has(keyOf(partition)))
    .map((partition) => ({
      uri: store.uri(keyOf(partition)),
      partition,
      problems: ['it has no manifest: its run was cut off; export again with --resume'],
      derived: [],
    }));
}

/**
 * Verifies the snapshots of a store against their manifests, oldest key first, and what was derived from them.
 *
 * @param now by the clock of whoever verifies
 * @param isWanted default: all of them; of the newest snapshot's copy, the date is that snapshot's
 * @param verify verifies spans of days in their order. Default: one after the other
 */
export async function* verifyStore(
  store: Store,
  now: Date,
  isWanted: Narrowing = () => true,
  verify = (spans: readonly Span[]) => oneByOne(store, now, spans),
): AsyncGenerator<Verdict> {
  const published = await partitionsUnder(store, MANIFESTS_PREFIX, manifestKey);
  yield* verify(spansOf(published, isWanted));
  yield* await withoutManifest(store, published, isWanted);
}

async function* oneByOne(store: Store, now: Date, spans: readonly Span[]): AsyncGenerator<Verdict> {
  for (const span of spans) yield* verifySpan(store, now, span);
}
