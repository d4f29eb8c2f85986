import type { WorkerResult } from '../../contract/result.ts';
import { invocation, keepPrinted, type Lifetime } from '../support/invocation.ts';
import { told, truth, type WorkerWorld, workerWorld } from '../support/worker-world.ts';

const USERS = 30;

/** Ends a slice after ten users. */
const SHORT: Lifetime = { looks: 13 };

const ENVIRONMENT = process.env;

let world: WorkerWorld;
let handle: Handler;
let printed: string[];

beforeAll(async () => {
  world = await workerWorld({ users: USERS });
  handle = await coldStart();
});

afterAll(async () => {
  process.env = ENVIRONMENT;
  await world.close();
});

beforeEach(() => {
  printed = keepPrinted();
});

afterEach(() => jest.restoreAllMocks());

type Handler = (event: unknown, life?: Lifetime) => Promise<WorkerResult>;

/** What Lambda does at a cold start: the modules are loaded anew, in this environment. */
async function coldStart(changes: Readonly<Record<string, string>> = {}): Promise<Handler> {
  jest.resetModules();
  process.env = { ...world.environment(changes) };
  const { handler } = await import('../../lambda/handler.ts');
  return (event, life) => handler(event, invocation(life));
}

const usersAsked = (): number => world.simulator.stats().test?.ListUserProficiencies?.ok ?? 0;

/** Everything that both servers have been asked so far. */
const traces = () => ({ s3: world.s3.requests.length, connect: world.simulator.stats() });

const INSTANCE = '11111111-2222-4333-8444-555555555555';

describe('an event that is not of the contract', () => {
  const refused: [string, unknown, string][] = [
    ['nothing', null, 'expected object'],
    ['no object', 'text', 'expected object'],
    ['no instance', {}, 'field "instanceId" is missing; '],
    ['no instance id', { instanceId: 'sales' }, 'field "instanceId" is "sales"; expected an Am'],
    ['an upper-case id', { instanceId: INSTANCE.replace('4', 'A') }, 'a lower-case UUID'],
    ['an unknown field', { instanceId: INSTANCE, dryRun: true }, 'unknown field "dryRun"; remove'],
    ['a run id of no run', { instanceId: INSTANCE, runId: 'last' }, 'field "runId" is "last"; exp'],
    ['no time', { instanceId: INSTANCE, scheduledTime: 'noon' }, '"scheduledTime" is "noon"; exp'],
    ['a time without zone', { instanceId: INSTANCE, scheduledTime: '2026-11-23T02:00:00' }, 'ISO'],
    [
      'no name',
      { instanceId: INSTANCE, executionName: '' },
      '"executionName" is ""; expected the name of an execution',
    ],
    [
      'an unknown trigger',
      { instanceId: INSTANCE, trigger: 'cron' },
      'field "trigger" is "cron"; expected schedule or manual',
    ],
    [
      'an instance of another Region',
      { instanceId: `arn:aws:connect:eu-west-1:123456789012:instance/${INSTANCE}` },
      'is in eu-west-1, but this exporter reads us-east-1',
    ],
  ];

  it.each(refused)('is refused, and nothing is asked or written: %s', async (_, event, message) => {
    const before = traces();
    await expect(handle(event)).rejects.toMatchObject({
      name: 'InvalidRequest',
      message: expect.stringContaining(message),
    });
    expect(traces()).toEqual(before);
  });
});

describe('an environment that is not of the contract', () => {
  it('is refused, and nothing is asked or written', async () => {
    const before = traces();
    const misled = await coldStart({ QUOTA_SHARE: '80' });
    await expect(misled(world.event)).rejects.toMatchObject({
      name: 'InvalidRequest',
      message:
        'The environment: field "QUOTA_SHARE" is "80"; expected a number above 0 and at most 1.',
    });
    expect(traces()).toEqual(before);
  });
});

/** Each test has a day of its own: the bucket is the same. */
const on = (snapshotDate: string) => ({
  instanceId: world.simulator.instanceId,
  scheduledTime: `${snapshotDate}T02:00:00Z`,
});

describe('an invocation', () => {
  it('exports every user and says so', async () => {
    expect(await handle(on('2026-11-01'))).toMatchObject({
      status: 'PUBLISHED',
      snapshotDate: '2026-11-01',
      usersDone: USERS,
    });
    expect(told(await world.rows('2026-11-01'))).toEqual(truth(world));
  });

  it('takes an ARN for the id in it', async () => {
    const { instanceId } = world.simulator;
    const arn = `arn:aws:connect:us-east-1:123456789012:instance/${instanceId}`;
    const result = await handle({ ...on('2026-11-02'), instanceId: arn });
    expect(result).toMatchObject({ status: 'PUBLISHED', instanceId });
  });

  it('leaves usernames out where the environment says so', async () => {
    const discreet = await coldStart({ INCLUDE_USERNAMES: 'false' });
    await discreet(on('2026-11-03'));
    const rows = await world.rows('2026-11-03');
    expect(rows).toHaveLength(USERS);
    expect(rows?.filter((row) => 'username' in row)).toEqual([]);
  });

  it('takes no more users when the margin is reached, and goes on when invoked again', async () => {
    const { instanceId } = world.simulator;
    const before = usersAsked();
    const first = await handle({ instanceId }, SHORT);
    expect(first).toMatchObject({ status: 'IN_PROGRESS', usersTotal: USERS, usersDone: 10 });
    expect(usersAsked() - before).toBe(10);

    const last = await handle({ instanceId, runId: first.runId });
    expect(last).toMatchObject({ status: 'PUBLISHED', runId: first.runId });
    expect(usersAsked() - before).toBe(USERS);
  });

  it('puts run and slice on every line of its log, and of no other run', async () => {
    const first = await handle(on('2026-11-04'), SHORT);
    const { instanceId, runId } = first;
    const second = await handle({ instanceId, runId });
    const lines = printed
      .join('')
      .split('\n')
      .filter((line) => line.includes('"level"'))
      .map((line) => JSON.parse(line));
    expect(second.status).toBe('PUBLISHED');
    expect(lines.length).toBeGreaterThanOrEqual(6);
    for (const line of lines) expect(line).toMatchObject({ instanceId, runId });
    expect([...new Set(lines.map(({ slice }) => slice))]).toEqual([1, 2]);

    printed.length = 0;
    await expect(handle({ instanceId: 'sales' })).rejects.toThrow();
    expect(printed.join('')).toContain('InvalidRequest');
    expect(printed.join('')).not.toContain(runId);
  });
});
