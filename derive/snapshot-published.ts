import { type ChangeKind, changeSchema } from '../contract/change.ts';
import { changesKey, latestKey, manifestKey, snapshotKey } from '../contract/keys.ts';
import type { ChangeCounts, SnapshotPublished } from '../contract/snapshot-published.ts';
import type { Targets } from '../contract/target.ts';
import { accept } from '../export/files/json.ts';
import { fromLine, gunzipLines } from '../export/files/ndjson.ts';
import type { Store } from '../export/ports.ts';
import { manifestOf } from './published.ts';
import { coverageOf } from './targets/coverage.ts';

type Counts = Omit<ChangeCounts, 'previousSnapshotDate'>;

const COUNTED: Readonly<Record<Exclude<ChangeKind, 'compared'>, keyof Counts>> = {
  'user created': 'usersCreated',
  'user deleted': 'usersDeleted',
  'user renamed': 'usersRenamed',
  added: 'added',
  removed: 'removed',
  'level changed': 'levelChanged',
};

async function countChanges(store: Store, key: string): Promise<ChangeCounts | null> {
  const object = await store.get(key);
  if (!object) return null;
  const counts = {
    usersCreated: 0,
    usersDeleted: 0,
    usersRenamed: 0,
    added: 0,
    removed: 0,
    levelChanged: 0,
  };
  let previousSnapshotDate: string | undefined;
  for await (const line of gunzipLines(object.body)) {
    const { change, previous_snapshot_date } = accept(store, key, changeSchema, fromLine(line));
    if (change === 'compared') previousSnapshotDate = previous_snapshot_date;
    else counts[COUNTED[change]] += 1;
  }
  return previousSnapshotDate === undefined ? null : { previousSnapshotDate, ...counts };
}

/**
 * What the event says of a published snapshot, once its derived objects are there.
 *
 * @param targets to compare the snapshot with; `undefined` where nobody has set any
 * @throws ExportFailure DamagedRun where manifest or changes cannot be read, or the snapshot that is compared
 */
export async function snapshotPublished(
  store: Store,
  instanceId: string,
  snapshotDate: string,
  targets: Targets | undefined,
): Promise<SnapshotPublished> {
  const manifest = await manifestOf(store, instanceId, snapshotDate);
  const key = changesKey(instanceId, snapshotDate);
  const changes = await countChanges(store, key);
  return {
    version: 1,
    instanceId,
    region: manifest.region,
    snapshotDate,
    runId: manifest.run_id,
    trigger: manifest.trigger,
    publishedAt: manifest.finished_at,
    users: manifest.users_exported,
    proficiencies: manifest.proficiencies,
    changes,
    coverage: targets ? await coverageOf(store, manifest, targets) : null,
    snapshotUri: store.uri(snapshotKey(instanceId, snapshotDate)),
    manifestUri: store.uri(manifestKey(instanceId, snapshotDate)),
    latestUri: store.uri(latestKey(instanceId)),
    changesUri: changes && store.uri(key),
  };
}
