import { gzipSync } from 'node:zlib';
import { partKey } from '../../../contract/keys.ts';
import { workerBundle } from '../../support/worker-bundle.ts';
import { drive, startWorker, type WorkerProcess } from '../../support/worker-process.ts';
import { truth, type WorkerWorld, workerWorld } from '../../support/worker-world.ts';

const USERS = 60;

/** Ends the first slice in the middle of the users. */
const LIFE = { looks: 32 };

let world: WorkerWorld;
let worker: WorkerProcess;
/** How much was printed before the test that runs. */
let printedBefore: number;

beforeAll(async () => {
  world = await workerWorld({ users: USERS, manyProficienciesShare: 0.1 });
  worker = await startWorker(await workerBundle(), world.environment());
});

beforeEach(() => {
  for (const key of [...world.s3.objects.keys()]) world.s3.remove(key);
  world.simulator.setFaults([]);
  printedBefore = worker.output().length;
});

afterAll(async () => {
  await worker.kill();
  await world.close();
});

const printed = (): string => worker.output().slice(printedBefore);

const literally = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&');

/** What is known of users and must not be printed: as a whole word, since a short value may be part of any. */
function printedOf(values: Iterable<string>): string[] {
  const output = printed();
  return [...new Set(values)].filter(
    (value) =>
      value !== '' &&
      new RegExp(`(?<![\\p{L}\\d])${literally(value)}(?![\\p{L}\\d])`, 'u').test(output),
  );
}

const userData = (): string[] =>
  truth(world).flatMap(({ username, proficiencies, routing_profile_name, hierarchy, tags }) => [
    username,
    routing_profile_name ?? '',
    ...(hierarchy ?? []),
    ...Object.values(tags ?? {}),
    ...proficiencies.flatMap(({ attribute_name, attribute_value }) => [
      attribute_name,
      attribute_value,
    ]),
  ]);

const userIds = (): string[] => truth(world).map(({ user_id }) => user_id);

describe('what a worker prints', () => {
  it('holds no user where all goes well', async () => {
    const answers = await drive(worker, world.event, LIFE);
    expect(answers.map((answer) => answer?.result?.status)).toEqual(['IN_PROGRESS', 'PUBLISHED']);
    expect(printed()).toContain('"usersTotal":60');
    expect(printedOf(userData())).toEqual([]);
    expect(printedOf(userIds())).toEqual([]);
  });

  it('names the ids of users that failed, and nobody and nothing else', async () => {
    const failing = [3, 25, 50].map((index) => world.simulator.dataset().user(index)?.id ?? '');
    world.simulator.setFaults(
      (['levelSeven', 'missingAttributeName', 'notJson'] as const).map((answer, index) => ({
        fault: 'badAnswer',
        answer,
        users: failing.slice(index, index + 1),
      })),
    );
    const answers = await drive(worker, world.event, LIFE);
    expect(answers.at(-1)).toMatchObject({ failure: { name: 'IncompleteSnapshot' } });
    expect(printedOf(userData())).toEqual([]);
    expect(printedOf(userIds()).sort()).toEqual(failing.sort());
  });

  it('quotes nothing of a working file that is damaged', async () => {
    const first = await worker.invoke(world.event, LIFE);
    const { instanceId, runId = '' } = first?.result ?? { instanceId: '' };
    const [user] = world.simulator.dataset().truth();
    // What JSON.parse complains of, it quotes.
    const line = `${user?.username}\n`;
    world.s3.write(partKey(instanceId, runId, 1), gzipSync(line));
    const damaged = await worker.invoke(world.event);
    expect(damaged).toMatchObject({
      failure: { name: 'DamagedRun', message: expect.stringContaining('parts/00001.ndjson.gz') },
    });

    const [plan = ''] = [...world.s3.objects.keys()].filter((key) => key.includes('/plan/'));
    world.s3.write(partKey(instanceId, runId, 1), gzipSync(''));
    world.s3.write(plan, gzipSync(line));
    expect(await worker.invoke(world.event)).toMatchObject({
      failure: { name: 'DamagedRun', message: expect.stringContaining('/plan/') },
    });
    expect(printedOf(userData())).toEqual([]);
    expect(printedOf(userIds())).toEqual([]);
  });
});
