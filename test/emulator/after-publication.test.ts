import {
  CreateBucketCommand,
  GetObjectCommand,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import * as z from 'zod';
import { changesKey, latestKey, TARGETS_FILE_KEY } from '../../contract/keys.ts';
import {
  EVENT_SOURCE,
  SNAPSHOT_PUBLISHED,
  snapshotPublishedSchema,
} from '../../contract/snapshot-published.ts';
import { type Simulator, startSimulator } from '../../simulator/server.ts';
import { type AwsCli, awsCli } from '../support/aws-cli.ts';
import { awsEnvironment } from '../support/aws-environment.ts';
import { type EventQueue, queueBehind } from '../support/event-queue.ts';
import {
  type Ending,
  endingOf,
  type LambdaEndpoint,
  type LambdaFunction,
  startLambdaEndpoint,
} from '../support/lambda-endpoint.ts';
import { type Moto, startMoto } from '../support/moto.ts';
import { pathStyleS3 } from '../support/path-style-s3.ts';
import { definitionOf, impatient } from '../support/state-machine.ts';
import { type StepFunctions, stateMachineInMoto } from '../support/step-functions.ts';
import { synthesize } from '../support/synthesize.ts';
import { deriverBundle, workerBundle } from '../support/worker-bundle.ts';
import {
  type DeriverProcess,
  startDeriver,
  startWorker,
  type WorkerProcess,
} from '../support/worker-process.ts';
import { rowsIn } from '../support/worker-world.ts';

/**
 * The state machine that is deployed, executed by moto's interpreter, with both bundles that are deployed behind its tasks;
 * S3, EventBridge and CloudWatch are moto's, Connect is the simulator. What EventBridge answers where it takes no entry is
 * said for it: moto takes them all.
 */

const USERS = 30;
const BUCKET = 'data';

let moto: Moto;
let aws: AwsCli;
let endpoint: LambdaEndpoint;
let worker: LambdaFunction;
let deriver: LambdaFunction;
let simulator: Simulator;
let bundles: [WorkerProcess, DeriverProcess];
let workflow: StepFunctions;
let silent: StepFunctions;
let s3: S3Client;
let queue: EventQueue;

beforeAll(async () => {
  endpoint = await startLambdaEndpoint();
  worker = endpoint.function('worker');
  deriver = endpoint.function('deriver');
  // Where moto's interpreter looks for every service.
  moto = await startMoto({ MOTO_PORT: String(endpoint.port) });
  endpoint.passOn(moto.url);
  aws = awsCli(moto.url);
  simulator = await startSimulator({ users: USERS, quota: 'unlimited', latencyMs: 0 });
  s3 = pathStyleS3(moto.url);
  await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
  const environment = { ...awsEnvironment(moto.url), EXPORT_BUCKET: BUCKET };
  bundles = await Promise.all([
    startWorker(await workerBundle(), {
      ...environment,
      AWS_ENDPOINT_URL_CONNECT: simulator.url,
      REQUESTS_PER_SECOND: '100000',
    }),
    startDeriver(await deriverBundle(), environment),
  ]);
  const stateMachine = (context: object) =>
    stateMachineInMoto(
      moto.url,
      impatient(
        definitionOf(synthesize({ instanceIds: simulator.instanceId, ...context }).toJSON()),
      ),
    );
  workflow = await stateMachine({});
  silent = await stateMachine({ eventsEnabled: false });
  queue = await queueOfEvents();
});

afterAll(async () => {
  s3?.destroy();
  await Promise.all((bundles ?? []).map((bundle) => bundle.kill()));
  await Promise.all([simulator, moto, endpoint].map((server) => server?.close()));
});

beforeEach(() => {
  const [workerProcess, deriverProcess] = bundles;
  worker.behave(async (event) => endingOf(await workerProcess.invoke(event)));
  deriver.behave(async (event) => endingOf(await deriverProcess.invoke(event)));
  endpoint.interpose('PutEvents', []);
});

/** A rule as docs/events.md has it, in front of a queue that keeps what comes. */
async function queueOfEvents(): Promise<EventQueue> {
  const pattern = { source: [EVENT_SOURCE], 'detail-type': [SNAPSHOT_PUBLISHED] };
  await aws(
    'events',
    'put-rule',
    '--name',
    'published',
    '--event-pattern',
    JSON.stringify(pattern),
  );
  return queueBehind(aws, 'published');
}

const eventSchema = z.object({
  source: z.literal(EVENT_SOURCE),
  'detail-type': z.literal(SNAPSHOT_PUBLISHED),
  resources: z.array(z.string()),
  detail: snapshotPublishedSchema,
});

const newEvents = async () => (await queue.received()).map((event) => eventSchema.parse(event));

/** How often the alarm's metric has been put so far. */
async function failuresReported(): Promise<number> {
  const { Datapoints } = z
    .object({ Datapoints: z.array(z.object({ Sum: z.number() })) })
    .parse(
      await aws(
        ...['cloudwatch', 'get-metric-statistics', '--namespace', 'ConnectProficiencyExporter'],
        ...['--metric-name', 'DerivedDataFailed', '--statistics', 'Sum', '--period', '86400'],
        ...['--dimensions', `Name=InstanceId,Value=${simulator.instanceId}`],
        ...['--start-time', new Date(Date.now() - 3_600_000).toISOString()],
        ...['--end-time', new Date(Date.now() + 3_600_000).toISOString()],
      ),
    );
  return Datapoints.reduce((total, { Sum }) => total + Sum, 0);
}

const on = (snapshotDate: string) => ({
  scheduledTime: `${snapshotDate}T02:00:00Z`,
  trigger: 'schedule',
});

let nights = 2;

/** A night that has no snapshot yet. */
const nextNight = () => {
  nights += 1;
  return on(`2026-11-${String(nights).padStart(2, '0')}`);
};

/** The run has succeeded, and its outcome is what the worker had answered. */
function expectPublished({
  status,
  output = 'null',
}: {
  status: string;
  output?: string | undefined;
}) {
  expect(status).toBe('SUCCEEDED');
  expect(JSON.parse(output)).toEqual([
    expect.objectContaining({
      status: 'PUBLISHED',
      instanceId: simulator.instanceId,
      usersDone: USERS,
      snapshotUri: expect.stringContaining('proficiencies.ndjson.gz'),
    }),
  ]);
}

async function objectAt(key: string): Promise<Uint8Array> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: BUCKET, Key: key }));
  return (await Body?.transformToByteArray()) ?? new Uint8Array();
}

test('derived data are there, then the event comes, and the outcome is the answer of the worker', async () => {
  for (const date of ['2026-11-01', '2026-11-02']) {
    expectPublished(await workflow.execute(on(date)));
  }
  const { instanceId } = simulator;
  expect(await rowsIn(await objectAt(latestKey(instanceId)))).toHaveLength(USERS);
  expect((await objectAt(changesKey(instanceId, '2026-11-02'))).length).toBeGreaterThan(0);

  const events = await newEvents();
  expect(events.map(({ detail }) => detail)).toMatchObject([
    { snapshotDate: '2026-11-01', users: USERS, changes: null },
    { snapshotDate: '2026-11-02', changes: { previousSnapshotDate: '2026-11-01', added: 0 } },
  ]);
  // Step Functions adds where it came from.
  for (const { resources } of events) expect(resources.join()).toContain(':execution:');
  expect(await failuresReported()).toBe(0);
});

test('what the worker had published before is told of, too', async () => {
  const again = await workflow.execute(on('2026-11-02'));
  expect(again.status).toBe('SUCCEEDED');
  expect(JSON.parse(again.output ?? '')).toMatchObject([{ status: 'ALREADY_PUBLISHED' }]);
  expect(await newEvents()).toMatchObject([{ detail: { snapshotDate: '2026-11-02' } }]);
});

test('the event tells how the snapshot compares with coverage targets', async () => {
  const Body = [
    'attribute_name;attribute_value;minimum_level;minimum_agents',
    'Language;Klingon;3,5;2',
    'Language;French;none;2',
  ].join('\r\n');
  await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: TARGETS_FILE_KEY, Body }));
  expect((await workflow.execute(on('2026-11-02'))).status).toBe('SUCCEEDED');
  const [event] = await newEvents();
  expect(event?.detail.coverage).toEqual({
    targetCount: 1,
    gapCount: 1,
    gaps: [
      {
        attributeName: 'Language',
        attributeValue: 'Klingon',
        minimumLevel: 3.5,
        minimumAgents: 2,
        agents: 0,
      },
    ],
    problemCount: 1,
    problems: [{ line: 3, problem: 'minimum_level is "none", which is no level from 1 to 5' }],
  });
});

test('where data cannot be derived, the run succeeds, no event tells of it, and the metric is there', async () => {
  const before = await failuresReported();
  deriver.behave(async () => ({ failure: { name: 'DamagedRun', message: 'It is spoilt.' } }));
  expectPublished(await workflow.execute(nextNight()));
  expect(deriver.events).toHaveLength(1);
  expect(await newEvents()).toEqual([]);
  expect(await failuresReported()).toBe(before + 1);
});

test('what another attempt may mend is tried again, and then reported', async () => {
  const before = await failuresReported();
  const troubles: Ending[] = [
    { refusal: { status: 429, code: 'TooManyRequestsException' } },
    { refusal: { status: 500, code: 'ServiceException' } },
    { failure: { name: 'ServiceUnavailable', message: 'S3 did not answer.' } },
  ];
  deriver.behave(async (event) => troubles.shift() ?? endingOf(await bundles[1].invoke(event)));
  expectPublished(await workflow.execute(nextNight()));
  expect(deriver.events).toHaveLength(4);
  expect(await newEvents()).toHaveLength(1);
  expect(await failuresReported()).toBe(before);

  deriver.behave(async () => ({ refusal: { status: 429, code: 'TooManyRequestsException' } }));
  expectPublished(await workflow.execute(nextNight()));
  expect(deriver.events).toHaveLength(6);
  expect(await failuresReported()).toBe(before + 1);
});

test.each<[string, Ending]>([
  ['is killed', { failure: { name: 'Runtime.OutOfMemory', message: 'signal: killed' } }],
  ['answers nonsense', { result: { hello: 'world' } }],
])('a deriver that %s is reported, too', async (_, trouble) => {
  const before = await failuresReported();
  deriver.behave(async () => trouble);
  expectPublished(await workflow.execute(nextNight()));
  expect(deriver.events).toHaveLength(1);
  expect(await failuresReported()).toBe(before + 1);
});

describe('where EventBridge', () => {
  const notTaken = {
    status: 200,
    body: {
      FailedEntryCount: 1,
      Entries: [{ ErrorCode: 'InternalFailure', ErrorMessage: 'Unexpected error' }],
    },
  };
  const unwell = { status: 500, body: { __type: 'InternalException', message: 'Unwell' } };

  test.each([
    ['does not take the entry', notTaken],
    ['does not answer properly', unwell],
  ])('%s at first, it is told again', async (_, answer) => {
    const before = await failuresReported();
    endpoint.interpose('PutEvents', [answer, answer]);
    expectPublished(await workflow.execute(nextNight()));
    expect(await newEvents()).toHaveLength(1);
    expect(await failuresReported()).toBe(before);
  });

  test.each([
    ['never takes the entry', notTaken],
    ['never answers properly', unwell],
  ])('%s, the run succeeds and the metric is there', async (_, answer) => {
    const before = await failuresReported();
    endpoint.interpose('PutEvents', [answer], 'always');
    expectPublished(await workflow.execute(nextNight()));
    expect(await newEvents()).toEqual([]);
    expect(await failuresReported()).toBe(before + 1);
  });
});

test('where no event is wanted, data are derived and none comes', async () => {
  expectPublished(await silent.execute(nextNight()));
  expect(deriver.events).toHaveLength(1);
  expect(await newEvents()).toEqual([]);
});
