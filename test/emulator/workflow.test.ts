import { randomUUID } from 'node:crypto';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import * as z from 'zod';
import { RUN_ID } from '../../contract/event.ts';
import { leaseKey, snapshotKey } from '../../contract/keys.ts';
import { type Simulator, startSimulator } from '../../simulator/server.ts';
import { awsEnvironment } from '../support/aws-environment.ts';
import type { Lifetime } from '../support/invocation.ts';
import {
  type Ending,
  endingOf,
  type LambdaEndpoint,
  type LambdaFunction,
  startLambdaEndpoint,
} from '../support/lambda-endpoint.ts';
import { type Moto, startMoto } from '../support/moto.ts';
import { pathStyleS3 } from '../support/path-style-s3.ts';
import {
  bareSelections,
  type Definition,
  definitionOf,
  impatient,
} from '../support/state-machine.ts';
import { type StepFunctions, stateMachineInMoto } from '../support/step-functions.ts';
import { synthesize } from '../support/synthesize.ts';
import { workerBundle } from '../support/worker-bundle.ts';
import { startWorker, type WorkerProcess } from '../support/worker-process.ts';
import { rowsIn } from '../support/worker-world.ts';

/**
 * The state machine that is deployed, executed by moto's interpreter, with the bundle that is deployed
 * behind its task; Connect is the simulator, S3 is moto's.
 */

jest.setTimeout(60_000);

const USERS = 40;
const BUCKET = 'data';

const eventSchema = z.object({ instanceId: z.string(), runId: z.string().optional() });

let moto: Moto;
let endpoint: LambdaEndpoint;
let lambda: LambdaFunction;
let simulators: Simulator[];
let workers: Map<string, WorkerProcess>;
let workflow: StepFunctions;
let s3: S3Client;

beforeAll(async () => {
  endpoint = await startLambdaEndpoint();
  lambda = endpoint.function('worker');
  // What follows a publication has tests of its own.
  endpoint.function('deriver').behave(async () => ({ result: { detail: {} } }));
  // Where moto's interpreter looks for every service.
  moto = await startMoto({ MOTO_PORT: String(endpoint.port) });
  endpoint.passOn(moto.url);
  simulators = await Promise.all(
    [1, 2, 3].map((seed) =>
      startSimulator({ seed, users: USERS, quota: 'unlimited', latencyMs: 0 }),
    ),
  );
  s3 = pathStyleS3(moto.url);
  await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
  workers = new Map(
    await Promise.all(
      simulators.map(
        async ({ instanceId, url }) =>
          [instanceId, await startWorker(await workerBundle(), environment(url))] as const,
      ),
    ),
  );
  const template = synthesize({ instanceIds: simulators.map(({ instanceId }) => instanceId) });
  workflow = await stateMachineInMoto(moto.url, impatient(definitionOf(template.toJSON())));
});

afterAll(async () => {
  s3?.destroy();
  await Promise.all([...(workers?.values() ?? [])].map((worker) => worker.kill()));
  await Promise.all([...(simulators ?? []), moto, endpoint].map((server) => server?.close()));
});

const environment = (connectUrl: string) => ({
  ...awsEnvironment(moto.url),
  AWS_ENDPOINT_URL_CONNECT: connectUrl,
  EXPORT_BUCKET: BUCKET,
  REQUESTS_PER_SECOND: '100000',
});

/** The bundle, in the process of the event's instance. */
async function work(event: unknown, life: Lifetime = {}): Promise<Ending> {
  const { instanceId } = eventSchema.parse(event);
  const worker = workers.get(instanceId);
  return endingOf(await worker?.invoke(event, life));
}

const instance = (index: number): string => simulators[index]?.instanceId ?? '';
const rowsOf = async (instanceId: string, date: string): Promise<number> => {
  const { Body } = await s3.send(
    new GetObjectCommand({ Bucket: BUCKET, Key: snapshotKey(instanceId, date) }),
  );
  return (await rowsIn((await Body?.transformToByteArray()) ?? new Uint8Array())).length;
};
const outputOf = ({ output = 'null' }: { output?: string | undefined }) => JSON.parse(output);

/** An answer of the worker, for what the bundle cannot be brought to do. */
const inProgress = (event: unknown, usersDone: number, usersFailed = 0): Ending => ({
  result: {
    status: 'IN_PROGRESS',
    instanceId: eventSchema.parse(event).instanceId,
    runId: '20261123T020000Z-1a2b3c4d',
    snapshotDate: '2026-11-23',
    usersTotal: 100,
    usersDone,
    usersFailed,
    percent: usersDone,
    estimatedSecondsLeft: 60,
  },
});

test('an instance is exported in as many slices as it takes', async () => {
  lambda.behave((event) => work(event, { looks: 10 }));
  const execution = await workflow.execute({ instanceIds: [instance(0)] });

  expect(execution).toMatchObject({ status: 'SUCCEEDED' });
  const [outcome] = outputOf(execution);
  expect(outcome).toMatchObject({ status: 'PUBLISHED', usersDone: USERS, percent: 100 });
  expect(await rowsOf(instance(0), outcome.snapshotDate)).toBe(USERS);

  const [first, ...others] = lambda.events;
  expect(first).toEqual({
    instanceId: instance(0),
    trigger: 'manual',
    executionName: expect.stringMatching(/^execution-/),
    executionStartTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
  });
  expect(others.length).toBeGreaterThan(2);
  for (const event of others) {
    expect(event).toEqual({ ...(first as object), runId: expect.stringMatching(RUN_ID) });
  }
});

test('the schedule exports every instance, one after the other, for the date it was due', async () => {
  let atWork = 0;
  lambda.behave(async (event) => {
    atWork += 1;
    expect(atWork).toBe(1);
    const ending = await work(event);
    atWork -= 1;
    return ending;
  });
  const scheduledTime = '2026-11-20T02:00:00Z';
  const execution = await workflow.execute({ scheduledTime, trigger: 'schedule' });
  expect(outputOf(execution)).toMatchObject(
    simulators.map(({ instanceId }) => ({
      status: 'PUBLISHED',
      instanceId,
      snapshotDate: '2026-11-20',
    })),
  );
  expect(lambda.events).toEqual(
    simulators.map(({ instanceId }) =>
      expect.objectContaining({ instanceId, scheduledTime, trigger: 'schedule' }),
    ),
  );
});

test('one instance that fails does not keep the others back, and is named at the end', async () => {
  const gone = randomUUID();
  workers.set(gone, await startWorker(await workerBundle(), environment(simulators[0]?.url ?? '')));
  lambda.behave((event) => work(event));
  const execution = await workflow.execute({ instanceIds: [instance(1), gone, instance(2)] });

  expect(execution).toMatchObject({ status: 'FAILED', error: 'InstancesFailed' });
  expect(execution.cause).toMatch(
    new RegExp(`^Not exported: \\["${gone}: InstanceNotFound: [^"]*${gone}[^"]*"\\]$`),
  );
  const today = new Date().toISOString().slice(0, 10);
  expect(await rowsOf(instance(1), today)).toBe(USERS);
  expect(await rowsOf(instance(2), today)).toBe(USERS);
});

describe.each([
  ['a list of one', (definition: Definition) => definition],
  ['the bare value', bareSelections],
])('of the only instance there is, read as %s', (_, read) => {
  let alone: StepFunctions;

  beforeAll(async () => {
    const template = synthesize({ instanceIds: [instance(0)] });
    alone = await stateMachineInMoto(moto.url, read(impatient(definitionOf(template.toJSON()))));
  });

  test.each([{}, { scheduledTime: '2026-11-19T02:00:00Z', trigger: 'schedule' }])(
    'the success is a success: %j',
    async (input) => {
      lambda.behave((event) => work(event));
      const execution = await alone.execute(input);
      expect(execution).toMatchObject({ status: 'SUCCEEDED' });
      expect(outputOf(execution)).toMatchObject([{ instanceId: instance(0), usersDone: USERS }]);
    },
  );

  test('the failure is named', async () => {
    lambda.behave(async () => ({ failure: { name: 'InvalidRequest', message: 'It is "wrong".' } }));
    const execution = await alone.execute({});
    expect(execution).toMatchObject({ status: 'FAILED', error: 'InstancesFailed' });
    expect(execution.cause).toBe(
      `Not exported: ["${instance(0)}: InvalidRequest: It is \\"wrong\\"."]`,
    );
  });

  test('a success that quotes a failure stays a success', async () => {
    const reason = 'The other run said "status":"FAILED".';
    lambda.behave(async (event) => {
      const ending = inProgress(event, 100);
      return 'result' in ending
        ? { result: { ...Object(ending.result), status: 'SUPERSEDED', reason } }
        : ending;
    });
    const execution = await alone.execute({});
    expect(execution).toMatchObject({ status: 'SUCCEEDED' });
    expect(outputOf(execution)).toMatchObject([{ status: 'SUPERSEDED', reason }]);
  });
});

test('what another attempt may mend is tried again, with the same event', async () => {
  const troubles: Ending[] = [
    { refusal: { status: 429, code: 'TooManyRequestsException' } },
    { refusal: { status: 500, code: 'ServiceException' } },
    { refusal: { status: 502, code: 'ResourceNotReadyException' } },
    { refusal: { status: 409, code: 'ResourceConflictException' } },
    { refusal: { status: 502, code: 'EC2ThrottledException' } },
    { refusal: { status: 502, code: 'ENILimitReachedException' } },
    { failure: { name: 'Sandbox.Timedout', message: 'Task timed out after 900.00 seconds' } },
    { failure: { name: 'ServiceUnavailable', message: 'Connect did not answer.' } },
  ];
  const attempts = troubles.length + 1;
  lambda.behave(async (event) => troubles.shift() ?? work(event));
  const execution = await workflow.execute({ instanceIds: [instance(0)] });
  expect(outputOf(execution)).toMatchObject([{ status: 'PUBLISHED' }]);
  expect(lambda.events).toHaveLength(attempts);
  expect(new Set(lambda.events.map((event) => JSON.stringify(event))).size).toBe(1);
});

test('a slice that is killed every time is given up', async () => {
  lambda.behave(async () => ({
    failure: { name: 'Runtime.ExitError', message: 'exit status 129' },
  }));
  const execution = await workflow.execute({ instanceIds: [instance(0)] });
  expect(execution).toMatchObject({ status: 'FAILED' });
  expect(execution.cause).toContain(`${instance(0)}: Runtime.ExitError: exit status 129`);
  expect(lambda.events).toHaveLength(3);
});

test('a wrong request is not tried again', async () => {
  lambda.behave((event) => work({ ...(event as object), runId: '20261123T020000Z-00000000' }));
  const execution = await workflow.execute({ instanceIds: [instance(0)] });
  expect(execution.cause).toContain(`${instance(0)}: InvalidRequest: `);
  expect(lambda.events).toHaveLength(1);
});

test('a run without progress fails, whether the worker notices or not', async () => {
  lambda.behave((event) => work(event, { looks: 1 }));
  const noticed = await workflow.execute({ instanceIds: [instance(0)] });
  expect(noticed.cause).toContain(`${instance(0)}: NoProgress: `);
  expect(lambda.events).toHaveLength(9);

  const done = [20, 50, 50, 70];
  lambda.behave(async (event) => inProgress(event, done.shift() ?? 100));
  const unnoticed = await workflow.execute({ instanceIds: [instance(0)] });
  expect(unnoticed).toMatchObject({ status: 'FAILED', error: 'InstancesFailed' });
  expect(unnoticed.cause).toBe(
    `Not exported: ["${instance(0)}: NoProgress: a whole slice has passed and 50 of 100 users are done, as before"]`,
  );
  expect(lambda.events).toHaveLength(3);
});

test('a run goes on where it was once Connect answers again', async () => {
  const looks = [10, 1, 1, 1];
  lambda.behave((event) => {
    const upTo = looks.shift();
    return work(event, upTo ? { looks: upTo } : {});
  });
  const execution = await workflow.execute({ instanceIds: [instance(0)] });
  const [outcome] = outputOf(execution);
  expect(outcome).toMatchObject({ status: 'PUBLISHED', usersDone: USERS });
  const runIds = lambda.events.map((event) => eventSchema.parse(event).runId);
  expect(runIds).toEqual([undefined, ...Array(4).fill(outcome.runId)]);
});

test('fewer failed users are progress, too', async () => {
  const failed = [20, 10, 5, 5];
  lambda.behave(async (event) => inProgress(event, 100, failed.shift()));
  const execution = await workflow.execute({ instanceIds: [instance(0)] });
  expect(execution.cause).toContain('NoProgress');
  expect(lambda.events).toHaveLength(4);
});

describe('an instance that another run is exporting', () => {
  /** As it would be told a moment before the lease ends. */
  const soon = (ending: Ending): Ending =>
    'result' in ending ? { result: { ...Object(ending.result), retryAfterSeconds: 1 } } : ending;

  beforeAll(async () => {
    const event = { instanceId: instance(1), scheduledTime: '2026-11-21T02:00:00Z' };
    const other = await work(event, { looks: 10 });
    expect(other).toMatchObject({ result: { status: 'IN_PROGRESS' } });
  });

  test('is left to it where it still holds the lease after two waits', async () => {
    lambda.behave(async (event) => soon(await work(event)));
    const execution = await workflow.execute({ instanceIds: [instance(1)] });
    expect(execution).toMatchObject({ status: 'SUCCEEDED' });
    expect(outputOf(execution)).toMatchObject([{ status: 'SKIPPED', reason: expect.any(String) }]);
    expect(lambda.events).toHaveLength(3);
    expect(new Set(lambda.events.map((event) => JSON.stringify(event))).size).toBe(1);
  });

  test('is exported where the lease ends in the meantime', async () => {
    let slices = 0;
    lambda.behave(async (event) => {
      slices += 1;
      const ending = soon(await work(event));
      const lease = { Bucket: BUCKET, Key: leaseKey(instance(1)) };
      if (slices === 2) await s3.send(new DeleteObjectCommand(lease));
      return ending;
    });
    const execution = await workflow.execute({ instanceIds: [instance(1)] });
    expect(outputOf(execution)).toMatchObject([{ status: 'PUBLISHED' }]);
    expect(lambda.events).toHaveLength(3);
  });

  test('is not waited for where the worker does not say how long', async () => {
    const skipped = { status: 'SKIPPED', runId: 'x', usersDone: 0, usersFailed: 0, usersTotal: 0 };
    lambda.behave(async () => ({ result: skipped }));
    await workflow.execute({ instanceIds: [instance(1)] });
    expect(lambda.events).toHaveLength(1);
  });
});

test.each<[string, Ending, string]>([
  ['nonsense', { result: { hello: 'world' } }, 'States.'],
  [
    'an unknown status',
    { result: { status: 'DONE', runId: 'x', usersDone: 1, usersFailed: 0, usersTotal: 1 } },
    'InvalidAnswer: the worker answered with the status DONE',
  ],
  [
    'a refusal for good',
    { refusal: { status: 404, code: 'ResourceNotFoundException' } },
    'Lambda.ResourceNotFoundException',
  ],
])('an answer of %s is a failure, too', async (_, ending, message) => {
  lambda.behave(async () => ending);
  const execution = await workflow.execute({ instanceIds: [instance(0)] });
  expect(execution).toMatchObject({ status: 'FAILED', error: 'InstancesFailed' });
  expect(execution.cause).toContain(message);
  expect(execution.cause).toContain(instance(0));
});

describe('an input that is wrong fails at once, and is quoted', () => {
  beforeAll(() => lambda.behave((event) => work(event)));

  test.each([
    [{ instanceId: 'a' }],
    [{ instanceIds: [] }],
    [{ instanceIds: 'a' }],
    [{ instanceIds: [{ id: 'a' }] }],
    [{ instanceIds: ['a', ['b']] }],
    [{ instanceIds: ['a'], runId: 'b' }],
    [{ scheduledTime: '2026-11-23T02:00:00Z' }],
    [{ scheduledTime: 'tonight', trigger: 'schedule' }],
    [{ scheduledTime: '2026-11-23T02:00:00Z', trigger: 'manual' }],
    [{ scheduledTime: '2026-11-23T02:00:00Z', trigger: 'schedule', instanceIds: ['a'] }],
    [[]],
    [['a']],
    [5],
    ['{}'],
    [null],
  ])('%j', async (input) => {
    const execution = await workflow.execute(input);
    expect(execution).toMatchObject({ status: 'FAILED', error: 'InvalidInput' });
    expect(execution.cause).toBe(
      `The input is ${JSON.stringify(input)}, expected an empty object for every configured instance, or an object with the one key instanceIds and a list of instance ids.`,
    );
    expect(lambda.events).toEqual([]);
  });
});
