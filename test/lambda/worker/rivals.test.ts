import type { WorkerResult } from '../../../contract/result.ts';
import { type Listener, tap, type Wiretap } from '../../support/wiretap.ts';
import { workerBundle } from '../../support/worker-bundle.ts';
import { startWorker, type WorkerProcess } from '../../support/worker-process.ts';
import { told, truth, type WorkerWorld, workerWorld } from '../../support/worker-world.ts';

const USERS = 20;

/** A run takes more than a second, so that two who start together meet. */
const SLOW = { REQUESTS_PER_SECOND: '15' };

const NOBODY_LISTENS: Listener = async () => undefined;

let world: WorkerWorld;
/** Hears what the first worker asks of S3. */
let listener: Listener;
let wire: Wiretap;
let workers: [WorkerProcess, WorkerProcess];
/** How many users each worker had asked for before the test that runs. */
let askedBefore: number[];

beforeAll(async () => {
  world = await workerWorld({ users: USERS });
  wire = await tap(world.s3.url, (request) => listener(request));
  const bundle = await workerBundle();
  const start = (name: string, s3: string) =>
    startWorker(
      bundle,
      world.environment({ AWS_ACCESS_KEY_ID: name, AWS_ENDPOINT_URL_S3: s3, ...SLOW }),
    );
  workers = await Promise.all([start('one', wire.url), start('two', world.s3.url)]);
});

beforeEach(() => {
  for (const key of [...world.s3.objects.keys()]) world.s3.remove(key);
  listener = NOBODY_LISTENS;
  askedBefore = askedInAll();
});

afterAll(async () => {
  await Promise.all(workers.map((worker) => worker.kill()));
  await wire.close();
  await world.close();
});

/** Both are invoked at the same instant. */
async function race(...events: [object, object]) {
  const [one, two] = workers;
  const { instanceId } = world.simulator;
  const answers = await Promise.all([
    one.invoke({ instanceId, ...events[0] }),
    two.invoke({ instanceId, ...events[1] }),
  ]);
  return answers.map((answer) => answer?.result);
}

const askedInAll = (): number[] =>
  ['one', 'two'].map((name) => world.simulator.stats()[name]?.ListUserProficiencies?.ok ?? 0);

const usersAsked = (): number[] =>
  askedInAll().map((asked, index) => asked - (askedBefore[index] ?? 0));

const only = (status: WorkerResult['status'], results: Awaited<ReturnType<typeof race>>) => {
  const found = results.filter((result) => result?.status === status);
  expect(found).toHaveLength(1);
  return found[0];
};

const SCHEDULED = { scheduledTime: '2026-11-23T02:00:00Z' };

describe('two processes', () => {
  it('with two runs of one instance: exactly one works, the other says which', async () => {
    const results = await race(
      { ...SCHEDULED, executionName: 'nightly' },
      { executionName: 'by-hand', executionStartTime: '2026-11-23T02:00:00Z' },
    );
    const winner = only('PUBLISHED', results);
    const loser = only('SKIPPED', results);
    expect(loser).toMatchObject({
      runId: winner?.runId,
      reason: expect.stringContaining(`Run ${winner?.runId} is exporting this instance`),
    });
    expect(usersAsked().toSorted((a, b) => a - b)).toEqual([0, USERS]);
    expect(told(await world.rows())).toEqual(truth(world));
  });

  it('one after the other: the second says how far the first is', async () => {
    const [one, two] = workers;
    const first = await one.invoke({ ...world.event }, { looks: 13 });
    expect(first?.result).toMatchObject({ status: 'IN_PROGRESS', usersDone: 10, percent: 50 });
    const { instanceId } = world.simulator;
    expect((await two.invoke({ instanceId }))?.result).toMatchObject({
      status: 'SKIPPED',
      runId: first?.result?.runId,
      usersTotal: USERS,
      usersDone: 10,
      percent: 50,
    });
    expect(await world.rows()).toBeUndefined();
  });

  it('with the same scheduled event: one publishes, and there is one set of rows', async () => {
    const results = await race(
      { ...SCHEDULED, executionName: 'first' },
      { ...SCHEDULED, executionName: 'second' },
    );
    const winner = only('PUBLISHED', results);
    const other = results.find((result) => result !== winner);
    expect(['SKIPPED', 'ALREADY_PUBLISHED']).toContain(other?.status);
    expect(other?.runId).toBe(winner?.runId);
    expect(told(await world.rows())).toEqual(truth(world));
    expect((await world.rows())?.every((row) => row.run_id === winner?.runId)).toBe(true);

    const [one] = workers;
    expect((await one.invoke(world.event))?.result).toMatchObject({
      status: 'ALREADY_PUBLISHED',
      runId: winner?.runId,
    });
  });

  it('of one run, when the slower one is about to publish: the snapshot is published once', async () => {
    const [slower, two] = workers;
    let begin = () => {};
    let goOn = () => {};
    const atPublishing = new Promise<void>((resolve) => (begin = resolve));
    const published = new Promise<void>((resolve) => (goOn = resolve));
    listener = async ({ method, path }) => {
      if (method === 'PUT' && path.includes('/snapshots/')) {
        begin();
        await published;
      }
      return undefined;
    };
    const printed = slower.output().length;
    const late = slower.invoke(world.event);
    await atPublishing;
    const first = (await two.invoke(world.event))?.result;
    const versions = { ...world.manifest()?.snapshot };
    goOn();
    const second = (await late)?.result;

    expect(first?.status).toBe('PUBLISHED');
    expect(second).toMatchObject({ status: 'ALREADY_PUBLISHED', runId: first?.runId });
    // Whoever finds the snapshot published tells of it too, by the same moment: the other may have died before it could.
    const publishedAt = Date.parse(world.manifest()?.finished_at ?? '');
    expect(slower.output().slice(printed)).toMatch(
      new RegExp(`"Timestamp":${publishedAt},.*"SnapshotPublished":1`),
    );
    expect(world.manifest()?.snapshot).toEqual(versions);
    expect(told(await world.rows())).toEqual(truth(world));
  });
});
