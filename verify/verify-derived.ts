import { createHash } from 'node:crypto';
import { ExportFailure } from '../contract/failure.ts';
import { COVERAGE_TARGETS_KEY, changesKey, latestKey, snapshotKey } from '../contract/keys.ts';
import type { Manifest } from '../contract/manifest.ts';
import { changesBetween } from '../derive/changes.ts';
import { compare, type Side } from '../derive/compare.ts';
import { datedLines } from '../derive/latest.ts';
import { manifestOf } from '../derive/published.ts';
import { areTargetsCurrent } from '../derive/targets/derive-targets.ts';
import { isForeign } from '../export/files/first-line.ts';
import { measure } from '../export/files/gzip-meter.ts';
import type { Store } from '../export/ports.ts';
import type { SaidByText } from './read-rows.ts';
import { verifySnapshot } from './verify-snapshot.ts';

/** What was found of one derived object. */
export type DerivedVerdict =
  /** `missing`: it was not made yet, such as for what an earlier version exported, or targets that have just been changed. */
  | { readonly finding: 'ok' | 'missing' | 'wrong'; readonly uri: string }
  /** It, or what it is to be compared with, was not given to us. */
  | { readonly finding: 'refused'; readonly failure: Pick<ExportFailure, 'name' | 'message'> };

/** A published snapshot that has been read. */
export interface Seen {
  readonly manifest: Manifest;
  /** What its rows say, if that is at hand. */
  readonly said?: SaidByText | undefined;
}

async function hashOf(lines: AsyncIterable<string>): Promise<string> {
  const hash = createHash('sha256');
  for await (const line of lines) hash.update(line);
  return hash.digest('hex');
}

/** Compares an object with the lines that it should hold, which are asked for only where it is there. */
async function verdictOn(
  store: Store,
  key: string,
  lines: AsyncIterable<string>,
): Promise<DerivedVerdict> {
  const uri = store.uri(key);
  const object = await store.get(key);
  if (!object) return { uri, finding: 'missing' };
  const content = await measure(object.body).catch((error: unknown) => {
    if (isForeign(error)) return undefined;
    throw error;
  });
  return { uri, finding: content?.sha256 === (await hashOf(lines)) ? 'ok' : 'wrong' };
}

/** A snapshot without the rows that are, to the letter, in the other one too. */
function sideOf(manifest: Manifest, said: SaidByText, other: SaidByText): Side {
  return {
    manifest,
    async *lines(isWanted = () => true) {
      for (const [line, { userId }] of said) {
        if (!other.has(line) && isWanted(userId)) yield { userId, line };
      }
    },
  };
}

/** The lines of changes between two snapshots: from what is at hand, or else from the store. */
async function* linesBetween(store: Store, earlier: Seen, later: Seen): AsyncGenerator<string> {
  const after = later.said;
  const before = after && (earlier.said ?? (await saidIn(store, earlier.manifest, after)));
  if (before && after) {
    yield* compare(sideOf(earlier.manifest, before, after), sideOf(later.manifest, after, before));
  } else yield* changesBetween(store, { earlier: earlier.manifest, later: later.manifest });
}

async function saidIn(
  store: Store,
  manifest: Manifest,
  known: SaidByText,
): Promise<SaidByText | undefined> {
  const key = snapshotKey(manifest.instance_id, manifest.snapshot_date);
  return (await verifySnapshot(store, key, manifest, known)).said;
}

/** What is refused of one object must not hide what is found of the others; a store that is not there would be for each of them. */
async function findings(verdict: Promise<DerivedVerdict>): Promise<DerivedVerdict[]> {
  try {
    return [await verdict];
  } catch (error) {
    if (!(error instanceof ExportFailure) || error.name === 'ServiceUnavailable') throw error;
    const { name, message } = error;
    // Of a snapshot that is damaged nothing can be said here; that it is, is said elsewhere.
    return name === 'DamagedRun' ? [] : [{ finding: 'refused', failure: { name, message } }];
  }
}

const latestOf = (store: Store, { manifest }: Seen): Promise<DerivedVerdict> =>
  verdictOn(store, latestKey(manifest.instance_id), datedLines(store, manifest));

async function changesTo(
  store: Store,
  later: Seen,
  previous: string,
  seen: Seen | undefined,
): Promise<DerivedVerdict> {
  const { instance_id, snapshot_date } = later.manifest;
  const isAtHand = seen?.manifest.snapshot_date === previous;
  const earlier = isAtHand ? seen : { manifest: await manifestOf(store, instance_id, previous) };
  const lines = linesBetween(store, earlier, later);
  return verdictOn(store, changesKey(instance_id, snapshot_date), lines);
}

/**
 * Compares what was derived from a snapshot with what the snapshots give now.
 *
 * @param snapshot published, and as its manifest describes it
 * @param previous date of the published snapshot before it
 * @param isNewest whether it is the newest of its instance
 * @param seen the snapshot that was read last, if it is of the same instance
 */
export async function verifyDerived(
  store: Store,
  snapshot: Seen,
  { previous, isNewest }: { readonly previous: string | undefined; readonly isNewest: boolean },
  seen: Seen | undefined,
): Promise<DerivedVerdict[]> {
  return [
    ...(previous === undefined ? [] : await findings(changesTo(store, snapshot, previous, seen))),
    ...(isNewest ? await findings(latestOf(store, snapshot)) : []),
  ];
}

/**
 * Compares what was derived from the file of coverage targets with that file. People change their targets at any time, and what is
 * derived from the file before is no damage.
 */
export async function verifyTargets(store: Store): Promise<DerivedVerdict[]> {
  const isCurrent = await areTargetsCurrent(store);
  if (isCurrent === undefined) return [];
  return [{ finding: isCurrent ? 'ok' : 'missing', uri: store.uri(COVERAGE_TARGETS_KEY) }];
}
