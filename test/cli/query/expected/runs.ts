import type { Manifest } from '../../../../contract/manifest.ts';
import { manifestOf, type PublishedWorld } from '../../../support/published-world.ts';
import { type Line, published, round1, sorted } from './lines.ts';

const daysBetween = (a: string, b: string): number => (Date.parse(b) - Date.parse(a)) / 86_400_000;

/** An old manifest knows no schedule: a snapshot is due every day. */
function daysLate({ snapshot_date, next_due }: Manifest, next: string): number {
  if (next_due === 'none') return 0;
  return next_due === undefined
    ? daysBetween(snapshot_date, next) - 1
    : daysBetween(next_due, next);
}

export const exportHealth = (world: PublishedWorld, asOf: string): Line[] =>
  sorted(
    Object.entries(world).flatMap(([instanceId, snapshots]) =>
      published(snapshots).map((snapshot, index, series) => {
        const manifest = manifestOf(instanceId, snapshot);
        const next = series[index + 1]?.date ?? asOf;
        const missing = Math.max(0, daysLate(manifest, next));
        const { list_users, list_user_proficiencies } = manifest.requests;
        const throttled = list_users.throttled + list_user_proficiencies.throttled;
        const requests =
          throttled +
          list_users.ok +
          list_users.retried +
          list_user_proficiencies.ok +
          list_user_proficiencies.retried;
        const duration = Date.parse(manifest.finished_at) - Date.parse(manifest.started_at);
        return [
          snapshot.date,
          verdict(manifest, snapshot.users.length, missing),
          missing,
          round1(duration / 60_000),
          manifest.slices,
          manifest.users_listed,
          manifest.users_exported,
          snapshot.users.length,
          manifest.users_deleted_during_run,
          manifest.users_failed,
          round1((100 * throttled) / requests),
          manifest.trigger,
          manifest.run_id,
          instanceId,
        ];
      }),
    ),
    -1,
    14,
  );

function verdict(
  manifest: ReturnType<typeof manifestOf>,
  rowsFound: number,
  missingDays: number,
): string {
  const outcomes =
    manifest.users_exported + manifest.users_deleted_during_run + manifest.users_failed;
  if (manifest.users_listed !== outcomes) return 'counts do not add up';
  if (manifest.users_exported !== rowsFound) return 'rows missing';
  if (manifest.users_failed > 0) return 'users failed';
  return missingDays > 0 ? 'gap after' : 'ok';
}
