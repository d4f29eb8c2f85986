import { gunzipSync } from 'node:zlib';
import {
  COVERAGE_TARGETS_KEY,
  changesKey,
  latestKey,
  manifestKey,
  snapshotKey,
  TARGETS_FILE_KEY,
} from '../../contract/keys.ts';
import { METRICS } from '../../contract/metrics.ts';
import type { Store } from '../../export/ports.ts';
import type { DeriveAnswer } from '../../lambda/derive-handler.ts';
import { s3Client } from '../../lambda/s3/client.ts';
import { s3Store } from '../../lambda/s3/store.ts';
import { INSTANCE, publish as publishTo } from '../derive/history.ts';
import { awsEnvironment } from '../support/aws-environment.ts';
import { type FakeS3, startFakeS3 } from '../support/fake-s3/server.ts';
import { invocation, keepPrinted, type Lifetime } from '../support/invocation.ts';
import type { WorldUser } from '../support/published-world.ts';

/** Each test finds the handler warm and the bucket empty. */

const USERS: readonly WorldUser[] = ['anna', 'bert'].map((username) => ({
  id: `id-of-${username}`,
  username,
  proficiencies: [{ attribute_name: 'Language', attribute_value: 'French', level: 3 }],
}));

const ENVIRONMENT = process.env;

let s3: FakeS3;
let store: Store;
let derive: (event: unknown, life?: Lifetime) => Promise<DeriveAnswer>;
let printed: readonly string[];

beforeAll(async () => {
  s3 = await startFakeS3();
  process.env = { ...awsEnvironment(s3.url), EXPORT_BUCKET: s3.bucket };
  store = s3Store({ client: s3Client(), bucket: s3.bucket });
  const { handler } = await import('../../lambda/derive-handler.ts');
  derive = (event, life) => handler(event, invocation(life));
});

beforeEach(() => {
  for (const key of [...s3.objects.keys()]) s3.remove(key);
  printed = keepPrinted();
});

afterEach(() => jest.restoreAllMocks());

afterAll(async () => {
  process.env = ENVIRONMENT;
  await s3.close();
});

/** Publishes a snapshot, and gives what the worker would answer of it, as far as the deriver looks at it. */
async function publish(snapshotDate: string) {
  const { run_id } = await publishTo(store, { date: snapshotDate, run: 0, users: USERS });
  return { instanceId: INSTANCE, runId: run_id, snapshotDate };
}

const stored = (key: string): Buffer => s3.objects.get(key)?.bytes ?? Buffer.alloc(0);

/** As somebody might who has no business there. */
function spoilSnapshotOf(snapshotDate: string): string {
  const key = snapshotKey(INSTANCE, snapshotDate);
  s3.write(key, stored(key).subarray(1));
  return key;
}

const logged = () =>
  printed
    .join('')
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line));

test('the first snapshot is copied to its stable address, and the event tells of it', async () => {
  const published = await publish('2026-11-23');
  expect(await derive(published)).toEqual({
    derived: { latest: 'written', changesWritten: [], changesLeft: 0, damages: [] },
    detail: {
      version: 1,
      instanceId: INSTANCE,
      region: 'us-east-1',
      snapshotDate: '2026-11-23',
      runId: published.runId,
      trigger: 'schedule',
      publishedAt: '2026-11-23T03:23:27.500Z',
      users: 2,
      proficiencies: 2,
      changes: null,
      coverage: null,
      snapshotUri: store.uri(snapshotKey(INSTANCE, '2026-11-23')),
      manifestUri: store.uri(manifestKey(INSTANCE, '2026-11-23')),
      latestUri: store.uri(latestKey(INSTANCE)),
      changesUri: null,
    },
  });
  expect(stored(latestKey(INSTANCE))).toEqual(stored(snapshotKey(INSTANCE, '2026-11-23')));
});

test('the second snapshot is compared with the first, and a repeated answer changes nothing', async () => {
  await derive(await publish('2026-11-23'));
  const published = await publish('2026-11-24');
  const key = changesKey(INSTANCE, '2026-11-24');
  const answer = await derive(published);
  expect(answer).toMatchObject({
    derived: { latest: 'written', changesWritten: ['2026-11-24'], changesLeft: 0 },
    detail: {
      changes: { previousSnapshotDate: '2026-11-23', usersCreated: 0, added: 0 },
      changesUri: store.uri(key),
    },
  });
  expect(gunzipSync(stored(key)).toString()).toContain('"change":"compared"');

  const again = await derive(published);
  expect(again.detail).toEqual(answer.detail);
  expect(again.derived).toEqual({
    latest: 'unchanged',
    changesWritten: [],
    changesLeft: 0,
    damages: [],
  });
});

test('where the time is up, its own date is compared all the same, and the next run goes on', async () => {
  await publish('2026-11-23');
  await publish('2026-11-24');
  const published = await publish('2026-11-25');
  // Looks at the clock at its start, and then finds none left.
  const answer = await derive(published, { looks: 1 });
  expect(answer.derived).toEqual({
    latest: 'written',
    changesWritten: ['2026-11-25'],
    changesLeft: 1,
    damages: [],
  });
  expect(answer.detail.changes?.previousSnapshotDate).toBe('2026-11-24');
  expect(logged()).toContainEqual(
    expect.objectContaining({ level: 'WARN', message: 'Not all data derived', changesLeft: 1 }),
  );
  expect((await derive(published)).derived.changesWritten).toEqual(['2026-11-24']);
});

test('what was damaged long ago is told of in the log, and keeps nothing back', async () => {
  await publish('2026-11-22');
  await publish('2026-11-23');
  await publish('2026-11-24');
  const published = await publish('2026-11-25');
  const key = spoilSnapshotOf('2026-11-22');
  const answer = await derive(published);
  expect(answer.detail.changes?.previousSnapshotDate).toBe('2026-11-24');
  expect(answer.derived).toMatchObject({
    changesWritten: ['2026-11-25', '2026-11-24'],
    damages: [{ of: '2026-11-23', message: expect.stringContaining(key) }],
  });
  expect(logged()).toContainEqual(
    expect.objectContaining({ level: 'WARN', message: 'Not all data derived' }),
  );
});

const HEADER = 'attribute_name,attribute_value,minimum_level,minimum_agents';

const setTargets = (...lines: readonly string[]): void =>
  s3.write(TARGETS_FILE_KEY, Buffer.from([HEADER, ...lines].join('\n')));

const gapsReported = () =>
  logged().flatMap((line) => (METRICS.coverageGaps in line ? line[METRICS.coverageGaps] : []));

test('the newest snapshot is compared with the targets, in the event and as a metric', async () => {
  setTargets('Language,French,1,1', 'Language,Klingon,4,2', 'Language,German,x,2');
  const published = await publish('2026-11-23');
  const coverage = {
    targetCount: 2,
    gapCount: 1,
    gaps: [
      {
        attributeName: 'Language',
        attributeValue: 'Klingon',
        minimumLevel: 4,
        minimumAgents: 2,
        agents: 0,
      },
    ],
    problemCount: 1,
    problems: [{ line: 4, problem: 'minimum_level is "x", which is no level from 1 to 5' }],
  };
  const answer = await derive(published);
  expect(answer).toMatchObject({ detail: { coverage } });
  expect((await derive(published)).detail).toEqual(answer.detail);
  expect(gapsReported()).toEqual([1, 1]);
  expect(logged()).toContainEqual(
    expect.objectContaining({
      level: 'WARN',
      message: 'Coverage targets cannot be read',
      uri: store.uri(TARGETS_FILE_KEY),
      problemCount: 1,
      problems: coverage.problems,
    }),
  );
  expect(gunzipSync(stored(COVERAGE_TARGETS_KEY)).toString().split('\n')).toHaveLength(4);
});

test('the metric is of the newest snapshot, falls to zero with the last target, and says nothing where nothing is known', async () => {
  const older = await publish('2026-11-23');
  const newest = await publish('2026-11-24');
  await derive(newest);
  expect(gapsReported()).toEqual([]);
  setTargets('Language,Klingon,4,2');
  expect((await derive(older)).detail.coverage?.gapCount).toBe(1);
  expect(gapsReported()).toEqual([]);
  await derive(newest);
  expect(gapsReported()).toEqual([1]);
  s3.write(TARGETS_FILE_KEY, Buffer.from('not a header'));
  expect((await derive(newest)).detail.coverage?.problemCount).toBe(1);
  expect(gapsReported()).toEqual([1]);
  s3.remove(TARGETS_FILE_KEY);
  expect((await derive(newest)).detail.coverage).toBeNull();
  expect(gapsReported()).toEqual([1, 0]);
});

test('every line of the log names instance and run, and holds nothing of a user', async () => {
  await derive(await publish('2026-11-23'));
  const published = await publish('2026-11-24');
  await derive(published);
  const lines = logged();
  expect(lines.map(({ message }) => message)).toEqual([
    'Object written',
    'Data derived',
    'Object written',
    'Object written',
    'Data derived',
  ]);
  for (const line of lines) expect(line).toMatchObject({ instanceId: INSTANCE });
  for (const line of lines.slice(2)) expect(line).toMatchObject({ runId: published.runId });
  const output = printed.join('');
  for (const { id, username } of USERS) {
    expect(output).not.toContain(id);
    expect(output).not.toContain(username);
  }
});

test('a snapshot that was spoilt is named as a failure that a workflow can match', async () => {
  const published = await publish('2026-11-23');
  const key = spoilSnapshotOf('2026-11-23');
  await expect(derive(published)).rejects.toMatchObject({
    name: 'DamagedRun',
    message: expect.stringContaining(key),
  });
  expect(logged()).toEqual([
    expect.objectContaining({ level: 'WARN', message: 'Data could not be derived' }),
  ]);
});

test.each([
  ['nothing', null, 'The event is wrong: expected object.'],
  ['no run', { runId: undefined }, 'The event: field "runId" is missing; expected a run id'],
  [
    'no date',
    { snapshotDate: 'today' },
    'field "snapshotDate" is "today"; expected a date such as',
  ],
  ['no instance', { instanceId: 'sales' }, 'field "instanceId" is "sales"; expected an Amazon'],
])('an event with %s is refused, and nothing is asked', async (_, changes, message) => {
  const event = changes && {
    instanceId: INSTANCE,
    runId: '20261123T020000Z-1a2b3c4d',
    snapshotDate: '2026-11-23',
    ...changes,
  };
  const before = s3.requests.length;
  await expect(derive(event)).rejects.toMatchObject({
    name: 'InvalidRequest',
    message: expect.stringContaining(message),
  });
  expect(s3.requests).toHaveLength(before);
});
