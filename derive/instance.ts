import pLimit from 'p-limit';
import { changeSchema } from '../contract/change.ts';
import { ExportFailure } from '../contract/failure.ts';
import { changesKey, latestKey } from '../contract/keys.ts';
import { firstLine } from '../export/files/first-line.ts';
import type { Deadline, Store } from '../export/ports.ts';
import { comparedOn, deriveChanges, isOf } from './changes.ts';
import { deriveLatest } from './latest.ts';
import { publishedDates } from './published.ts';

/**
 * Snapshots that are looked at after each publication, the newest: what failed is mended by the runs of the month that
 * follows, and no run reads years. For the rest there is `proficiencies derive`.
 */
const RECENT = 31;

/** Objects looked at at the same time. */
const CONCURRENCY = 8;

/** What was derived. */
export interface Derived {
  /** `none` where nothing is published. */
  readonly latest: 'written' | 'unchanged' | 'none';
  /** The dates whose changes were written. */
  readonly changesWritten: readonly string[];
  /** Dates whose changes are missing or out of date, and that there was no time for. */
  readonly changesLeft: number;
}

export interface DeriveOptions {
  /** Default: the newest 31. */
  readonly snapshots?: 'recent' | 'all';
  /** Default: none. A comparison that was begun is finished. */
  readonly deadline?: Pick<Deadline, 'reached'>;
  /** Told of each object that was written. */
  readonly written?: (key: string) => void;
}

/** Dates whose changes are missing, or between other snapshots than there are now; the newest first. */
async function outOfDate(
  store: Store,
  instanceId: string,
  snapshots: 'recent' | 'all',
): Promise<string[]> {
  const dates = await publishedDates(store, instanceId);
  const limit = pLimit(CONCURRENCY);
  const isCurrent = async (date: string): Promise<boolean> => {
    const object = await store.get(changesKey(instanceId, date));
    const line = object && (await firstLine(object, changeSchema));
    if (line === undefined) return false;
    const compared = await comparedOn(store, instanceId, date, dates);
    return compared === undefined || isOf(line, compared);
  };
  const candidates = dates
    .slice(snapshots === 'recent' ? -RECENT : 0)
    .filter((date) => date !== dates[0]);
  const current = await Promise.all(candidates.map((date) => limit(() => isCurrent(date))));
  return candidates.filter((_, index) => !current[index]).reverse();
}

/**
 * Makes what is missing or out of date of an instance's derived objects. Harmless to repeat, to cut off, and to run
 * beside others.
 *
 * @throws ExportFailure DamagedRun, after everything else was made, where snapshots are not what their manifests describe
 */
export async function deriveInstance(
  store: Store,
  instanceId: string,
  {
    snapshots = 'recent',
    deadline = { reached: () => false },
    written = () => undefined,
  }: DeriveOptions = {},
): Promise<Derived> {
  const latest = await damagedAside(() => deriveLatest(store, instanceId));
  if (latest.result === 'written') written(latestKey(instanceId));
  const dates = await outOfDate(store, instanceId, snapshots);
  const changesWritten: string[] = [];
  const damages: string[] = latest.damage === undefined ? [] : [latest.damage];
  let left = 0;
  for (const date of dates) {
    if (deadline.reached()) {
      left += 1;
      continue;
    }
    const { result, damage } = await damagedAside(() => deriveChanges(store, instanceId, date));
    if (result === 'written') {
      changesWritten.push(date);
      written(changesKey(instanceId, date));
    }
    if (damage !== undefined) damages.push(damage);
  }
  if (damages.length > 0) throw new ExportFailure('DamagedRun', [...new Set(damages)].join(' '));
  return { latest: latest.result ?? 'none', changesWritten, changesLeft: left };
}

/** One snapshot that is damaged must not keep back what the others give. */
async function damagedAside<T>(
  derive: () => Promise<T>,
): Promise<{ readonly result?: T; readonly damage?: string }> {
  try {
    return { result: await derive() };
  } catch (error) {
    if (!(error instanceof ExportFailure) || error.name !== 'DamagedRun') throw error;
    return { damage: error.message };
  }
}
