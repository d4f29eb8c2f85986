import { gzipSync } from 'node:zlib';
import { partKey } from '../../contract/keys.ts';
import type { WorkerResult } from '../../contract/result.ts';
import { invocation, keepPrinted, type Lifetime } from '../support/invocation.ts';
import { truth, type WorkerWorld, workerWorld } from '../support/worker-world.ts';

const USERS = 30;

/** Ends the first slice in the middle of the users. */
const LIFE: Lifetime = { looks: 17 };

const ENVIRONMENT = process.env;

let world: WorkerWorld;
let handle: (event: unknown, life?: Lifetime) => Promise<WorkerResult>;
let chunks: readonly string[];

beforeAll(async () => {
  world = await workerWorld({ users: USERS, manyProficienciesShare: 0.1 });
  process.env = { ...world.environment() };
  const { handler } = await import('../../lambda/handler.ts');
  handle = (event, life) => handler(event, invocation(life));
});

beforeEach(() => {
  for (const key of [...world.s3.objects.keys()]) world.s3.remove(key);
  world.simulator.setFaults([]);
  chunks = keepPrinted();
});

afterEach(() => jest.restoreAllMocks());

afterAll(async () => {
  process.env = ENVIRONMENT;
  await world.close();
});

const printed = (): string => chunks.join('');

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
    const first = await handle(world.event, LIFE);
    const last = await handle(world.event);
    expect([first.status, last.status]).toEqual(['IN_PROGRESS', 'PUBLISHED']);
    expect(printed()).toContain('"usersTotal":30');
    expect(printedOf(userData())).toEqual([]);
    expect(printedOf(userIds())).toEqual([]);
  });

  it('names the ids of users that failed, and nobody and nothing else', async () => {
    const failing = [3, 13, 25].map((index) => world.simulator.dataset().user(index)?.id ?? '');
    world.simulator.setFaults(
      (['levelSeven', 'missingAttributeName', 'notJson'] as const).map((answer, index) => ({
        fault: 'badAnswer',
        answer,
        users: failing.slice(index, index + 1),
      })),
    );
    await handle(world.event, LIFE);
    await expect(handle(world.event)).rejects.toMatchObject({ name: 'IncompleteSnapshot' });
    expect(printedOf(userData())).toEqual([]);
    expect(printedOf(userIds()).sort()).toEqual(failing.sort());
  });

  it('quotes nothing of a working file that is damaged', async () => {
    const { instanceId, runId } = await handle(world.event, LIFE);
    const [user] = world.simulator.dataset().truth();
    // What JSON.parse complains of, it quotes.
    const line = `${user?.username}\n`;
    world.s3.write(partKey(instanceId, runId, 1), gzipSync(line));
    await expect(handle(world.event)).rejects.toMatchObject({
      name: 'DamagedRun',
      message: expect.stringContaining('parts/00001.ndjson.gz'),
    });

    const [plan = ''] = [...world.s3.objects.keys()].filter((key) => key.includes('/plan/'));
    world.s3.write(partKey(instanceId, runId, 1), gzipSync(''));
    world.s3.write(plan, gzipSync(line));
    await expect(handle(world.event)).rejects.toMatchObject({
      name: 'DamagedRun',
      message: expect.stringContaining('/plan/'),
    });
    expect(printedOf(userData())).toEqual([]);
    expect(printedOf(userIds())).toEqual([]);
  });
});
