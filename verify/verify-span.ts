import { ExportFailure } from '../contract/failure.ts';
import { manifestKey, type Partition, snapshotKey } from '../contract/keys.ts';
import { type Manifest, manifestSchema } from '../contract/manifest.ts';
import { getDocument } from '../export/files/json.ts';
import type { Store } from '../export/ports.ts';
import { verifyAttributes } from './verify-attributes.ts';
import { type DerivedVerdict, type Seen, verifyDerived } from './verify-derived.ts';
import { contradictions, misplaced } from './verify-manifest.ts';
import { verifySnapshot } from './verify-snapshot.ts';

/** A date of which a snapshot is published. */
export interface Day {
  readonly snapshotDate: string;
  /** Date of the published snapshot before it. */
  readonly previous: string | undefined;
  /** Whether it is the newest of its instance. */
  readonly isNewest: boolean;
}

/** Days of an instance, the oldest first. */
export interface Span {
  readonly instanceId: string;
  readonly days: readonly Day[];
}

/** One snapshot, looked at. */
export interface Verdict {
  readonly uri: string;
  readonly partition: Partition;
  /** Absent where there is none that can be read. */
  readonly manifest?: Manifest;
  /** What is wrong with it; empty where nothing is. */
  readonly problems: readonly string[];
  /** Of what was derived from it, where nothing is wrong with it. */
  readonly derived: readonly DerivedVerdict[];
}

interface Looked {
  readonly verdict: Omit<Verdict, 'derived'>;
  /** Absent where no manifest describes it. */
  readonly seen?: Seen;
}

/** What is wrong with one object, or refused of it, says nothing about the others; a store that is not there does. */
const isOfOneObject = (error: unknown): error is ExportFailure =>
  error instanceof ExportFailure && error.name !== 'ServiceUnavailable';

async function look(
  store: Store,
  now: Date,
  partition: Partition,
  before: Seen | undefined,
): Promise<Looked> {
  const { instanceId, snapshotDate } = partition;
  const key = snapshotKey(instanceId, snapshotDate);
  const document = manifestKey(instanceId, snapshotDate);
  const unread = (problem: string): Looked => ({
    verdict: { uri: store.uri(document), partition, problems: [problem] },
  });
  try {
    const found = await getDocument(store, document, manifestSchema);
    if (!found) return unread('it has just gone');
    const manifest = found.value;
    const common = { uri: store.uri(key), partition, manifest };
    const elsewhere = misplaced(manifest, partition);
    if (elsewhere.length > 0) return { verdict: { ...common, problems: elsewhere } };
    const { said, problems } = await verifySnapshot(store, key, manifest, before?.said);
    const beside = await verifyAttributes(store, partition, manifest);
    return {
      verdict: { ...common, problems: [...contradictions(manifest, now), ...problems, ...beside] },
      seen: { manifest, said },
    };
  } catch (error) {
    if (!isOfOneObject(error)) throw error;
    return unread(error.message);
  }
}

/**
 * Verifies the snapshots of some days and what was derived from them, and reads each snapshot once: what it says stays in memory
 * until the next day's changes have been compared with it.
 *
 * @param now by the clock of whoever verifies
 */
export async function* verifySpan(
  store: Store,
  now: Date,
  { instanceId, days }: Span,
): AsyncGenerator<Verdict> {
  let before: Seen | undefined;
  for (const day of days) {
    const partition = { instanceId, snapshotDate: day.snapshotDate };
    const { verdict, seen } = await look(store, now, partition, before);
    const isGood = seen !== undefined && verdict.problems.length === 0;
    yield { ...verdict, derived: isGood ? await verifyDerived(store, seen, day, before) : [] };
    before = seen;
  }
}
