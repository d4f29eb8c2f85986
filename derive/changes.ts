import { type ChangeLine, changeSchema } from '../contract/change.ts';
import { changesKey } from '../contract/keys.ts';
import type { Manifest } from '../contract/manifest.ts';
import { firstLine } from '../export/files/first-line.ts';
import { unchanged } from '../export/files/json.ts';
import { overRivals } from '../export/files/rivals.ts';
import type { Store } from '../export/ports.ts';
import { compare, type Side } from './compare.ts';
import { zipped } from './lines.ts';
import { manifestOf, publishedDates, snapshotReader } from './published.ts';

/** The two snapshots that changes are between. */
export interface Compared {
  readonly earlier: Manifest;
  readonly later: Manifest;
}

/** Whether changes, by their first line, are those between two snapshots as they are now. */
export const isOf = (line: ChangeLine | undefined, { earlier, later }: Compared): boolean =>
  line?.change === 'compared' &&
  line.run_id === later.run_id &&
  line.previous_run_id === earlier.run_id &&
  line.snapshot_date === later.snapshot_date &&
  line.previous_snapshot_date === earlier.snapshot_date;

/**
 * What a snapshot is to be compared with.
 *
 * @param dates of the instance's published snapshots, the oldest first
 * @param read reads the manifest of one of them
 * @returns `undefined` where there is no snapshot before
 */
export async function comparedOn(
  snapshotDate: string,
  dates: readonly string[],
  read: (date: string) => Promise<Manifest>,
): Promise<Compared | undefined> {
  const previous = dates.findLast((date) => date < snapshotDate);
  if (previous === undefined) return undefined;
  return { earlier: await read(previous), later: await read(snapshotDate) };
}

/**
 * Whether the changes of a date are those between the snapshots as they are now.
 *
 * @param dates of the instance's published snapshots, the oldest first; of the first one nothing need be there
 * @throws ExportFailure DamagedRun where a manifest cannot be read
 */
export async function areChangesCurrent(
  store: Store,
  instanceId: string,
  snapshotDate: string,
  dates: readonly string[],
): Promise<boolean> {
  const read = (date: string) => manifestOf(store, instanceId, date);
  const compared = await comparedOn(snapshotDate, dates, read);
  if (!compared) return true;
  const changes = await store.get(changesKey(instanceId, snapshotDate));
  return changes !== undefined && isOf(await firstLine(changes, changeSchema), compared);
}

const side = (store: Store, manifest: Manifest): Side => ({
  manifest,
  lines: snapshotReader(store, manifest),
});

/** The lines of changes between two snapshots. */
export const changesBetween = (store: Store, { earlier, later }: Compared): AsyncIterable<string> =>
  compare(side(store, earlier), side(store, later));

/**
 * Writes what has changed between the published snapshot of a date and the one before, unless it is there.
 *
 * What is there is looked at before the dates and manifests are, so that whoever has seen newer ones wins: the conditional
 * write of the other fails. Where there is no snapshot before (any more), what is there stays.
 *
 * @throws ExportFailure DamagedRun where one of the snapshots is not what its manifest describes
 */
export async function deriveChanges(
  store: Store,
  instanceId: string,
  snapshotDate: string,
): Promise<'written' | 'unchanged' | 'none'> {
  const key = changesKey(instanceId, snapshotDate);
  return overRivals(store.uri(key), async () => {
    const before = await store.get(key);
    const line = before && (await firstLine(before, changeSchema));
    const dates = await publishedDates(store, instanceId);
    const read = (date: string) => manifestOf(store, instanceId, date);
    const compared = await comparedOn(snapshotDate, dates, read);
    if (!compared) return 'none';
    if (isOf(line, compared)) return 'unchanged';
    await store.put(key, () => zipped(changesBetween(store, compared)), unchanged(before));
    return 'written';
  });
}
