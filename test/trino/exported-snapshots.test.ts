import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { exportInstance } from '../../cli/export/export-instance.ts';
import type { GivenParameters } from '../../cli/query/parameters.ts';
import { openSnapshots, type Snapshots } from '../../cli/query/snapshots.ts';
import { changesKey, latestKey, snapshotKey, TARGETS_FILE_KEY } from '../../contract/keys.ts';
import { deriveInstance } from '../../derive/instance.ts';
import { deriveTargets } from '../../derive/targets/derive-targets.ts';
import { s3Store } from '../../lambda/s3/store.ts';
import { type Simulator, startSimulator } from '../../simulator/server.ts';
import { SAVED_QUERIES } from '../../sql/saved-queries.ts';
import { TABLES } from '../../sql/tables.ts';
import { VIEWS } from '../../sql/views.ts';
import { unordered } from '../cli/query/expected/lines.ts';
import { tableBelow } from '../docs/markdown.ts';
import { BUCKET, synthesize } from '../lib/catalog/synthesized.ts';
import { saidReads } from '../sql/header.ts';
import { awsEnvironment } from '../support/aws-environment.ts';
import { temporaryFolders } from '../support/temporary-folder.ts';
import { workerBundle } from '../support/worker-bundle.ts';
import { drive, startWorker } from '../support/worker-process.ts';
import { truth } from '../support/worker-world.ts';
import { comparable, savedQuery } from './asking.ts';
import { bytesOf, keysOf, type Lake, openLake } from './lake.ts';

const USERS = 60;
const DAY_MS = 86_400_000;

/** Three days with snapshots, the last of which is tomorrow, as it may be east of Greenwich; of yesterday and today there is none. */
const times = [3, 2, -1].map((daysAgo) => new Date(Date.now() - daysAgo * DAY_MS));
const dates = times.map((time) => time.toISOString().slice(0, 10));
const [firstDate = '', , lastDate = ''] = dates;

/** So many simulated days between two snapshots that much changes. */
const SIMULATED_DAYS = 10;

const newFolder = temporaryFolders();
let simulators: readonly [Simulator, Simulator];
let lake: Lake;
let snapshots: Snapshots;

beforeAll(async () => {
  const common = { users: USERS, quota: 'unlimited', latencyMs: 0 } as const;
  simulators = [await startSimulator(common), await startSimulator({ ...common, seed: 2 })];
  const instanceIds = simulators.map(({ instanceId }) => instanceId);
  lake = await openLake(newFolder(), synthesize({ instanceIds, firstSnapshotDate: firstDate }));
  for (const [index, time] of times.entries()) {
    for (const simulator of simulators) simulator.goToDay(index * SIMULATED_DAYS);
    await exportByWorker(simulators[0], time);
    await exportByLaptop(simulators[1], time);
  }
  await derive();
  snapshots = await openSnapshots(await downloaded());
});

afterAll(async () => {
  snapshots?.close();
  await lake?.close();
  for (const simulator of simulators ?? []) await simulator.close();
});

async function exportByWorker(simulator: Simulator, time: Date): Promise<void> {
  const worker = await startWorker(await workerBundle(), {
    ...awsEnvironment(lake.moto.url),
    AWS_ENDPOINT_URL_CONNECT: simulator.url,
    AWS_ENDPOINT_URL_SERVICE_QUOTAS: lake.moto.url,
    EXPORT_BUCKET: BUCKET,
    REQUESTS_PER_SECOND: '100000',
  });
  const event = { instanceId: simulator.instanceId, scheduledTime: time.toISOString() };
  const answers = await drive(worker, event);
  await worker.kill();
  expect(answers.at(-1)?.result?.status).toBe('PUBLISHED');
}

async function exportByLaptop(simulator: Simulator, time: Date): Promise<void> {
  process.env.AWS_ENDPOINT_URL_CONNECT = simulator.url;
  const { result } = await exportInstance(
    {
      instanceId: simulator.instanceId,
      timeZone: 'UTC',
      allowedFailedUsers: 0,
      usernames: true,
      userDetails: 'teams',
      predefinedAttributes: true,
      requestsPerSecond: 100_000,
    },
    s3Store({ client: lake.s3, bucket: BUCKET }),
    () => time,
  );
  expect(result.status).toBe('PUBLISHED');
}

async function read(key: string): Promise<Buffer> {
  const { Body } = await lake.s3.send(new GetObjectCommand({ Bucket: BUCKET, Key: key }));
  return Buffer.from((await Body?.transformToByteArray()) ?? []);
}

/** As the command line, or the function that is deployed beside the worker. */
async function derive(): Promise<void> {
  const store = s3Store({ client: lake.s3, bucket: BUCKET });
  for (const { instanceId } of simulators) {
    const { damages } = await deriveInstance(store, instanceId, { snapshots: 'all' });
    if (damages.length > 0) throw new Error(JSON.stringify(damages));
  }
  await store.put(
    TARGETS_FILE_KEY,
    Buffer.from(
      'attribute_name;attribute_value;minimum_level;minimum_agents\nLanguage;French;3,5;9\nLanguage;Klingon;1;1\n',
    ),
  );
  await deriveTargets(store);
}

/** A folder as `aws s3 sync` would leave it. */
async function downloaded(): Promise<string> {
  const folder = newFolder();
  const { Contents = [] } = await lake.s3.send(new ListObjectsV2Command({ Bucket: BUCKET }));
  for (const { Key = '' } of Contents) {
    const path = join(folder, Key);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, await read(Key));
  }
  return folder;
}

it('the newest snapshot of both instances has what Connect has', async () => {
  const { rows } = await lake.trino.run(
    'SELECT DISTINCT instance_id, user_id, username, proficiency_count FROM latest_proficiencies',
  );
  const expected = simulators.flatMap((simulator) =>
    truth({ simulator }).map((user) => [
      user.instance_id,
      user.user_id,
      user.username,
      user.proficiency_count,
    ]),
  );
  expect(unordered(rows)).toEqual(unordered(expected));
});

it.each(VIEWS.map(({ name }) => name))('the view %s has the lines of DuckDB', async (view) => {
  const sql = `SELECT * FROM ${view}`;
  const lines = comparable(await lake.trino.run(sql));
  expect(unordered(lines)).toEqual(unordered((await snapshots.run(sql)).rows));
  expect(lines).not.toEqual([]);
});

/** Where the objects of a table are. */
function prefixOf(name: string): string {
  const prefix = TABLES.find((table) => table.name === name)?.prefix;
  if (prefix === undefined) throw new Error(`There is no table ${name}.`);
  return prefix;
}

/** A table's objects: how many, and their bytes. */
async function stored(
  table: string,
): Promise<{ readonly objects: number; readonly bytes: number }> {
  const { Contents = [] } = await lake.s3.send(
    new ListObjectsV2Command({ Bucket: BUCKET, Prefix: prefixOf(table) }),
  );
  return {
    objects: Contents.length,
    bytes: Contents.reduce((sum, { Size = 0 }) => sum + Size, 0),
  };
}

/**
 * How often S3 may be asked to list for a scan of a table. A scan lists every folder, which is one of every instance, or one of
 * each day from the first one to tomorrow; a folder without an object is listed twice.
 */
async function mostLists(table: string): Promise<number> {
  const days = (startOfDay(Date.now()) - startOfDay(Date.parse(firstDate))) / DAY_MS + 2;
  const { partitions = {} } = TABLES.find(({ name }) => name === table) ?? {};
  const folders =
    ('instance_id' in partitions ? simulators.length : 1) *
    ('snapshot_date' in partitions ? days : 1);
  const { objects } = await stored(table);
  return objects + 2 * (folders - objects);
}

const startOfDay = (time: number): number => time - (time % DAY_MS);

/** How often the plan reads each table. */
async function scansIn(sql: string): Promise<Record<string, number>> {
  const { rows } = await lake.trino.run(`EXPLAIN ${sql}`);
  const tables = [...String(rows).matchAll(/\[table = [\w:]+:(\w+)/g)].map(
    ([, table = '']) => table,
  );
  return Object.fromEntries(
    tables.map((table) => [table, tables.filter((one) => one === table).length]),
  );
}

/** The objects and kB that docs/athena.md says were read. */
const documented = Object.fromEntries(
  tableBelow(readFileSync('docs/athena.md', 'utf8'), 'What a saved query reads').map(
    ([name = '', objects, kilobytes]) => [
      name.replaceAll('`', ''),
      { objects: Number(objects), kilobytes: Number(kilobytes) },
    ],
  ),
);

describe.each(SAVED_QUERIES.map((query) => [query.name, query] as const))('%s', (name, query) => {
  // By default today, which may have ended before DuckDB is asked.
  const given: GivenParameters = name === 'export-health' ? { as_of: lastDate } : {};

  it('reads the tables as often as its header says', async () => {
    expect(await scansIn(query.sql)).toEqual(saidReads(query));
  });

  it('answers as DuckDB does, and reads no more than its header says', async () => {
    const { reads, ...answer } = await lake.watch(savedQuery(name, given));
    expect(comparable(answer)).toEqual((await snapshots.run(name, given)).rows);
    let lists = 0;
    for (const [table, times] of Object.entries(saidReads(query))) {
      const gets = reads.gets.filter(({ key }) => key.startsWith(prefixOf(table)));
      const { objects, bytes } = await stored(table);
      expect(gets.length).toBeLessThanOrEqual(times * objects);
      expect(bytesOf({ gets })).toBeLessThanOrEqual(times * bytes);
      lists += times * (await mostLists(table));
    }
    expect(reads.lists.length).toBeLessThanOrEqual(lists);
  });

  it('has these objects and bytes in docs/athena.md', async () => {
    let [objects, bytes] = [0, 0];
    for (const [table, times] of Object.entries(saidReads(query))) {
      const all = await stored(table);
      objects += times * all.objects;
      bytes += times * all.bytes;
    }
    const { kilobytes, ...said } = documented[name] ?? { kilobytes: 0, objects: 0 };
    expect(said).toEqual({ objects });
    // The times of the rows are those of the run, and compress now better, now worse.
    expect(bytes / 1000 / kilobytes).toBeCloseTo(1, 1);
  });
});

it('agent-history follows someone whose name has quotes', async () => {
  const names = simulators.flatMap((simulator) =>
    truth({ simulator }).map(({ username }) => username),
  );
  const agent = names.find((name) => name.includes("'")) ?? '';
  const { rows } = await lake.trino.run(savedQuery('agent-history', { agent }));
  expect(rows).toEqual((await snapshots.run('agent-history', { agent })).rows);
  expect(rows).not.toEqual([]);
});

it.each([
  ['user_proficiencies', snapshotKey],
  ['proficiencies_flat', snapshotKey],
  ['snapshot_changes', changesKey],
  ['proficiency_changes', changesKey],
  ['user_changes', changesKey],
] as const)('of %s only the date that is named is listed and read', async (table, keyOf) => {
  const { rows, reads } = await lake.watch(
    `SELECT * FROM ${table} WHERE snapshot_date = DATE '${lastDate}'`,
  );
  expect(rows).not.toEqual([]);
  const keys = simulators.map(({ instanceId }) => keyOf(instanceId, lastDate));
  expect(keysOf(reads)).toEqual(keys.toSorted());
  expect(reads.lists).toHaveLength(simulators.length);
});

it('of latest_proficiencies one object of each instance is listed and read, however many days there are', async () => {
  const { rows, reads } = await lake.watch('SELECT * FROM latest_proficiencies');
  expect(rows).not.toEqual([]);
  expect(keysOf(reads)).toEqual(
    simulators.map(({ instanceId }) => latestKey(instanceId)).toSorted(),
  );
  expect(reads.gets).toHaveLength(simulators.length);
  expect(reads.lists).toHaveLength(simulators.length);
});
