import { createHash } from 'node:crypto';
import { changeSchema } from '../../contract/change.ts';
import { ExportFailure } from '../../contract/failure.ts';
import { changesKey, latestKey } from '../../contract/keys.ts';
import { changesBetween, comparedOn, isOf } from '../../derive/changes.ts';
import { datedLines } from '../../derive/latest.ts';
import { manifestOf, publishedDates, publishedInstances } from '../../derive/published.ts';
import { firstLine, isForeign } from '../../export/files/first-line.ts';
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

/** Whether an object holds just these lines. */
async function holds(store: Store, key: string, lines: AsyncIterable<string>): Promise<boolean> {
  const object = await store.get(key);
  if (!object) return false;
  try {
    return (await hashOf(gunzipLines(object.body), '\n')) === (await hashOf(lines));
  } catch (error) {
    if (isForeign(error)) return false;
    throw error;
  }
}

async function latestOf(store: Store, instanceId: string, date: string): Promise<DerivedVerdict> {
  const key = latestKey(instanceId);
  const uri = store.uri(key);
  if (!(await exists(store, key))) return { uri, finding: 'missing' };
  const lines = datedLines(store, await manifestOf(store, instanceId, date));
  return { uri, finding: (await holds(store, key, lines)) ? 'ok' : 'wrong' };
}

async function exists(store: Store, key: string): Promise<boolean> {
  const object = await store.get(key);
  await object?.body[Symbol.asyncIterator]().return?.();
  return object !== undefined;
}

async function changesOn(
  store: Store,
  instanceId: string,
  date: string,
  dates: readonly string[],
): Promise<DerivedVerdict | undefined> {
  const key = changesKey(instanceId, date);
  const uri = store.uri(key);
  const compared = await comparedOn(store, instanceId, date, dates);
  if (!compared) return undefined;
  const object = await store.get(key);
  if (!object) return { uri, finding: 'missing' };
  // Which snapshots were compared costs nothing to see; the rest is read only where it may be right.
  const isRight =
    isOf(await firstLine(object, changeSchema), compared) &&
    (await holds(store, key, changesBetween(store, compared)));
  return { uri, finding: isRight ? 'ok' : 'wrong' };
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
