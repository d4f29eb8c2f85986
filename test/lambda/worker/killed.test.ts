import pLimit from 'p-limit';
import { tap } from '../../support/wiretap.ts';
import { workerBundle } from '../../support/worker-bundle.ts';
import { drive, startWorker, type WorkerProcess } from '../../support/worker-process.ts';
import { rowsIn, told, truth, type WorkerWorld, workerWorld } from '../../support/worker-world.ts';

const USERS = 20;

/** Ends the first slice in the middle of the users. */
const LIFE = { looks: 12 };

/** Worlds at a time; each has two processes, one after the other. */
const AT_A_TIME = 3;

/** Some seventy processes are started, on however busy a machine. */
const TIMEOUT_MS = 300_000;

let bundle: string;

beforeAll(() => {
  bundle = workerBundle();
});

const ENDED = ['PUBLISHED', 'ALREADY_PUBLISHED'];

/** Users whose rows are safe: they lie in a part. */
async function usersInParts({ s3 }: WorkerWorld): Promise<number> {
  const parts = [...s3.objects].filter(([key]) => key.includes('/parts/'));
  const rows = await Promise.all(parts.map(([, { bytes }]) => rowsIn(bytes)));
  return rows.flat().length;
}

type Service = 's3' | 'connect';

const ENDPOINT = { s3: 'AWS_ENDPOINT_URL_S3', connect: 'AWS_ENDPOINT_URL_CONNECT' };

/** Lets a first process work, with its requests to one of the servers listened to. */
async function firstProcess(
  world: WorkerWorld,
  service: Service,
  before: (number: number, worker: WorkerProcess) => Promise<void> | void,
) {
  const target = service === 's3' ? world.s3.url : world.simulator.url;
  const wire = await tap(target, { before: ({ number }) => before(number, worker) });
  const environment = world.environment({ [ENDPOINT[service]]: wire.url });
  const worker = await startWorker(bundle, environment);
  try {
    const answers = await drive(worker, world.event, LIFE);
    return { answers, requests: wire.count() };
  } finally {
    await worker.kill();
    await wire.close();
  }
}

/** Another process, that Connect knows by another name. */
async function nextProcess(world: WorkerWorld) {
  const worker = await startWorker(bundle, world.environment({ AWS_ACCESS_KEY_ID: 'next' }));
  try {
    const answers = await drive(worker, world.event, LIFE);
    return { status: answers.at(-1)?.result?.status, asked: usersAskedBy('next', world) };
  } finally {
    await worker.kill();
  }
}

const usersAskedBy = (name: string, { simulator }: WorkerWorld): number =>
  simulator.stats()[name]?.ListUserProficiencies?.ok ?? 0;

/** How many requests a run sends that nothing happens to. */
async function requestsOfARun(service: Service): Promise<number> {
  return inWorld(async (world) => {
    const { answers, requests } = await firstProcess(world, service, () => undefined);
    expect(answers.map((answer) => answer?.result?.status)).toEqual(['IN_PROGRESS', 'PUBLISHED']);
    return requests;
  });
}

/** Kills a worker before its request number `at` has an effect, which is after the one before had. */
async function killAndGoOn(service: Service, at: number): Promise<void> {
  await inWorld(async (world) => {
    const { answers } = await firstProcess(world, service, async (number, worker) => {
      if (number === at) await worker.kill();
    });
    expect({ at, answer: answers.at(-1) }).toEqual({ at, answer: undefined });
    expect([undefined, truth(world)]).toContainEqual(told(await world.rows()));
    const safe = await usersInParts(world);

    const { status, asked } = await nextProcess(world);
    expect(ENDED).toContain(status);
    expect(told(await world.rows())).toEqual(truth(world));
    expect(world.manifest()).toMatchObject({ users_exported: USERS, snapshot: { rows: USERS } });
    expect({ at, asked }).toEqual({ at, asked: USERS - safe });
  });
}

async function inWorld<T>(story: (world: WorkerWorld) => Promise<T>): Promise<T> {
  const world = await workerWorld({ users: USERS });
  try {
    return await story(world);
  } finally {
    await world.close();
  }
}

describe('a worker killed, and another one that goes on', () => {
  it.each<[Service, number]>([
    ['s3', 1],
    ['connect', 4],
  ])(
    'leaves the same rows, at whichever request to %s it was',
    async (service, every) => {
      const requests = await requestsOfARun(service);
      expect(requests).toBeGreaterThan(20);
      const limit = pLimit(AT_A_TIME);
      const moments = Array.from({ length: Math.ceil(requests / every) }, (_, n) => 1 + n * every);
      await Promise.all(moments.map((at) => limit(killAndGoOn, service, at)));
    },
    TIMEOUT_MS,
  );
});
