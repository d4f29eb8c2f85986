import { gunzipSync } from 'node:zlib';
import {
  COVERAGE_TARGETS_KEY,
  changesKey,
  latestKey,
  TARGETS_FILE_KEY,
} from '../../contract/keys.ts';
import { METRICS } from '../../contract/metrics.ts';
import { deriverBundle, workerBundle } from '../support/worker-bundle.ts';
import {
  type DeriverProcess,
  startDeriver,
  startWorker,
  type WorkerProcess,
} from '../support/worker-process.ts';
import { rowsIn, told, truth, type WorkerWorld, workerWorld } from '../support/worker-world.ts';

/**
 * Both bundles as they are deployed: the worker publishes, the deriver is given its answer. Each test finds both
 * functions warm and the bucket empty.
 */

const USERS = 60;

let world: WorkerWorld;
let worker: WorkerProcess;
let deriver: DeriverProcess;

/** How much was printed, and how often S3 was asked, before the test that runs. */
let before: { readonly printed: number; readonly requests: number };

beforeAll(async () => {
  world = await workerWorld({ users: USERS });
  worker = await startWorker(await workerBundle(), world.environment());
  const { AWS_ENDPOINT_URL_CONNECT: _, ...environment } = world.environment();
  deriver = await startDeriver(await deriverBundle(), environment);
});

beforeEach(() => {
  for (const key of [...world.s3.objects.keys()]) world.s3.remove(key);
  before = { printed: deriver.output().length, requests: world.s3.requests.length };
});

afterAll(async () => {
  await Promise.all([worker.kill(), deriver.kill()]);
  await world.close();
});

async function publish(snapshotDate: string) {
  const scheduledTime = `${snapshotDate}T02:00:00Z`;
  const answer = await worker.invoke({ instanceId: world.simulator.instanceId, scheduledTime });
  if (!answer?.result) throw new Error(`Nothing was published: ${JSON.stringify(answer)}`);
  return answer.result;
}

const stored = (key: string): Buffer => world.s3.objects.get(key)?.bytes ?? Buffer.alloc(0);

const printed = (): string => deriver.output().slice(before.printed);

const logged = () =>
  printed()
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line));

test('the first snapshot is copied to its stable address, and the event tells of it', async () => {
  const published = await publish('2026-11-23');
  const { instanceId, runId } = published;
  const uri = (key: string) => `s3://${world.s3.bucket}/${key}`;
  expect(await deriver.invoke(published)).toEqual({
    result: {
      derived: { latest: 'written', changesWritten: [], changesLeft: 0, damages: [] },
      detail: {
        version: 1,
        instanceId,
        region: 'us-east-1',
        snapshotDate: '2026-11-23',
        runId,
        trigger: 'schedule',
        publishedAt: world.manifest()?.finished_at,
        users: USERS,
        proficiencies: world.manifest()?.proficiencies,
        changes: null,
        coverage: null,
        snapshotUri: published.snapshotUri,
        manifestUri: published.manifestUri,
        latestUri: uri(latestKey(instanceId)),
        changesUri: null,
      },
    },
  });
  expect(told(await rowsIn(stored(latestKey(instanceId))))).toEqual(truth(world));
});

test('the second snapshot is compared with the first, and a repeated answer changes nothing', async () => {
  await deriver.invoke(await publish('2026-11-23'));
  const published = await publish('2026-11-24');
  const key = changesKey(published.instanceId, '2026-11-24');
  const answer = await deriver.invoke(published);
  expect(answer).toMatchObject({
    result: {
      derived: { latest: 'written', changesWritten: ['2026-11-24'], changesLeft: 0 },
      detail: {
        changes: { previousSnapshotDate: '2026-11-23', usersCreated: 0, added: 0 },
        changesUri: `s3://${world.s3.bucket}/${key}`,
      },
    },
  });
  expect(gunzipSync(stored(key)).toString()).toContain('"change":"compared"');

  const again = await deriver.invoke(published);
  expect(again?.result?.detail).toEqual(answer?.result?.detail);
  expect(again?.result?.derived).toEqual({
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
  const answer = await deriver.invoke(published, { looks: 1 });
  expect(answer?.result?.derived).toEqual({
    latest: 'written',
    changesWritten: ['2026-11-25'],
    changesLeft: 1,
    damages: [],
  });
  expect(answer?.result?.detail.changes?.previousSnapshotDate).toBe('2026-11-24');
  expect(logged()).toContainEqual(
    expect.objectContaining({ level: 'WARN', message: 'Not all data derived', changesLeft: 1 }),
  );
  expect((await deriver.invoke(published))?.result?.derived.changesWritten).toEqual(['2026-11-24']);
});

test('what was damaged long ago is told of in the log, and keeps nothing back', async () => {
  const damaged = await publish('2026-11-22');
  await publish('2026-11-23');
  await publish('2026-11-24');
  const published = await publish('2026-11-25');
  const key = damaged.snapshotUri?.replace(`s3://${world.s3.bucket}/`, '') ?? '';
  world.s3.write(key, stored(key).subarray(1));
  const answer = await deriver.invoke(published);
  expect(answer?.result?.detail.changes?.previousSnapshotDate).toBe('2026-11-24');
  expect(answer?.result?.derived).toMatchObject({
    changesWritten: ['2026-11-25', '2026-11-24'],
    damages: [{ of: '2026-11-23', message: expect.stringContaining(key) }],
  });
  expect(logged()).toContainEqual(
    expect.objectContaining({ level: 'WARN', message: 'Not all data derived' }),
  );
});

const HEADER = 'attribute_name,attribute_value,minimum_level,minimum_agents';

const setTargets = (...lines: readonly string[]): void =>
  world.s3.write(TARGETS_FILE_KEY, Buffer.from([HEADER, ...lines].join('\n')));

const gapsReported = () =>
  logged().flatMap((line) => (METRICS.coverageGaps in line ? line[METRICS.coverageGaps] : []));

test('the newest snapshot is compared with the targets, in the event and as a metric', async () => {
  setTargets('Language,English,1,1', 'Language,Klingon,4,2', 'Language,French,x,2');
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
  const answer = await deriver.invoke(published);
  expect(answer).toMatchObject({ result: { detail: { coverage } } });
  expect((await deriver.invoke(published))?.result?.detail).toEqual(answer?.result?.detail);
  expect(gapsReported()).toEqual([1, 1]);
  expect(logged()).toContainEqual(
    expect.objectContaining({
      level: 'WARN',
      message: 'Coverage targets cannot be read',
      uri: `s3://${world.s3.bucket}/${TARGETS_FILE_KEY}`,
      problemCount: 1,
      problems: coverage.problems,
    }),
  );
  expect(gunzipSync(stored(COVERAGE_TARGETS_KEY)).toString().split('\n')).toHaveLength(4);
});

test('the metric is of the newest snapshot, falls to zero with the last target, and says nothing where nothing is known', async () => {
  const older = await publish('2026-11-23');
  const newest = await publish('2026-11-24');
  await deriver.invoke(newest);
  expect(gapsReported()).toEqual([]);
  setTargets('Language,Klingon,4,2');
  expect((await deriver.invoke(older))?.result?.detail.coverage?.gapCount).toBe(1);
  expect(gapsReported()).toEqual([]);
  await deriver.invoke(newest);
  expect(gapsReported()).toEqual([1]);
  world.s3.write(TARGETS_FILE_KEY, Buffer.from('not a header'));
  expect((await deriver.invoke(newest))?.result?.detail.coverage?.problemCount).toBe(1);
  expect(gapsReported()).toEqual([1]);
  world.s3.remove(TARGETS_FILE_KEY);
  expect((await deriver.invoke(newest))?.result?.detail.coverage).toBeNull();
  expect(gapsReported()).toEqual([1, 0]);
});

test('every line of the log names instance and run, and holds nothing of a user', async () => {
  await deriver.invoke(await publish('2026-11-23'));
  const { instanceId, runId, ...published } = await publish('2026-11-24');
  await deriver.invoke({ instanceId, runId, ...published });
  const lines = logged();
  expect(lines.map(({ message }) => message)).toEqual([
    'Object written',
    'Data derived',
    'Object written',
    'Object written',
    'Data derived',
  ]);
  for (const line of lines) expect(line).toMatchObject({ instanceId });
  for (const line of lines.slice(2)) expect(line).toMatchObject({ runId });
  const output = printed();
  for (const { user_id, username } of truth(world)) {
    expect(output).not.toContain(user_id);
    expect(output).not.toContain(username);
  }
});

test('a snapshot that was spoilt is named as a failure that a workflow can match', async () => {
  const published = await publish('2026-11-23');
  const key = published.snapshotUri?.replace(`s3://${world.s3.bucket}/`, '') ?? '';
  world.s3.write(key, stored(key).subarray(1));
  expect(await deriver.invoke(published)).toMatchObject({
    failure: { name: 'DamagedRun', message: expect.stringContaining(key) },
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
    instanceId: world.simulator.instanceId,
    runId: '20261123T020000Z-1a2b3c4d',
    snapshotDate: '2026-11-23',
    ...changes,
  };
  expect(await deriver.invoke(event)).toMatchObject({
    failure: { name: 'InvalidRequest', message: expect.stringContaining(message) },
  });
  expect(world.s3.requests.slice(before.requests)).toEqual([]);
});
