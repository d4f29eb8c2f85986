import { DuckDBInstance } from '@duckdb/node-api';
import * as keys from '../../../contract/keys.ts';
import { type PublishedWorld, writeWorld } from '../../support/published-world.ts';
import { temporaryFolders } from '../../support/temporary-folder.ts';
import { projectedPartitions } from './projection.ts';
import { BUCKET, type GlueTable, INSTANCES, synthesize } from './synthesized.ts';

const [FIRST = '', SECOND = ''] = INSTANCES;
const RUN = '20261122T020000Z-0123abcd';
const { table } = synthesize({ firstSnapshotDate: '2026-11-20' });
const users = table('user_proficiencies');

const published = [
  [FIRST, '2026-11-20'],
  [FIRST, '2026-11-22'],
  [SECOND, '2026-11-22'],
  // East of Greenwich the new day has begun.
  [FIRST, '2026-11-23'],
] as const;
const NOW = new Date('2026-11-22T23:30:00Z');

/** A key by each function that makes keys of working files. */
const working = {
  leaseKey: keys.leaseKey(FIRST),
  stateKey: keys.stateKey(FIRST, RUN),
  failedKey: keys.failedKey(FIRST, RUN),
  partKey: keys.partKey(FIRST, RUN, 99_999),
  planKey: keys.planKey(FIRST, RUN, 'plan', 0),
  plannedAttributesKey: keys.plannedAttributesKey(FIRST, RUN, 'plan'),
  atWorkKey: keys.atWorkKey('us-east-1', FIRST),
};
const snapshotKeys = published.map(([instanceId, date]) => keys.snapshotKey(instanceId, date));
const manifestKeys = published.map(([instanceId, date]) => keys.manifestKey(instanceId, date));
const changesKeys = published.map(([instanceId, date]) => keys.changesKey(instanceId, date));
const attributesKeys = published.map(([instanceId, date]) => keys.attributesKey(instanceId, date));
const latestKeys = INSTANCES.map((instanceId) => keys.latestKey(instanceId));
const targetsKeys = [keys.COVERAGE_TARGETS_KEY];
const everything = [
  ...Object.values(working),
  ...snapshotKeys,
  ...manifestKeys,
  ...latestKeys,
  ...changesKeys,
  ...targetsKeys,
  keys.TARGETS_FILE_KEY,
  ...attributesKeys,
];

/** Those with a partition for each date. */
const DATED = [
  ['user_proficiencies', snapshotKeys],
  ['export_runs', manifestKeys],
  ['snapshot_changes', changesKeys],
  ['predefined_attributes', attributesKeys],
] as const;
const PARTITIONED = [...DATED, ['latest_user_proficiencies', latestKeys]] as const;
const ALL = [...PARTITIONED, ['coverage_targets', targetsKeys]] as const;

const inside = (location: string): string[] =>
  everything.filter((key) => `s3://${BUCKET}/${key}`.startsWith(location));

/** What Athena finds: each object, and the partition it is found in. */
const found = (of: GlueTable) =>
  projectedPartitions(of, NOW).flatMap(({ location, values }) =>
    inside(location).map((key) => [key, values.instance_id, values.snapshot_date]),
  );

describe('partition projection', () => {
  it.each(DATED)(
    'finds every object of %s once, in its partition, and nothing else',
    (name, own) => {
      expect(found(table(name)).toSorted()).toEqual(
        published.map(([instanceId, date], index) => [own[index], instanceId, date]).toSorted(),
      );
    },
  );

  it('finds one object of each instance where there is no date, however many days have passed', () => {
    const latest = table('latest_user_proficiencies');
    expect(found(latest)).toEqual(
      INSTANCES.map((instanceId, index) => [latestKeys[index], instanceId, undefined]),
    );
    expect(projectedPartitions(latest, NOW)).toHaveLength(INSTANCES.length);
  });

  it('is off where all objects are read always', () => {
    const targets = table('coverage_targets');
    expect(targets.PartitionKeys).toEqual([]);
    expect(Object.keys(targets.Parameters).join()).not.toMatch(/projection|template/);
  });

  it('finds what a former instance left', () => {
    const former = synthesize({
      instanceIds: [FIRST],
      formerInstanceIds: [SECOND],
      firstSnapshotDate: '2026-11-20',
    });
    for (const [name] of PARTITIONED) expect(found(former.table(name))).toEqual(found(table(name)));
  });

  it('does not look for days before the first one', () => {
    const days = projectedPartitions(users, NOW).map(({ values }) => values.snapshot_date);
    expect(new Set(days)).toEqual(
      new Set(['2026-11-20', '2026-11-21', '2026-11-22', '2026-11-23']),
    );
  });
});

describe('table locations', () => {
  it.each(ALL)(
    'of %s hold its own objects, no working file and none of another table',
    (name, own) => {
      expect(inside(table(name).StorageDescriptor.Location)).toEqual(own);
    },
  );

  it('contain all locations that projection gives', () => {
    for (const projected of PARTITIONED.map(([name]) => table(name))) {
      for (const { location } of projectedPartitions(projected, NOW)) {
        expect(location.startsWith(projected.StorageDescriptor.Location)).toBe(true);
      }
    }
  });

  it('have been tried with every key of the contract', () => {
    const functions = Object.entries(keys).filter(([, value]) => typeof value === 'function');
    expect(functions.map(([name]) => name).toSorted()).toEqual(
      [
        ...Object.keys(working),
        'atWorkPrefix',
        'attributesKey',
        'changesKey',
        'changesOf',
        'instanceTemplate',
        'latestKey',
        'manifestKey',
        'manifestsOf',
        'partitionIn',
        'partitionsIn',
        'partitionTemplate',
        'snapshotKey',
      ].toSorted(),
    );
  });
});

describe('another engine', () => {
  const newFolder = temporaryFolders();
  const world: PublishedWorld = {
    [FIRST]: [
      { date: '2026-11-20', users: [{ id: 'a', proficiencies: [] }] },
      {
        date: '2026-11-22',
        users: [
          { id: 'a', proficiencies: [] },
          { id: 'b', proficiencies: [] },
        ],
      },
    ],
    [SECOND]: [{ date: '2026-11-22', users: [{ id: 'c', proficiencies: [] }] }],
  };

  it('reads rows and partition values by the location template', async () => {
    const folder = newFolder();
    writeWorld(folder, world);
    const pattern = (users.Parameters['storage.location.template'] ?? '')
      .replace(`s3://${BUCKET}`, folder)
      .replaceAll(/\$\{\w+\}/g, '*');
    const instance = await DuckDBInstance.create();
    const connection = await instance.connect();
    const result = await connection.runAndReadAll(
      `SELECT user_id, snapshot_date, parse_path(filename)[-3] AS folder
       FROM read_json('${pattern}*.gz', hive_partitioning = true, filename = true) ORDER BY ALL`,
    );
    expect(result.getRowsJson()).toEqual([
      ['a', '2026-11-20', `instance_id=${FIRST}`],
      ['a', '2026-11-22', `instance_id=${FIRST}`],
      ['b', '2026-11-22', `instance_id=${FIRST}`],
      ['c', '2026-11-22', `instance_id=${SECOND}`],
    ]);
    connection.closeSync();
    instance.closeSync();
  });
});
