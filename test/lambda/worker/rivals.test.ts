import type { WorkerResult } from '../../../contract/result.ts';
import { tap } from '../../support/wiretap.ts';
import { workerBundle } from '../../support/worker-bundle.ts';
import { startWorker, type WorkerProcess } from '../../support/worker-process.ts';
import { told, truth, type WorkerWorld, workerWorld } from '../../support/worker-world.ts';

const USERS = 40;

/** A run takes more than a second, so that two who start together meet. */
const SLOW = { REQUESTS_PER_SECOND: '30' };

let world: WorkerWorld;
let workers: [WorkerProcess, WorkerProcess];

beforeEach(async () => {
  world = await workerWorld({ users: USERS });
  const bundle = await workerBundle();
  const start = (name: string) =>
    startWorker(bundle, world.environment({ AWS_ACCESS_KEY_ID: name, ...SLOW }));
  workers = await Promise.all([start('one'), start('two')]);
});

afterEach(async () => {
  await Promise.all(workers.map((worker) => worker.kill()));
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

const usersAsked = (): number[] =>
  Object.values(world.simulator.stats()).map((calls) => calls.ListUserProficiencies?.ok ?? 0);

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
    expect(usersAsked().toSorted((a, b) => a - b)).toContain(USERS);
    expect(usersAsked().reduce((a, b) => a + b, 0)).toBe(USERS);
    expect(told(await world.rows())).toEqual(truth(world));
  });

  it('one after the other: the second says how far the first is', async () => {
    const [one, two] = workers;
    const first = await one.invoke({ ...world.event }, { looks: 23 });
    expect(first?.result).toMatchObject({ status: 'IN_PROGRESS', usersDone: 20, percent: 50 });
    const { instanceId } = world.simulator;
    expect((await two.invoke({ instanceId }))?.result).toMatchObject({
      status: 'SKIPPED',
      runId: first?.result?.runId,
      usersTotal: USERS,
      usersDone: 20,
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
    const [, two] = workers;
    let begin = () => {};
    let goOn = () => {};
    const atPublishing = new Promise<void>((resolve) => (begin = resolve));
    const published = new Promise<void>((resolve) => (goOn = resolve));
    const wire = await tap(world.s3.url, async ({ method, path }) => {
      if (method === 'PUT' && path.includes('/snapshots/')) {
        begin();
        await published;
      }
      return undefined;
    });
    const environment = world.environment({ AWS_ENDPOINT_URL_S3: wire.url });
    const slower = await startWorker(await workerBundle(), environment);
    const late = slower.invoke(world.event);
    await atPublishing;
    const first = (await two.invoke(world.event))?.result;
    const versions = { ...world.manifest()?.snapshot };
    goOn();
    const second = (await late)?.result;
    await slower.kill();
    await wire.close();

    expect(first?.status).toBe('PUBLISHED');
    expect(second).toMatchObject({ status: 'ALREADY_PUBLISHED', runId: first?.runId });
    // Whoever finds the snapshot published tells of it too, by the same moment: the other may have died before it could.
    const publishedAt = Date.parse(world.manifest()?.finished_at ?? '');
    expect(slower.output()).toMatch(
      new RegExp(`"Timestamp":${publishedAt},.*"SnapshotPublished":1`),
    );
    expect(world.manifest()?.snapshot).toEqual(versions);
    expect(told(await world.rows())).toEqual(truth(world));
  });
});
