import { manifestKey, partitionIn, snapshotKey } from '../../contract/keys.ts';

const INSTANCE = '11111111-2222-4333-8444-555555555555';

it.each([snapshotKey, manifestKey])('reads the keys that it makes', (keyOf) => {
  expect(partitionIn(keyOf(INSTANCE, '2026-11-23'), keyOf)).toEqual({
    instanceId: INSTANCE,
    snapshotDate: '2026-11-23',
  });
});

it.each([
  'snapshots/.DS_Store',
  `snapshots/instance_id=${INSTANCE}/snapshot_date=2026-11-23/.DS_Store`,
  `snapshots/instance_id=${INSTANCE}/snapshot_date=11/23/2026/proficiencies.ndjson.gz`,
  `${snapshotKey(INSTANCE, '2026-11-23')}.part`,
  manifestKey(INSTANCE, '2026-11-23'),
])('takes nothing else for a snapshot: %s', (key) => {
  expect(partitionIn(key, snapshotKey)).toBeUndefined();
});
