import { METRICS } from '../../../contract/metrics.ts';
import { FULL, sampled } from '../../support/breadth.ts';
import { type TappedRequest, tap } from '../../support/wiretap.ts';
import { workerBundle } from '../../support/worker-bundle.ts';
import { drive, startWorker, type WorkerProcess } from '../../support/worker-process.ts';
import { rowsIn, told, truth, type WorkerWorld, workerWorld } from '../../support/worker-world.ts';

const USERS = 20;

/** Ends the first slice in the middle of the users. */
const LIFE = { looks: 12 };

/** Some forty processes are started where every moment is tried, on however busy a machine. */
const TIMEOUT_MS = 300_000;

const ENDED = ['PUBLISHED', 'ALREADY_PUBLISHED'];

type Service = 's3' | 'connect';

const ENDPOINT = { s3: 'AWS_ENDPOINT_URL_S3', connect: 'AWS_ENDPOINT_URL_CONNECT' };

/** Where workers are killed, one after the other, and a warm one goes on in their place. */
interface Stage {
  readonly world: WorkerWorld;
  /** Connect knows it by another name than those that are killed. */
  readonly successor: WorkerProcess;
  /** Each run has a day of its own. */
  nextDay(): string;
}

/** Two processors, two stages, where every moment is tried. */
let stages: readonly [Stage, ...Stage[]];

async function stage(): Promise<Stage> {
  const world = await workerWorld({ users: USERS });
  const environment = world.environment({ AWS_ACCESS_KEY_ID: 'successor' });
  const successor = await startWorker(await workerBundle(), environment);
  let days = 0;
  return {
    world,
    successor,
    nextDay() {
      days += 1;
      return new Date(Date.UTC(2026, 0, days)).toISOString().slice(0, 10);
    },
  };
}

beforeAll(async () => {
  stages = FULL ? await Promise.all([stage(), stage()]) : [await stage()];
});

afterAll(async () => {
  for (const { world, successor } of stages) {
    await successor.kill();
    await world.close();
  }
});

const eventOn = (date: string, { event }: WorkerWorld) => ({
  ...event,
  scheduledTime: `${date}T02:00:00Z`,
});

/** Lets a new process work, and listens to its requests to one of the servers. */
async function listenedTo(
  { world }: Stage,
  date: string,
  service: Service,
  listener: (request: TappedRequest, worker: WorkerProcess) => Promise<'cut' | undefined>,
) {
  const target = service === 's3' ? world.s3.url : world.simulator.url;
  const wire = await tap(target, (request) => listener(request, worker));
  const environment = world.environment({ [ENDPOINT[service]]: wire.url });
  const worker = await startWorker(await workerBundle(), environment);
  try {
    const answers = await drive(worker, eventOn(date, world), LIFE);
    return { answers, output: worker.output() };
  } finally {
    await worker.kill();
    await wire.close();
  }
}

/** The requests of a run that nothing happens to. */
async function requestsOfARun(on: Stage, service: Service): Promise<TappedRequest[]> {
  const requests: TappedRequest[] = [];
  const { answers } = await listenedTo(on, on.nextDay(), service, async (request) => {
    requests.push(request);
    return undefined;
  });
  expect(answers.map((answer) => answer?.result?.status)).toEqual(['IN_PROGRESS', 'PUBLISHED']);
  return requests;
}

/** What a request is for: reading the plan, writing a part, listing users. */
const kindOf = ({ method, path }: TappedRequest): string => {
  const [what] = /lease|plan|state|parts|snapshots|manifests|users-summary|users/.exec(path) ?? [];
  return `${method} ${what}`;
};

/** The write before which a snapshot is there that no manifest names. */
const LEAVES_A_SNAPSHOT = 'PUT manifests';

/** Users whose rows are safe: they lie in a part of this day's run. */
async function usersInParts({ s3 }: WorkerWorld, date: string): Promise<number> {
  const day = `/${date.replaceAll('-', '')}T`;
  const parts = [...s3.objects].filter(([key]) => key.includes(day) && key.includes('/parts/'));
  const rows = await Promise.all(parts.map(([, { bytes }]) => rowsIn(bytes)));
  return rows.flat().length;
}

const usersAsked = ({ simulator }: WorkerWorld): number =>
  simulator.stats().successor?.ListUserProficiencies?.ok ?? 0;

/** Whether CloudWatch was told that the snapshot of this date was published, when it was. */
function isToldOf(date: string, { world, successor }: Stage, output: string): boolean {
  const publishedAt = Date.parse(world.manifest(date)?.finished_at ?? '');
  return `${output}${successor.output()}`
    .split('\n')
    .some((line) => line.includes(METRICS.snapshotPublished) && line.includes(`${publishedAt}`));
}

/** Whether this is the request at which a worker is killed. */
type Fatal = (request: TappedRequest) => boolean;

/** Kills a worker before a request has an effect, which is after the one before had. */
async function killAndGoOn(on: Stage, service: Service, isFatal: Fatal): Promise<void> {
  const { world, successor } = on;
  const date = on.nextDay();
  let at = 0;
  const { answers, output } = await listenedTo(on, date, service, async (request, worker) => {
    if (at === 0 && !isFatal(request)) return undefined;
    at ||= request.number;
    await worker.kill();
    return 'cut';
  });
  expect({ at, answer: answers.at(-1) }).toEqual({ at, answer: undefined });
  expect([undefined, truth(world)]).toContainEqual(told(await world.rows(date)));
  const safe = await usersInParts(world, date);
  const before = usersAsked(world);

  const last = (await drive(successor, eventOn(date, world), LIFE)).at(-1);
  expect(ENDED).toContain(last?.result?.status);
  expect(told(await world.rows(date))).toEqual(truth(world));
  expect(world.manifest(date)).toMatchObject({ users_exported: USERS, snapshot: { rows: USERS } });
  expect({ at, told: isToldOf(date, on, output) }).toEqual({ at, told: true });
  expect({ at, asked: usersAsked(world) - before }).toEqual({ at, asked: USERS - safe });
}

/** One of so many requests of a run that nothing happens to. */
async function momentsOf(on: Stage, service: Service, every: number): Promise<Fatal[]> {
  const requests = await requestsOfARun(on, service);
  expect(requests.length).toBeGreaterThan(20);
  return requests
    .filter((_, index) => index % every === 0)
    .map(
      ({ number }) =>
        (request) =>
          request.number === number,
    );
}

describe('a worker killed, and another one that goes on', () => {
  const services: readonly [Service, number][] = [
    ['s3', 1],
    ['connect', 4],
  ];

  // The sample: S3. Whoever is killed at a request to Connect is killed before the next write.
  it.each(sampled(services, ([service]) => service === 's3'))(
    'leaves the same rows, at whichever request to %s it was',
    async (service, every) => {
      // The sample: with the snapshot written and no manifest. Reading changes nothing that the one who goes on could find,
      // so that being killed there is being killed before the next write. Amid the parts test/cli/export/crash-matrix.test.ts
      // kills; test/export/invariants.test.ts tries all moments, without processes.
      const fatal = FULL
        ? await momentsOf(stages[0], service, every)
        : [(request: TappedRequest) => kindOf(request) === LEAVES_A_SNAPSHOT];
      const killAll = async (on: Stage, turn: number): Promise<void> => {
        const own = fatal.filter((_, index) => index % stages.length === turn);
        for (const isFatal of own) await killAndGoOn(on, service, isFatal);
      };
      await Promise.all(stages.map(killAll));
    },
    TIMEOUT_MS,
  );
});
