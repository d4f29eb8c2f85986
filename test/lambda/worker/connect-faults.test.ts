import { failedKey } from '../../../contract/keys.ts';
import type { Fault } from '../../../simulator/faults/faults.ts';
import { sampled } from '../../support/breadth.ts';
import { workerBundle } from '../../support/worker-bundle.ts';
import { drive, startWorker, type WorkerProcess } from '../../support/worker-process.ts';
import { told, truth, type WorkerWorld, workerWorld } from '../../support/worker-world.ts';

const USERS = 60;

let world: WorkerWorld;
let worker: WorkerProcess;

beforeAll(async () => {
  world = await workerWorld({ users: USERS });
  worker = await startWorker(await workerBundle(), world.environment());
});

afterAll(async () => {
  await worker.kill();
  await world.close();
});

let days = 0;

/** Each test has a day of its own: the bucket is the same. */
function nextDay() {
  days += 1;
  const date = `2026-01-${String(days).padStart(2, '0')}`;
  return { date, event: { ...world.event, scheduledTime: `${date}T02:00:00Z` } };
}

const userAt = (index: number): string => world.simulator.dataset().user(index)?.id ?? '';

describe('Connect has trouble that passes', () => {
  const troubles: Record<string, Fault[]> = {
    'answers 500': [{ fault: 'internalError', everyNth: 4 }],
    'cuts connections before the answer': [
      { fault: 'dropConnection', when: 'beforeAnswer', everyNth: 5 },
    ],
    'cuts connections in the middle of the answer': [
      { fault: 'dropConnection', when: 'midBody', everyNth: 5 },
    ],
    'throttles in storms': [
      { fault: 'throttle', operations: ['ListUsers'], times: 2 },
      { fault: 'throttle', operations: ['ListUserProficiencies'], afterCalls: 10, times: 8 },
      { fault: 'throttle', operations: ['ListUserProficiencies'], afterCalls: 50, times: 3 },
    ],
    'does all of this': [
      { fault: 'throttle', probability: 0.05 },
      { fault: 'internalError', probability: 0.1 },
      { fault: 'dropConnection', when: 'beforeAnswer', probability: 0.1 },
      { fault: 'dropConnection', when: 'midBody', probability: 0.1 },
      { fault: 'emptyPages' },
      { fault: 'shortPages', operations: ['ListUsers'], size: 7 },
      { fault: 'duplicateUsers', operations: ['ListUsers'] },
    ],
  };

  it.each(sampled(Object.entries(troubles), ([kind]) => /all of this|storms/.test(kind)))(
    '%s, and no user is lost',
    async (_, faults) => {
      const { date, event } = nextDay();
      world.simulator.setFaults(faults);
      const answers = await drive(worker, event, { looks: 40 });
      world.simulator.setFaults([]);
      expect(answers.length).toBeGreaterThan(1);
      expect(answers.at(-1)).toMatchObject({ result: { status: 'PUBLISHED', usersFailed: 0 } });
      expect(told(await world.rows(date))).toEqual(truth(world));
      const { throttled, retried } = world.manifest(date)?.requests.list_user_proficiencies ?? {};
      expect(Number(throttled) + Number(retried)).toBeGreaterThan(0);
    },
  );
});

test('users deleted meanwhile are counted, not missed', async () => {
  const { date, event } = nextDay();
  const gone = [userAt(3), userAt(59)];
  world.simulator.setFaults([{ fault: 'deleted', users: gone }]);
  const answer = await worker.invoke(event);
  world.simulator.setFaults([]);
  expect(answer).toMatchObject({ result: { status: 'PUBLISHED', usersFailed: 0 } });
  expect(told(await world.rows(date))).toEqual(
    truth(world).filter(({ user_id }) => !gone.includes(user_id)),
  );
  expect(world.manifest(date)).toMatchObject({
    users_listed: USERS,
    users_exported: USERS - 2,
    users_deleted_during_run: 2,
  });
});

test('half a character in a text is replaced and counted', async () => {
  const { date, event } = nextDay();
  const user = truth(world).find(({ proficiencies }) => proficiencies.length > 0);
  if (!user) throw new Error('The simulator has no user with proficiencies.');
  const { user_id, proficiencies } = user;
  world.simulator.setFaults([{ fault: 'badAnswer', answer: 'loneSurrogate', users: [user_id] }]);
  const answer = await worker.invoke(event);
  world.simulator.setFaults([]);
  expect(answer).toMatchObject({ result: { status: 'PUBLISHED', usersFailed: 0 } });
  const row = (await world.rows(date))?.find((one) => one.user_id === user_id);
  expect(row?.username).toMatch(/.\ufffd$/);
  expect(row?.proficiencies).toEqual(
    proficiencies.map(({ attribute_name, attribute_value, level }) => ({
      attribute_name: `${attribute_name}\ufffd`,
      attribute_value: `${attribute_value}\ufffd`,
      level,
    })),
  );
  expect(world.manifest(date)?.texts_replaced).toBe(1 + 2 * proficiencies.length);
});

test('pages of a user that overlap give each proficiency once, and the repeats are counted', async () => {
  const { date, event } = nextDay();
  world.simulator.setFaults([
    { fault: 'shortPages', size: 2, operations: ['ListUserProficiencies'] },
    { fault: 'overlappingPages', operations: ['ListUserProficiencies'] },
  ]);
  const answer = await worker.invoke(event);
  world.simulator.setFaults([]);
  expect(answer).toMatchObject({ result: { status: 'PUBLISHED', usersFailed: 0 } });
  expect(told(await world.rows(date))).toEqual(truth(world));
  const repeats = truth(world).map(({ proficiencies }) => Math.max(0, proficiencies.length - 2));
  const total = repeats.reduce((sum, one) => sum + one, 0);
  expect(total).toBeGreaterThan(0);
  expect(world.manifest(date)?.proficiencies_repeated).toBe(total);
});

describe('Connect refuses', () => {
  it.each<[string, Fault, string]>([
    ['to list', { fault: 'accessDenied', operations: ['ListUsers'] }, 'connect:ListUsers'],
    [
      'to read, after a while',
      { fault: 'accessDenied', operations: ['ListUserProficiencies'], afterCalls: 20 },
      'connect:ListUserProficiencies',
    ],
  ])('%s, and the run goes on once it is allowed', async (_, fault, action) => {
    const { date, event } = nextDay();
    world.simulator.setFaults([fault]);
    const refused = await worker.invoke(event);
    world.simulator.setFaults([]);
    expect(refused).toMatchObject({
      failure: { name: 'AccessDenied', message: expect.stringContaining(action) },
    });
    expect(await world.rows(date)).toBeUndefined();
    expect(await worker.invoke(event)).toMatchObject({ result: { status: 'PUBLISHED' } });
    expect(told(await world.rows(date))).toEqual(truth(world));
  });

  test('one user, who counts as failed; the others are published', async () => {
    const { date, event } = nextDay();
    const user = userAt(0);
    world.simulator.setFaults([{ fault: 'accessDenied', users: [user] }]);
    const lenient = await startWorker(
      await workerBundle(),
      world.environment({ ALLOWED_FAILED_USERS: '1' }),
    );
    const answer = await lenient.invoke(event);
    await lenient.kill();
    world.simulator.setFaults([]);
    expect(answer).toMatchObject({ result: { status: 'PUBLISHED', usersFailed: 1 } });
    expect(told(await world.rows(date))).toEqual(
      truth(world).filter(({ user_id }) => user_id !== user),
    );
  });

  test('an instance it does not know, by name', async () => {
    const instanceId = '11111111-2222-4333-8444-555555555555';
    expect(await worker.invoke({ instanceId })).toMatchObject({
      failure: { name: 'InstanceNotFound', message: expect.stringContaining(instanceId) },
    });
    expect([...world.s3.objects.keys()].filter((key) => key.includes(instanceId))).toEqual([]);
  });
});

describe('users that cannot be read', () => {
  it('keep the snapshot back, are all named, and are asked for the next time, after one that was answered for', async () => {
    const { date, event } = nextDay();
    const bad = [4, 17, 18, 33, 59].map(userAt);
    world.simulator.setFaults([{ fault: 'badAnswer', answer: 'notJson', users: bad }]);
    const { failure } = (await worker.invoke(event)) ?? {};
    world.simulator.setFaults([]);

    expect(failure?.name).toBe('IncompleteSnapshot');
    expect(failure?.message).toContain(`5 of ${USERS} users`);
    for (const id of bad.slice(0, 3)) expect(failure?.message).toContain(`${id} (InvalidAnswer: `);
    expect(failure?.message).not.toContain(bad[3]);
    const [runId = ''] = /\d{8}T\d{6}Z-[0-9a-f]{8}/.exec(failure?.message ?? '') ?? [];
    const file = failedKey(world.simulator.instanceId, runId);
    expect(failure?.message).toContain(`s3://${world.s3.bucket}/${file}`);
    const failed = world.s3.objects.get(file)?.bytes.toString().trim().split('\n') ?? [];
    expect(failed.map((line) => JSON.parse(line))).toEqual(
      bad.map((user_id) => ({
        user_id,
        error: 'InvalidAnswer',
        message: expect.stringContaining('ListUserProficiencies'),
      })),
    );
    expect(await world.rows(date)).toBeUndefined();

    // Connect knows the next one by another name, and counts what it asks for.
    const next = await startWorker(
      await workerBundle(),
      world.environment({ AWS_ACCESS_KEY_ID: 'next' }),
    );
    const { instanceId } = world.simulator;
    expect(await next.invoke({ instanceId, runId })).toMatchObject({
      result: { status: 'PUBLISHED', runId, usersFailed: 0 },
    });
    await next.kill();
    expect(world.simulator.stats().next).toMatchObject({ ListUserProficiencies: { ok: 6 } });
    expect(Object.keys(world.simulator.stats().next ?? {})).toEqual(['ListUserProficiencies']);
    expect(told(await world.rows(date))).toEqual(truth(world));
  });
});
