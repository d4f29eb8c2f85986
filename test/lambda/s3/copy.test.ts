import { S3Client } from '@aws-sdk/client-s3';
import type { ServerSideEncryption } from '../../../contract/encryption.ts';
import {
  type Condition,
  type CopySource,
  PreconditionFailed,
  type Store,
} from '../../../export/ports.ts';
import { s3Client } from '../../../lambda/s3/client.ts';
import { copy } from '../../../lambda/s3/copy.ts';
import { s3Store } from '../../../lambda/s3/store.ts';
import { awsEnvironment } from '../../support/aws-environment.ts';
import { pattern, sha256Of } from '../../support/bodies.ts';
import { S3Failure } from '../../support/fake-s3/failure.ts';
import type { Fault } from '../../support/fake-s3/faults.ts';
import { type FakeS3, startFakeS3 } from '../../support/fake-s3/server.ts';
import { infoOf } from '../../support/store-reading.ts';

/** Far fewer than S3 takes: how many they are changes nothing in what is tried here. */
const PART_BYTES = 1024;
/** Three parts, the last of one byte. */
const LARGE_BYTES = 2 * PART_BYTES + 1;
const ALWAYS = 1_000;
const create = { ifNoneMatch: '*' } as const;

let fake: FakeS3;
let client: S3Client;
let store: Store;
let small: CopySource;
let large: CopySource;

beforeEach(async () => {
  // Whoever tries again waits for a part, chosen by chance, of a time that doubles: here for none of it.
  jest.spyOn(Math, 'random').mockReturnValue(0);
  fake = await startFakeS3('test-bucket', PART_BYTES);
  Object.assign(process.env, awsEnvironment(fake.url));
  client = s3Client();
  store = s3Store({ client, bucket: fake.bucket, prefix: 'exports/' });
  small = await source('small', 5);
  large = await source('large', LARGE_BYTES);
});

afterEach(async () => {
  jest.restoreAllMocks();
  client.destroy();
  await fake.close();
});

async function source(key: string, bytes: number): Promise<CopySource> {
  await store.put(key, pattern(bytes).body);
  return { key, ...(await infoOf(store, key)) };
}

/** Copies in parts what the store would copy at once. */
const copyInParts = (
  condition: Condition = create,
  asker = client,
  encryption?: ServerSideEncryption,
) =>
  copy(
    { ...large, key: `exports/${large.key}` },
    { client: asker, bucket: fake.bucket, key: 'exports/copy', encryption },
    condition,
    PART_BYTES,
  );

const copyAtOnce = (asker = client, encryption?: ServerSideEncryption) =>
  s3Store({ client: asker, bucket: fake.bucket, prefix: 'exports/', encryption }).copy(
    small,
    'copy',
    create,
  );

/** A client that asks once: S3's 200 with an error is to the SDK a 503, which it would try again by itself. */
const asksOnce = (): S3Client =>
  new S3Client({ region: 'us-east-1', forcePathStyle: true, maxAttempts: 1 });

const requestsOf = (operation: string) =>
  fake.requests.filter((request) => request.operation === operation);

const found = () => fake.objects.get('exports/copy');

/** Whether the copy is the source, to the last byte. */
async function expectWhole({ bytes }: CopySource): Promise<void> {
  expect(await sha256Of([found()?.bytes ?? Buffer.alloc(0)])).toBe(pattern(bytes).sha256);
  expect(fake.openUploads).toBe(0);
}

/** Both ways to copy, and the request that makes the copy visible. */
const WAYS = [
  ['at once', copyAtOnce, () => small, 'CopyObject'],
  [
    'in parts',
    (asker?: S3Client) => copyInParts(create, asker),
    () => large,
    'CompleteMultipartUpload',
  ],
] as const;

describe.each(WAYS)('a copy %s', (_, make, from, lastStep) => {
  test('is whole, and what is told of it is true', async () => {
    const { etag, versionId } = await make();
    await expectWhole(from());
    expect(found()).toMatchObject({ etag, versionId });
    // The bytes were not fetched again: these are the looks of the preparation.
    expect(requestsOf('GetObject')).toHaveLength(2);
  });

  test('has a SHA-256', async () => {
    await make();
    expect(found()?.sha256).toMatch(/=(-3)?$/);
  });

  test.each<Fault>([
    { with: 'slow-down' },
    { with: 'internal-error', times: 2 },
    { with: 'drop' },
    { with: 'error-in-200' },
  ])('does not notice a fault that passes: $with', async (fault) => {
    fake.failNext({ ...fault, operation: lastStep });
    await make();
    await expectWhole(from());
  });

  test.each<Fault>([
    { with: 'conflict', times: 2 },
    { with: 'error', error: new S3Failure(200, 'ConditionalRequestConflict', 'A conflict.') },
  ])('is begun anew after a conflict: $with', async (fault) => {
    fake.failNext({ ...fault, operation: lastStep });
    await make(asksOnce());
    await expectWhole(from());
  });

  test('whose condition S3 finds not to hold after it has answered 200 is not made', async () => {
    const error = new S3Failure(200, 'PreconditionFailed', 'It does not hold.');
    fake.failNext({ with: 'error', error, operation: lastStep });
    await expect(make(asksOnce())).rejects.toThrow(PreconditionFailed);
    expect(found()).toBeUndefined();
  });

  test('whose answer was lost surfaces as a condition that does not hold', async () => {
    fake.failNext({ with: 'lost-response', operation: lastStep });
    await expect(make()).rejects.toThrow(PreconditionFailed);
    await expectWhole(from());
  });

  test('is not made over another writer’s object', async () => {
    fake.write('exports/copy', 'another was faster');
    await expect(make()).rejects.toThrow(PreconditionFailed);
    expect(found()?.bytes.toString()).toBe('another was faster');
    expect(fake.openUploads).toBe(0);
  });

  test.each([
    ['replaced', (key: string) => fake.write(`exports/${key}`, 'another')],
    ['gone', (key: string) => fake.remove(`exports/${key}`)],
  ])('is not made of a source that is %s', async (__, change) => {
    change(from().key);
    await expect(make()).rejects.toThrow(PreconditionFailed);
    expect(found()).toBeUndefined();
    expect(fake.openUploads).toBe(0);
  });

  test('is refused where the answer says nothing', async () => {
    fake.failNext({
      with: 'answer',
      operation: lastStep,
      answer: { status: 200, body: '<Result></Result>' },
    });
    await expect(make()).rejects.toMatchObject({
      name: 'ServiceUnavailable',
      message: expect.stringContaining('with no etag'),
    });
    expect(fake.openUploads).toBe(0);
  });
});

describe('a copy in parts', () => {
  test('asks for each range once', async () => {
    await copyInParts();
    expect(requestsOf('UploadPartCopy')).toHaveLength(3);
    expect(found()?.etag).toMatch(/-3$/);
  });

  test('replaces the object that has the etag', async () => {
    const { etag } = await store.put('copy', Buffer.from('old'));
    await copyInParts({ ifMatch: etag });
    await expectWhole(large);
  });

  test.each(['CreateMultipartUpload', 'UploadPartCopy'] as const)(
    'does not notice a fault that passes: %s',
    async (operation) => {
      fake.failNext({ with: 'internal-error', operation });
      fake.failNext({ with: 'drop', operation });
      await copyInParts();
      await expectWhole(large);
    },
  );

  test('is not finished where the source is replaced between two parts', async () => {
    fake.failNext({ with: 'slow', operation: 'UploadPartCopy', after: 2, delayMs: 100 });
    const made = copyInParts();
    const replaced = new Promise<void>((resolve) => {
      const look = setInterval(() => {
        if (requestsOf('UploadPartCopy').length < 3) return;
        clearInterval(look);
        fake.write('exports/large', 'another');
        resolve();
      }, 5);
    });
    await expect(made).rejects.toThrow(PreconditionFailed);
    await replaced;
    expect(found()).toBeUndefined();
    expect(fake.openUploads).toBe(0);
  });

  test('that fails leaves no upload behind, and waits for no other part', async () => {
    fake.failNext({ with: 'slow', operation: 'UploadPartCopy', delayMs: 500 });
    fake.failNext({ with: 'access-denied', operation: 'UploadPartCopy' });
    await expect(copyInParts()).rejects.toMatchObject({ name: 'AccessDenied' });
    expect(fake.openUploads).toBe(0);
    expect(fake.requests.at(-1)?.operation).toBe('AbortMultipartUpload');
  });

  test('that cannot be given up either tells its own failure', async () => {
    fake.failNext({
      with: 'error',
      operation: 'UploadPartCopy',
      error: new S3Failure(400, 'InvalidArgument', 'Range'),
    });
    fake.failNext({ with: 'access-denied', operation: 'AbortMultipartUpload' });
    await expect(copyInParts()).rejects.toMatchObject({ name: 'InvalidArgument' });
  });
});

test('a conflict that does not end is a failure', async () => {
  fake.failNext({ with: 'conflict', operation: 'CopyObject', times: ALWAYS });
  await expect(store.copy(small, 'copy', create)).rejects.toMatchObject({
    name: 'ServiceUnavailable',
    message: expect.stringContaining('409 ConditionalRequestConflict'),
  });
  expect(requestsOf('CopyObject')).toHaveLength(5);
});

test.each([
  ['at once', (encryption: ServerSideEncryption) => copyAtOnce(client, encryption)],
  ['in parts', (encryption: ServerSideEncryption) => copyInParts(create, client, encryption)],
] as const)('a bucket policy that demands encryption is satisfied: %s', async (_, make) => {
  fake.demand({
    'x-amz-server-side-encryption': 'aws:kms',
    'x-amz-server-side-encryption-aws-kms-key-id': 'key-id',
  });
  await make({ algorithm: 'aws:kms', kmsKeyId: 'key-id' });
  expect(found()).toBeDefined();
});

test('a refusal names both objects and what to allow', async () => {
  fake.failNext({ with: 'access-denied', operation: 'CopyObject' });
  await expect(store.copy(small, 'copy', create)).rejects.toMatchObject({
    name: 'AccessDenied',
    message: expect.stringMatching(
      /^Amazon S3 refused access to s3:\/\/test-bucket\/exports\/small or s3:\/\/test-bucket\/exports\/copy .*: allow s3:GetObject, s3:ListBucket and s3:PutObject in bucket test-bucket/,
    ),
  });
});

test('a bucket in another Region is found', async () => {
  fake.moveTo('eu-central-1');
  await store.copy(small, 'copy', create);
  expect(found()?.bytes).toHaveLength(5);
});
