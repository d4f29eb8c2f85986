import { statSync } from 'node:fs';
import { join } from 'node:path';
import { changesKey, latestKey } from '../../contract/keys.ts';
import { INSTANCES, synthesize } from '../lib/catalog/synthesized.ts';
import { writeWorld } from '../support/published-world.ts';
import { temporaryFolders } from '../support/temporary-folder.ts';
import { bytesOf, keysOf, type Lake, openLake, upload } from './lake.ts';

const DAY_MS = 86_400_000;
const now = Date.now();
const dateOf = (daysAgo: number): string =>
  new Date(now - daysAgo * DAY_MS).toISOString().slice(0, 10);

const newFolder = temporaryFolders();

/** Two users, of which one has another level on each of two days. */
const snapshotOf = (daysAgo: number) => ({
  date: dateOf(daysAgo),
  users: ['user-1', 'user-2'].map((id, index) => ({
    id,
    username: id,
    proficiencies: [
      { attribute_name: 'Language', attribute_value: 'French', level: index + 1 + (daysAgo % 2) },
    ],
  })),
});

/** Snapshots of the first day and of the last three: a day without one is listed as well, and twice. */
function publish(days: number): string {
  const world = newFolder();
  const snapshots = [days, 2, 1, 0].map(snapshotOf);
  writeWorld(world, Object.fromEntries(INSTANCES.map((id) => [id, snapshots])));
  return world;
}

/** What questions cost must not grow with the days since the first snapshot. */
describe.each([10, 100, 1_000])('in a bucket of %i days', (days) => {
  let lake: Lake;
  let world: string;

  beforeAll(async () => {
    const folder = newFolder();
    world = publish(days);
    const projection = { instanceIds: INSTANCES, firstSnapshotDate: dateOf(days) };
    lake = await openLake(folder, synthesize(projection));
    await upload(lake.s3, world);
  });

  afterAll(async () => {
    await lake?.close();
  });

  const stored = (keys: readonly string[]): number =>
    keys.reduce((sum, key) => sum + statSync(join(world, key)).size, 0);

  it.each([
    ['latest_proficiencies', 'SELECT * FROM latest_proficiencies', latestKey],
    [
      'proficiency_changes of a date',
      `SELECT * FROM proficiency_changes WHERE snapshot_date = DATE '${dateOf(0)}'`,
      (instanceId: string) => changesKey(instanceId, dateOf(0)),
    ],
  ] as const)('%s takes two requests of each instance', async (_, sql, keyOf) => {
    const { rows, reads } = await lake.watch(sql);
    const keys = INSTANCES.map((instanceId) => keyOf(instanceId)).toSorted();
    expect(rows).toHaveLength(2 * INSTANCES.length);
    expect(keysOf(reads)).toEqual(keys);
    expect(reads.gets).toHaveLength(keys.length);
    expect(reads.lists).toHaveLength(keys.length);
    expect(bytesOf(reads)).toBe(stored(keys));
  });

  it('every day is listed where no date is named', async () => {
    const { reads } = await lake.watch(
      `SELECT count(*) FROM snapshot_changes WHERE instance_id = '${INSTANCES[0]}'`,
    );
    expect(reads.lists.length).toBeGreaterThan(days);
  });
});
