import { createHash } from 'node:crypto';
import { ExportFailure } from '../../contract/failure.ts';
import { changesKey, latestKey } from '../../contract/keys.ts';
import { changesBetween, comparedOn } from '../../derive/changes.ts';
import { datedLines } from '../../derive/latest.ts';
import { manifestOf, publishedDates, publishedInstances } from '../../derive/published.ts';
import { isForeign } from '../../export/files/first-line.ts';
import { gunzipLines } from '../../export/files/ndjson.ts';
import type { Store } from '../../export/ports.ts';
import type { Narrowing } from './verify-store.ts';

/** What was found of one derived object. */
export interface DerivedVerdict {
  readonly uri: string;
  /** `missing`: it was never made, such as for what an earlier version exported. */
  readonly finding: 'ok' | 'missing' | 'wrong';
}

async function hashOf(lines: AsyncIterable<string>, end = ''): Promise<string> {
  const hash = createHash('sha256');
  for await (const line of lines) hash.update(line).update(end);
  return hash.digest('hex');
}

/** Compares an object with the lines that it should hold. */
async function verdictOn(
  store: Store,
  key: string,
  lines: AsyncIterable<string>,
): Promise<DerivedVerdict> {
  const uri = store.uri(key);
  const object = await store.get(key);
  if (!object) return { uri, finding: 'missing' };
  const found = await hashOf(gunzipLines(object.body), '\n').catch((error: unknown) => {
    if (isForeign(error)) return undefined;
    throw error;
  });
  return { uri, finding: found === (await hashOf(lines)) ? 'ok' : 'wrong' };
}

async function latestOf(store: Store, instanceId: string, date: string): Promise<DerivedVerdict> {
  const lines = datedLines(store, await manifestOf(store, instanceId, date));
  return verdictOn(store, latestKey(instanceId), lines);
}

async function changesOn(
  store: Store,
  instanceId: string,
  date: string,
  dates: readonly string[],
): Promise<DerivedVerdict | undefined> {
  const compared = await comparedOn(date, dates, (day) => manifestOf(store, instanceId, day));
  return (
    compared && verdictOn(store, changesKey(instanceId, date), changesBetween(store, compared))
  );
}

/** Of a snapshot that is damaged nothing can be said here; that it is, is said elsewhere. */
async function unlessDamaged<T>(verdict: Promise<T>): Promise<T | undefined> {
  try {
    return await verdict;
  } catch (error) {
    if (error instanceof ExportFailure && error.name === 'DamagedRun') return undefined;
    throw error;
  }
}

/**
 * Compares what was derived with what the snapshots give now.
 *
 * @param isWanted by date; of the newest snapshot's copy, the date is that snapshot's
 */
export async function* verifyDerived(
  store: Store,
  isWanted: Narrowing,
): AsyncGenerator<DerivedVerdict> {
  for (const instanceId of await publishedInstances(store)) {
    const dates = await publishedDates(store, instanceId);
    const wanted = dates.filter((snapshotDate) => isWanted({ instanceId, snapshotDate }));
    for (const date of wanted) {
      const verdict = await unlessDamaged(changesOn(store, instanceId, date, dates));
      if (verdict) yield verdict;
      if (date !== dates.at(-1)) continue;
      const latest = await unlessDamaged(latestOf(store, instanceId, date));
      if (latest) yield latest;
    }
  }
}
