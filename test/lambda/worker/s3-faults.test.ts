import { gzipSync } from 'node:zlib';
import type { S3Client } from '@aws-sdk/client-s3';
import { manifestKey, snapshotKey } from '../../../contract/keys.ts';
import { toLine } from '../../../export/files/ndjson.ts';
import type { Store } from '../../../export/ports.ts';
import { s3Client } from '../../../lambda/s3/client.ts';
import { s3Store } from '../../../lambda/s3/store.ts';
import { awsEnvironment } from '../../support/aws-environment.ts';
import { FULL, sampled } from '../../support/breadth.ts';
import { S3Failure } from '../../support/fake-s3/failure.ts';
import type { Fault, FaultKind } from '../../support/fake-s3/faults.ts';
import { manifestOf, rowOf } from '../../support/published-world.ts';
import { workerBundle } from '../../support/worker-bundle.ts';
import {
  drive,
  startWorker,
  type WorkerAnswer,
  type WorkerProcess,
} from '../../support/worker-process.ts';
import { told, truth, type WorkerWorld, workerWorld } from '../../support/worker-world.ts';

const USERS = 5;

/** Ends the first slice in the middle of the users. */
const LIFE = { looks: 5 };

/** A user of an earlier run of the same date. */
const OLD_USER = { id: 'old', proficiencies: [] };

let world: WorkerWorld;
let worker: WorkerProcess;
let client: S3Client;
let store: Store;

beforeAll(async () => {
  world = await workerWorld({ users: USERS });
  worker = await startWorker(await workerBundle(), world.environment());
  Object.assign(process.env, awsEnvironment(world.s3.url));
  client = s3Client();
  store = s3Store({ client, bucket: world.s3.bucket });
});

afterAll(async () => {
  client.destroy();
  await worker.kill();
  await world.close();
});

let days = 0;

/** A date on which an earlier run has published already. */
async function dateWithSnapshot(): Promise<string> {
  days += 1;
  const date = new Date(Date.UTC(2026, 0, days)).toISOString().slice(0, 10);
  const { instanceId } = world.simulator;
  const row = rowOf(instanceId, date, OLD_USER);
  const manifest = manifestOf(instanceId, { date, users: [OLD_USER] });
  await store.put(snapshotKey(instanceId, date), gzipSync(toLine(row)));
  await store.put(manifestKey(instanceId, date), Buffer.from(toLine(manifest)));
  return date;
}

async function visible(date: string): Promise<'old' | 'new'> {
  const rows = await world.rows(date);
  if (rows?.length === 1 && rows[0]?.user_id === OLD_USER.id) return 'old';
  expect(told(rows)).toEqual(truth(world));
  return 'new';
}

/** A run that meets the faults, and is started again where they ended it. */
async function exportWith(...faults: Fault[]): Promise<WorkerAnswer | undefined> {
  const date = await dateWithSnapshot();
  const event = { ...world.event, scheduledTime: `${date}T02:00:00Z` };
  for (const fault of faults) world.s3.failNext(fault);
  const end = (await drive(worker, event, LIFE)).at(-1);
  world.s3.clearFaults();
  const seen = await visible(date);
  if (end?.result?.status === 'PUBLISHED') {
    expect(seen).toBe('new');
  } else {
    const { result } = (await drive(worker, event, LIFE)).at(-1) ?? {};
    expect(['PUBLISHED', 'ALREADY_PUBLISHED']).toContain(result?.status);
    expect(await visible(date)).toBe('new');
  }
  expect(world.manifest(date)).toMatchObject({ users_exported: USERS, snapshot: { rows: USERS } });
  return end;
}

type Moment = readonly [string, Pick<Fault, 'method' | 'key' | 'after'>];

const writes: readonly Moment[] = [
  ['taking the lease', { method: 'PUT', key: /lease/ }],
  ['writing the plan', { method: 'PUT', key: /plan/ }],
  ['claiming the state', { method: 'PUT', key: /state/ }],
  ['closing a part', { method: 'PUT', key: /parts/ }],
  ['recording a part', { method: 'PUT', key: /state/, after: 1 }],
  ['writing the snapshot', { method: 'PUT', key: /^snapshots/ }],
  ['writing the manifest', { method: 'PUT', key: /^manifests/ }],
  ['releasing the lease', { method: 'PUT', key: /lease/, after: 2 }],
];

const reads: readonly Moment[] = [
  // In the first slice there is none.
  ['reading the state', { method: 'GET', key: /state/, after: 1 }],
  ['reading the manifest', { method: 'GET', key: /^manifests/ }],
  ['reading the snapshot', { method: 'GET', key: /^snapshots/ }],
  ['reading the lease', { method: 'GET', key: /lease/, after: 1 }],
  ['reading the plan', { method: 'GET', key: /plan/ }],
  // Looked for in vain twice, to be taken over; read to be published.
  ['reading a part', { method: 'GET', key: /parts/, after: 2 }],
];

/** Every fault at every moment; by default each fault once, at moments far apart. */
const having = (moments: readonly Moment[], faults: readonly FaultKind[]) =>
  FULL
    ? moments.flatMap(([moment, which]) => faults.map((kind) => [moment, kind, which] as const))
    : faults.flatMap((kind, index) => {
        const [moment, which] = moments[Math.floor((index * moments.length) / faults.length)] ?? [];
        return moment !== undefined && which ? [[moment, kind, which] as const] : [];
      });

describe('S3 has trouble that passes', () => {
  it.each([
    ...having(writes, ['slow-down', 'internal-error', 'drop', 'conflict', 'lost-response']),
    ...having(reads, ['slow-down', 'internal-error', 'drop']),
  ])('and nobody notices: %s, %s', async (_, kind, which) => {
    const end = await exportWith({ ...which, with: kind });
    expect(end).toMatchObject({ result: { status: 'PUBLISHED' } });
  });
});

describe('an answer of S3 breaks off or is damaged', () => {
  it.each(having(reads, ['drop-mid-body', 'damaged-body']))(
    'and the next invocation goes on: %s, %s',
    async (_, kind, which) => {
      const end = await exportWith({ ...which, with: kind });
      expect(end).toMatchObject({
        failure: {
          name: 'ServiceUnavailable',
          message: expect.stringMatching(/s3:\/\/test-bucket\/\S+ .*try again later/),
        },
      });
    },
  );
});

describe('S3 refuses', () => {
  it.each([...having(writes, ['access-denied']), ...having(reads, ['access-denied'])])(
    'and the next invocation goes on once it does not: %s',
    async (_, kind, which) => {
      const end = await exportWith({ ...which, with: kind });
      expect(end).toMatchObject({
        failure: { name: 'AccessDenied', message: expect.stringContaining('s3://test-bucket/') },
      });
    },
  );
});

test('a key that is disabled is named, and the run goes on once it is enabled', async () => {
  const arn = 'arn:aws:kms:us-east-1:123456789012:key/1111-2222';
  const error = new S3Failure(400, 'KMS.DisabledException', `${arn} is disabled.`);
  const end = await exportWith({ method: 'PUT', key: /parts/, with: 'error', error });
  expect(end).toMatchObject({
    failure: {
      name: 'AccessDenied',
      message: expect.stringMatching(
        /^KMS refused the use of KMS key 1111-2222 .*: enable the key/,
      ),
    },
  });
});

describe('S3 says that another writer was first, though none was', () => {
  it.each([
    ['taking the lease', 'PUBLISHED'],
    ['closing a part', 'PUBLISHED'],
    ['writing the snapshot', 'PUBLISHED'],
    ['writing the manifest', 'PUBLISHED'],
    // To go on would be to work against the one who seems to be ahead.
    ['claiming the state', 'SKIPPED'],
    ['recording a part', 'SKIPPED'],
  ])('%s', async (moment, status) => {
    const which = writes.find(([name]) => name === moment)?.[1];
    const end = await exportWith({ ...which, with: 'precondition-failed' });
    expect(end).toMatchObject({ result: { status } });
  });
});

describe('S3 stays in trouble for longer than the patience of a slice', () => {
  // They spend their time waiting from attempt to attempt.
  it.each(sampled(writes, ([moment]) => moment === 'closing a part'))(
    'and the next one goes on: %s',
    async (_, which) => {
      const end = await exportWith({ ...which, with: 'internal-error', times: 6 });
      expect(end).toMatchObject({
        failure: {
          name: 'ServiceUnavailable',
          message: expect.stringContaining('500 InternalError'),
        },
      });
    },
  );
});

test('a plan that cannot be read is not taken for damage of the part that is to be taken over', async () => {
  const date = await dateWithSnapshot();
  const event = { ...world.event, scheduledTime: `${date}T02:00:00Z` };
  world.s3.failNext({ method: 'PUT', key: /state/, after: 1, with: 'access-denied' });
  expect(await worker.invoke(event)).toMatchObject({ failure: { name: 'AccessDenied' } });
  world.s3.failNext({ method: 'GET', key: /plan/, with: 'drop-mid-body' });
  expect(await worker.invoke(event)).toMatchObject({ failure: { name: 'ServiceUnavailable' } });
  expect(await worker.invoke(event)).toMatchObject({ result: { status: 'PUBLISHED' } });
  expect(await visible(date)).toBe('new');
});
