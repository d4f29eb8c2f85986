import { RUN_ID } from '../contract/event.ts';
import { type Partition, snapshotKey } from '../contract/keys.ts';
import type { Manifest } from '../contract/manifest.ts';
import { requestedAt } from '../export/run/identity.ts';

/**
 * What a manifest says that its key, its other fields or the clock contradict. What the rows contradict is found with the snapshot.
 *
 * Nothing here determines the remaining fields. `requests` lacks what a worker counted before it was killed, and
 * `proficiencies_repeated` what it had merged. `etag` and `version_id` are those of the place that was published to, and others in a copy.
 * `trigger` may be `manual` with a scheduled time, where a person repeats a run of the schedule. `exporter_version` is what wrote it.
 */

const HOUR_MS = 60 * 60 * 1000;

/**
 * So far may times of one run contradict each other: a clock is set back in mid-run, two workers' clocks differ, one is kept in local
 * time. A clock that is further off dates the snapshot wrong, too.
 */
const CLOCKS_APART_MS = 48 * HOUR_MS;

/** Time zones are between UTC-12 and UTC+14. */
const WEST_MS = -12 * HOUR_MS;
const EAST_MS = 14 * HOUR_MS;

/** @param first, then ISO 8601: of these two, `first` should be the earlier one */
export const isTurnedRound = (first: string, then: string): boolean =>
  Date.parse(first) > Date.parse(then) + CLOCKS_APART_MS;

/** A phrase where what was found is not what the manifest says. */
export const differs = (what: string, found: unknown, said: unknown): string[] =>
  found === said ? [] : [`${what} is ${found}, but the manifest says ${said}`];

/** A phrase where there are any. */
export const some = (count: number, what: string): string[] =>
  count > 0 ? [`${count} ${what}`] : [];

/** Whether a manifest describes what its own key, and that of the snapshot, are about. */
export const misplaced = (
  manifest: Manifest,
  { instanceId, snapshotDate }: Partition,
): string[] => [
  ...differs('the instance of its key', instanceId, manifest.instance_id),
  ...differs('the date of its key', snapshotDate, manifest.snapshot_date),
  ...differs(
    'the key of the snapshot',
    snapshotKey(instanceId, snapshotDate),
    manifest.snapshot.key,
  ),
];

function unaccounted(manifest: Manifest): string[] {
  const { users_exported, users_deleted_during_run, users_failed, users_listed } = manifest;
  const known = users_exported + users_deleted_during_run + users_failed;
  return known === users_listed
    ? []
    : [`${users_listed} users were listed, but ${known} are accounted for`];
}

const dateAfter = (time: number, offset: number): string =>
  new Date(time + offset).toISOString().slice(0, 10);

/** A run id tells when the run was asked for, to the second: that dates the snapshot, in a time zone that the manifest does not tell. */
function contradictsRunId(manifest: Manifest): string[] {
  const { run_id, scheduled_time, snapshot_date, started_at } = manifest;
  const asked = RUN_ID.test(run_id) ? requestedAt(run_id).getTime() : Number.NaN;
  if (Number.isNaN(asked)) return [`the run id ${JSON.stringify(run_id)} tells no time`];
  const askedAt = new Date(asked).toISOString();
  const problems: string[] = [];
  if (scheduled_time !== null && Math.floor(Date.parse(scheduled_time) / 1000) * 1000 !== asked) {
    problems.push(
      `the run ${run_id} was due at ${scheduled_time}, which is not the time of its id`,
    );
  }
  if (snapshot_date < dateAfter(asked, WEST_MS) || snapshot_date > dateAfter(asked, EAST_MS)) {
    problems.push(`in no time zone the run ${run_id} was asked for on ${snapshot_date}`);
  }
  if (isTurnedRound(askedAt, started_at)) {
    problems.push(`the run ${run_id} began at ${started_at}, before it was asked for`);
  }
  return problems;
}

function contradictsItself(manifest: Manifest): string[] {
  const { trigger, scheduled_time, started_at, finished_at, slices, next_due } = manifest;
  const { snapshot_date } = manifest;
  return [
    ...(trigger === 'schedule' && scheduled_time === null
      ? ['the schedule started it, but it has no scheduled time']
      : []),
    ...(isTurnedRound(started_at, finished_at)
      ? [`it finished at ${finished_at}, before it began at ${started_at}`]
      : []),
    ...(slices === 0 ? ['it was finished in 0 slices'] : []),
    ...(next_due !== undefined && next_due <= snapshot_date
      ? [`the next snapshot is due on ${next_due}, which is not after ${snapshot_date}`]
      : []),
  ];
}

/** A manifest of the future would count as a fresh one for ever. */
const isOfTheFuture = ({ finished_at }: Manifest, now: Date): string[] =>
  isTurnedRound(finished_at, now.toISOString())
    ? [`it finished at ${finished_at}, which is in the future`]
    : [];

/**
 * What is wrong with a manifest in itself, a phrase each.
 *
 * @param now by the clock of whoever verifies
 */
export const contradictions = (manifest: Manifest, now: Date): string[] => [
  ...unaccounted(manifest),
  ...contradictsRunId(manifest),
  ...contradictsItself(manifest),
  ...isOfTheFuture(manifest, now),
];
