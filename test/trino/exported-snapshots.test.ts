import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { exportInstance } from '../../cli/export/export-instance.ts';
import type { GivenParameters } from '../../cli/query/parameters.ts';
import { openSnapshots, type Snapshots } from '../../cli/query/snapshots.ts';
import { snapshotKey } from '../../lambda/contract/keys.ts';
import { s3Store } from '../../lambda/s3/store.ts';
import { type Simulator, startSimulator } from '../../simulator/server.ts';
import { SAVED_QUERIES } from '../../sql/saved-queries.ts';
import { VIEWS } from '../../sql/views.ts';
import { unordered } from '../cli/query/expected/lines.ts';
import { BUCKET, synthesize } from '../lib/catalog/synthesized.ts';
import { awsEnvironment } from '../support/aws-environment.ts';
import { temporaryFolders } from '../support/temporary-folder.ts';
import { workerBundle } from '../support/worker-bundle.ts';
import { drive, startWorker } from '../support/worker-process.ts';
import { truth } from '../support/worker-world.ts';
import { comparable, savedQuery } from './asking.ts';
import { type Lake, openLake } from './lake.ts';

const USERS = 60;
const DAY_MS = 86_400_000;

/** Three days with snapshots; of yesterday there is none. */
const times = [3, 2, 0].map((daysAgo) => new Date(Date.now() - daysAgo * DAY_MS));
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
  snapshots = await openSnapshots(await downloaded());
});

afterAll(async () => {
  snapshots?.close();
  await lake?.close();
  for (const simulator of simulators ?? []) await simulator.close();
});

async function exportByWorker(simulator: Simulator, time: Date): Promise<void> {
  const worker = await startWorker(workerBundle(), {
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
      requestsPerSecond: 100_000,
    },
    s3Store({ client: lake.s3, bucket: BUCKET }),
    () => time,
  );
  expect(result.status).toBe('PUBLISHED');
}

/** A folder as `aws s3 sync` would leave it. */
async function downloaded(): Promise<string> {
  const folder = newFolder();
  const { Contents = [] } = await lake.s3.send(new ListObjectsV2Command({ Bucket: BUCKET }));
  for (const { Key = '' } of Contents) {
    const { Body } = await lake.s3.send(new GetObjectCommand({ Bucket: BUCKET, Key }));
    const path = join(folder, Key);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, (await Body?.transformToByteArray()) ?? '');
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

/** How often the tables are read for each saved query, those under its views included. */
const SCANS: Readonly<Record<string, number>> = {
  'abandoned-proficiencies': 3,
  'agent-history': 5,
  'agents-lacking-proficiency': 2,
  'agents-near-proficiency-limit': 2,
  'agents-with-proficiency': 2,
  'agents-without-proficiencies': 2,
  'changes-between-dates': 5,
  'coverage-matrix': 2,
  'export-health': 2,
  'single-points-of-failure': 2,
};

/**
 * The most that so many scans may ask S3 for. A scan lists every day from the first one to tomorrow, for every
 * instance, and a day without a snapshot twice.
 */
function most(scans: number): { readonly gets: number; readonly lists: number } {
  const published = simulators.length * dates.length;
  const days = (startOfDay(Date.now()) - startOfDay(Date.parse(firstDate))) / DAY_MS + 2;
  const empty = simulators.length * days - published;
  return { gets: scans * published, lists: scans * (published + 2 * empty) };
}

const startOfDay = (time: number): number => time - (time % DAY_MS);

it.each(SAVED_QUERIES.map(({ name }) => name))(
  '%s answers as DuckDB does, and reads no more than it must',
  async (name) => {
    // By default today, which may have ended before DuckDB is asked.
    const given: GivenParameters = name === 'export-health' ? { as_of: lastDate } : {};
    const { reads, ...answer } = await lake.watch(savedQuery(name, given));
    expect(comparable(answer)).toEqual((await snapshots.run(name, given)).rows);
    const { gets, lists } = most(SCANS[name] ?? 0);
    expect(reads.gets).toBeLessThanOrEqual(gets);
    expect(reads.lists.length).toBeLessThanOrEqual(lists);
  },
);

it('agent-history follows someone whose name has quotes', async () => {
  const names = simulators.flatMap((simulator) =>
    truth({ simulator }).map(({ username }) => username),
  );
  const agent = names.find((name) => name.includes("'")) ?? '';
  const { rows } = await lake.trino.run(savedQuery('agent-history', { agent }));
  expect(rows).toEqual((await snapshots.run('agent-history', { agent })).rows);
  expect(rows).not.toEqual([]);
});

it.each(['user_proficiencies', 'proficiencies_flat'])(
  'of %s only the date that is named is listed and read',
  async (table) => {
    const { rows, reads } = await lake.watch(
      `SELECT * FROM ${table} WHERE snapshot_date = DATE '${lastDate}'`,
    );
    expect(rows).not.toEqual([]);
    const keys = simulators.map(({ instanceId }) => snapshotKey(instanceId, lastDate));
    expect(reads.keys).toEqual(keys.toSorted());
    expect(reads.lists).toHaveLength(simulators.length);
  },
);
