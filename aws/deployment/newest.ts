import type { Manifest } from '../../contract/manifest.ts';
import { areChangesCurrent } from '../../derive/changes.ts';
import { isCopied } from '../../derive/latest.ts';
import { manifestOf, publishedDates } from '../../derive/published.ts';
import type { Store } from '../../export/ports.ts';

/** The newest published snapshot of an instance; `undefined` where there is none. @throws ExportFailure */
export async function newestSnapshot(
  store: Store,
  instanceId: string,
): Promise<Manifest | undefined> {
  const date = (await publishedDates(store, instanceId)).at(-1);
  return date === undefined ? undefined : manifestOf(store, instanceId, date);
}

/** Whether what is derived from the newest snapshot is of it. @throws ExportFailure */
export async function isDerived(store: Store, newest: Manifest): Promise<boolean> {
  const { instance_id, snapshot_date } = newest;
  const dates = await publishedDates(store, instance_id);
  return (
    (await isCopied(store, newest)) &&
    (await areChangesCurrent(store, instance_id, snapshot_date, dates))
  );
}

const DAY_MS = 86_400_000;

/** Snapshots of version 0.1 do not know their schedule: they count as due every day, as in the saved query export-health. */
const dueAfter = ({ next_due, snapshot_date }: Manifest): string =>
  next_due ?? new Date(Date.parse(snapshot_date) + DAY_MS).toISOString().slice(0, 10);

/**
 * Whether the snapshot after this one should be there by now: the day on which it was due is over. The same rule as in export-health.
 *
 * @param today `yyyy-MM-dd`, in the schedule's time zone where it is known
 */
export function isLate(newest: Manifest, today: string): boolean {
  const due = dueAfter(newest);
  return due !== 'none' && due < today;
}

/** Seconds since the snapshot was complete. */
export const ageSeconds = ({ finished_at }: Manifest, now: Date): number =>
  Math.max(0, (now.getTime() - Date.parse(finished_at)) / 1000);
