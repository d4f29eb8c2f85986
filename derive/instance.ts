import pLimit from 'p-limit';
import { changeSchema } from '../contract/change.ts';
import { ExportFailure } from '../contract/failure.ts';
import { changesKey, latestKey } from '../contract/keys.ts';
import type { Manifest } from '../contract/manifest.ts';
import { firstLine } from '../export/files/first-line.ts';
import type { Deadline, Store } from '../export/ports.ts';
import { comparedOn, deriveChanges, isOf } from './changes.ts';
import { deriveLatest } from './latest.ts';
import { manifestOf, publishedDates } from './published.ts';

/**
 * Snapshots that are looked at after each publication, the newest: what failed is mended by the runs of the month that
 * follows, and no run reads years. For the rest there is `proficiencies derive`.
 */
const RECENT = 31;

/** Objects looked at at the same time. */
const CONCURRENCY = 8;

/** A snapshot that is not what its manifest describes kept something from being derived. */
interface Damage {
  /** The date whose changes were not made; `latest`: the newest snapshot was not copied. */
  readonly of: string;
  /** Names the object and what to do. */
  readonly message: string;
}

/** What was derived. */
export interface Derived {
  /** `none` where nothing is published. */
  readonly latest: 'written' | 'unchanged' | 'none';
  /** The dates whose changes were written. */
  readonly changesWritten: readonly string[];
  /** Dates whose changes are missing or out of date, and that there was no time for. */
  readonly changesLeft: number;
  /** What could not be derived; everything else was. */
  readonly damages: readonly Damage[];
}

export interface DeriveOptions {
  /** A date whose changes are looked at first, however old it is, and made even at the last moment. */
  readonly snapshotDate?: string;
  /** Default: the newest 31. */
  readonly snapshots?: 'recent' | 'all';
  /** Default: none. What was begun is finished. */
  readonly deadline?: Pick<Deadline, 'reached'>;
  /** Told of each object that was written. */
  readonly written?: (key: string) => void;
}

/** The dates to look at: the one that is asked for, then the newest first. The very first has nothing to be compared with. */
function candidatesAmong(
  dates: readonly string[],
  { snapshots = 'recent', snapshotDate }: DeriveOptions,
): string[] {
  const newest = dates.slice(snapshots === 'recent' ? -RECENT : 0).reverse();
  const asked = dates.filter((date) => date === snapshotDate);
  return [...new Set([...asked, ...newest])].filter((date) => date !== dates[0]);
}

/** Dates whose changes are missing, or between other snapshots than there are now, in the order in which to make them. */
async function outOfDate(
  store: Store,
  instanceId: string,
  options: DeriveOptions,
): Promise<string[]> {
  const dates = await publishedDates(store, instanceId);
  const limit = pLimit(CONCURRENCY);
  const manifests = new Map<string, Promise<Manifest>>();
  // Most are asked for twice: as the later side of one comparison, and as the earlier of the next.
  const read = (date: string): Promise<Manifest> => {
    const manifest = manifests.get(date) ?? manifestOf(store, instanceId, date);
    manifests.set(date, manifest);
    return manifest;
  };
  const isCurrent = async (date: string): Promise<boolean> => {
    const object = await store.get(changesKey(instanceId, date));
    const line = object && (await firstLine(object, changeSchema));
    if (line === undefined) return false;
    // Where a manifest is damaged, the attempt to derive says so.
    const { result, damage } = await damagedAside(date, () => comparedOn(date, dates, read));
    return !damage && (result === undefined || isOf(line, result));
  };
  const candidates = candidatesAmong(dates, options);
  const current = await Promise.all(candidates.map((date) => limit(() => isCurrent(date))));
  return candidates.filter((_, index) => !current[index]);
}

/**
 * Makes what is missing or out of date of an instance's derived objects. Harmless to repeat, to cut off, and to run
 * beside others. A snapshot that is damaged keeps back what is derived from it, and nothing else.
 */
export async function deriveInstance(
  store: Store,
  instanceId: string,
  options: DeriveOptions = {},
): Promise<Derived> {
  const { deadline = { reached: () => false }, written = () => undefined } = options;
  const latest = await damagedAside('latest', () => deriveLatest(store, instanceId));
  if (latest.result === 'written') written(latestKey(instanceId));
  const dates = await outOfDate(store, instanceId, options);
  const changesWritten: string[] = [];
  const damages: Damage[] = latest.damage ? [latest.damage] : [];
  let left = 0;
  for (const date of dates) {
    if (deadline.reached() && date !== options.snapshotDate) {
      left += 1;
      continue;
    }
    const { result, damage } = await damagedAside(date, () =>
      deriveChanges(store, instanceId, date),
    );
    if (result === 'written') {
      changesWritten.push(date);
      written(changesKey(instanceId, date));
    }
    if (damage) damages.push(damage);
  }
  return { latest: latest.result ?? 'none', changesWritten, changesLeft: left, damages };
}

async function damagedAside<T>(
  of: string,
  derive: () => Promise<T>,
): Promise<{ readonly result?: T; readonly damage?: Damage }> {
  try {
    return { result: await derive() };
  } catch (error) {
    if (!(error instanceof ExportFailure) || error.name !== 'DamagedRun') throw error;
    return { damage: { of, message: error.message } };
  }
}
