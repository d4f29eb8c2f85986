import type { S3Client } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { type Body, PreconditionFailed, type Store } from '../../../export/ports.ts';
import { s3Client } from '../../../lambda/s3/client.ts';
import { s3Store } from '../../../lambda/s3/store.ts';
import { awsEnvironment } from '../../support/aws-environment.ts';
import { failingAfter, pattern } from '../../support/bodies.ts';
import { S3Failure } from '../../support/fake-s3/failure.ts';
import type { Fault } from '../../support/fake-s3/faults.ts';
import { type FakeS3, startFakeS3 } from '../../support/fake-s3/server.ts';
import { keysOf, textOf } from '../../support/store-reading.ts';

/** S3 takes no parts as small as these; how large they are changes nothing in what is tried here. */
const PART_BYTES = 64 * 1024;
/** Two parts. */
const LARGE_BYTES = PART_BYTES + 1;
const ALWAYS = 1_000;
const small = Buffer.from('small');
const part = Buffer.alloc(PART_BYTES);

/** Where lib-storage keeps what S3's least is, from which on it writes in parts. */
const LEAST = 'MIN_PART_SIZE';
const ofS3: unknown = Reflect.get(Upload, LEAST);

let fake: FakeS3;
let client: S3Client;
let store: Store;

beforeAll(() => Reflect.set(Upload, LEAST, PART_BYTES));

afterAll(() => Reflect.set(Upload, LEAST, ofS3));

beforeEach(async () => {
  // Whoever tries again waits for a part, chosen by chance, of a time that doubles: here for none of it.
  jest.spyOn(Math, 'random').mockReturnValue(0);
  fake = await startFakeS3('test-bucket', PART_BYTES);
  Object.assign(process.env, awsEnvironment(fake.url));
  client = s3Client();
  store = s3Store({ client, bucket: fake.bucket, prefix: 'exports/' });
});

afterEach(async () => {
  delete process.env.AWS_RESPONSE_CHECKSUM_VALIDATION;
  jest.restoreAllMocks();
  client.destroy();
  await fake.close();
});

const contentOf = (key: string): string | undefined => fake.objects.get(key)?.bytes.toString();

/** A body, and how often it was begun. */
function counted(body: Body): { body: Body; begun: () => number } {
  let begun = 0;
  const counting = (): AsyncIterable<Uint8Array> => {
    begun += 1;
    if (body instanceof Uint8Array) throw new Error('Only a stream can be begun.');
    return body();
  };
  return { body: counting, begun: () => begun };
}

describe('a prefix', () => {
  test('is before every key in the bucket, and nowhere else', async () => {
    await store.put('runs/a', small);
    fake.write('elsewhere/runs/b', 'x');
    expect([...fake.objects.keys()]).toEqual(['exports/runs/a', 'elsewhere/runs/b']);
    expect(await keysOf(store, '')).toEqual(['runs/a']);
    expect(store.uri('runs/a')).toBe('s3://test-bucket/exports/runs/a');
  });
});

describe('what S3 tells of an object', () => {
  test('is its etag, without quotes, and its version', async () => {
    const { etag, versionId } = await store.put('key', pattern(LARGE_BYTES).body);
    expect(etag).toMatch(/^[0-9a-f]{32}-2$/);
    expect(versionId).toBe('version-1');
    expect(await store.get('key')).toMatchObject({ etag, versionId });
  });

  test('a SHA-256 goes with it, at once and in parts', async () => {
    await store.put('small', small);
    await store.put('large', pattern(LARGE_BYTES).body);
    expect(fake.objects.get('exports/small')?.sha256).toMatch(/=$/);
    expect(fake.objects.get('exports/large')?.sha256).toMatch(/=-2$/);
  });
});

describe('a fault that passes is not noticed', () => {
  const faults: Fault[] = [
    { with: 'slow-down' },
    { with: 'internal-error', times: 2 },
    { with: 'drop' },
    { with: 'slow', delayMs: 20 },
  ];

  test.each(faults)('writing: $with', async (fault) => {
    fake.failNext(fault);
    await store.put('key', small, { ifNoneMatch: '*' });
    expect(contentOf('exports/key')).toBe('small');
  });

  test.each(faults)('reading: $with', async (fault) => {
    fake.write('exports/key', 'small');
    fake.failNext(fault);
    expect(await textOf(store, 'key')).toBe('small');
  });

  test.each(['CreateMultipartUpload', 'UploadPart', 'CompleteMultipartUpload'] as const)(
    'writing in parts: %s',
    async (operation) => {
      fake.failNext({ with: 'internal-error', operation });
      fake.failNext({ with: 'drop', operation });
      await store.put('key', pattern(LARGE_BYTES).body);
      expect(fake.objects.get('exports/key')?.bytes).toHaveLength(LARGE_BYTES);
      expect(fake.openUploads).toBe(0);
    },
  );

  test('a completion that fails although it began with 200', async () => {
    fake.failNext({ with: 'error-in-200', operation: 'CompleteMultipartUpload' });
    await store.put('key', pattern(LARGE_BYTES).body);
    expect(fake.objects.get('exports/key')?.bytes).toHaveLength(LARGE_BYTES);
  });
});

test('a list whose pages would never end is refused', async () => {
  const body =
    '<ListBucketResult><IsTruncated>true</IsTruncated><NextContinuationToken>a</NextContinuationToken></ListBucketResult>';
  fake.failNext({ with: 'answer', times: ALWAYS, answer: { status: 200, body } });
  await expect(keysOf(store, 'runs/')).rejects.toMatchObject({
    name: 'ServiceUnavailable',
    message: expect.stringMatching(/^S3 answered for s3:.* with the same page of the list twice/),
  });
  expect(fake.requests).toHaveLength(2);
});

test.each(['put', 'get'] as const)(
  'an answer that says nothing is refused: %s',
  async (operation) => {
    fake.failNext({ with: 'answer', answer: { status: 200, body: 'Sign in to the network' } });
    const asked = operation === 'put' ? store.put('key', small) : store.get('key');
    await expect(asked).rejects.toMatchObject({
      name: 'ServiceUnavailable',
      message: expect.stringMatching(/^S3 answered for s3:.*key with no /),
    });
  },
);

describe('a conflict with another writer', () => {
  test('is tried again, with the body begun anew', async () => {
    const { body, begun } = counted(pattern(1000).body);
    fake.failNext({ with: 'conflict', operation: 'PutObject', times: 2 });
    await store.put('key', body, { ifNoneMatch: '*' });
    expect(begun()).toBe(3);
    expect(fake.objects.get('exports/key')?.bytes).toHaveLength(1000);
  });

  test('at the completion uploads every part anew', async () => {
    const { body, begun } = counted(pattern(LARGE_BYTES).body);
    fake.failNext({ with: 'conflict', operation: 'CompleteMultipartUpload' });
    await store.put('key', body, { ifNoneMatch: '*' });
    expect(begun()).toBe(2);
    expect(fake.requests.filter(({ operation }) => operation === 'UploadPart')).toHaveLength(4);
    expect(fake.openUploads).toBe(0);
  });

  test('that does not end is a failure', async () => {
    fake.failNext({ with: 'conflict', times: ALWAYS });
    await expect(store.put('key', small, { ifNoneMatch: '*' })).rejects.toMatchObject({
      name: 'ServiceUnavailable',
      message: expect.stringContaining('409 ConditionalRequestConflict'),
    });
  });
});

describe('a lost answer', () => {
  const large = (): Body => pattern(LARGE_BYTES).body;

  test.each([
    ['at once', () => small, 'PutObject'],
    ['in parts', large, 'CompleteMultipartUpload'],
  ] as const)('to an unconditional write is not noticed: %s', async (_, body, operation) => {
    fake.failNext({ with: 'lost-response', operation });
    const { etag } = await store.put('key', body());
    expect(fake.objects.get('exports/key')?.etag).toBe(etag);
    expect(fake.openUploads).toBe(0);
  });

  test.each([
    ['at once', () => small, 'PutObject'],
    ['in parts', large, 'CompleteMultipartUpload'],
  ] as const)(
    'to a conditional write surfaces as a condition that does not hold, with one own object there: %s',
    async (_, body, operation) => {
      fake.failNext({ with: 'lost-response', operation });
      await expect(store.put('key', body(), { ifNoneMatch: '*' })).rejects.toThrow(
        PreconditionFailed,
      );
      const etag = fake.objects.get('exports/key')?.etag ?? '';
      fake.failNext({ with: 'lost-response', operation: 'PutObject' });
      await expect(store.put('key', Buffer.from('next'), { ifMatch: etag })).rejects.toThrow(
        PreconditionFailed,
      );
      expect(contentOf('exports/key')).toBe('next');
      expect(fake.openUploads).toBe(0);
    },
  );
});

describe('a write that fails in the end', () => {
  test('leaves no upload behind where the source breaks', async () => {
    await expect(store.put('key', failingAfter(LARGE_BYTES))).rejects.toThrow('the source broke');
    expect(fake.requests.map(({ operation }) => operation)).toContain('UploadPart');
    expect(fake.openUploads).toBe(0);
    expect(fake.objects.size).toBe(0);
  });

  test('leaves no upload behind where S3 fails, and lets the source go', async () => {
    let ended = false;
    async function* endless(): AsyncGenerator<Uint8Array> {
      try {
        for (;;) yield part;
      } finally {
        ended = true;
      }
    }
    fake.failNext({ with: 'access-denied', operation: 'UploadPart', after: 1 });
    await expect(store.put('key', endless)).rejects.toMatchObject({ name: 'AccessDenied' });
    expect(ended).toBe(true);
    expect(fake.openUploads).toBe(0);
  });

  test('reads its source no further ahead than can be sent', async () => {
    let furthestAhead = 0;
    async function* source(): AsyncGenerator<Uint8Array> {
      for (let pulled = 1; pulled <= 10; pulled += 1) {
        const sent = fake.requests.filter(({ operation }) => operation === 'UploadPart').length;
        furthestAhead = Math.max(furthestAhead, pulled - sent);
        yield part;
      }
    }
    fake.failNext({ with: 'slow', operation: 'UploadPart', times: 10, delayMs: 20 });
    await store.put('key', source);
    expect(furthestAhead).toBeLessThanOrEqual(7);
  });
});

describe('a bucket policy that demands encryption', () => {
  const kms = { algorithm: 'aws:kms', kmsKeyId: 'key-id' } as const;

  test.each([
    ['AES256', { algorithm: 'AES256' }, { 'x-amz-server-side-encryption': 'AES256' }],
    [
      'aws:kms',
      kms,
      {
        'x-amz-server-side-encryption': 'aws:kms',
        'x-amz-server-side-encryption-aws-kms-key-id': 'key-id',
      },
    ],
  ] as const)('is satisfied by %s, in one request and in parts', async (_, encryption, headers) => {
    fake.demand(headers);
    const encrypted = s3Store({ client, bucket: fake.bucket, encryption });
    await encrypted.put('small', small, { ifNoneMatch: '*' });
    await encrypted.put('large', pattern(LARGE_BYTES).body);
    expect([...fake.objects.keys()]).toEqual(['small', 'large']);
  });

  test.each([undefined, kms])('is not by %j, where it wants another', async (encryption) => {
    fake.demand({ 'x-amz-server-side-encryption': 'AES256' });
    const other = s3Store({ client, bucket: fake.bucket, encryption });
    for (const body of [small, pattern(LARGE_BYTES).body]) {
      await expect(other.put('key', body)).rejects.toMatchObject({ name: 'AccessDenied' });
    }
  });
});

describe('a bucket in another Region', () => {
  const requestsOf = async (attempt: Promise<unknown>): Promise<number> => {
    const before = fake.requests.length;
    await attempt;
    return fake.requests.length - before;
  };

  beforeEach(() => fake.moveTo('eu-central-1'));

  test.each<[string, () => Promise<unknown>]>([
    ['a small write', () => store.put('key', small, { ifNoneMatch: '*' })],
    ['a read', () => store.get('key')],
    ['a list', () => keysOf(store, '')],
  ])('is found by %s', async (_, attempt) => {
    expect(await requestsOf(attempt())).toBe(2);
    // And from then on at once.
    expect(await requestsOf(store.get('key'))).toBe(1);
  });

  test('takes large objects, and gives them back', async () => {
    await store.put('key', pattern(LARGE_BYTES).body);
    expect(fake.objects.get('exports/key')?.bytes).toHaveLength(LARGE_BYTES);
  });

  test('is found by many requests at once', async () => {
    const keys = Array.from({ length: 20 }, (_, index) => `key-${index}`);
    await Promise.all(keys.map((key) => store.put(key, small)));
    expect(await keysOf(store, '')).toHaveLength(20);
  });

  test('is found where only the body of the answer names the Region', async () => {
    const body =
      '<Error><Code>AuthorizationHeaderMalformed</Code><Message>wrong Region</Message><Region>eu-central-1</Region></Error>';
    const headers = { 'content-type': 'application/xml' };
    fake.failNext({ with: 'answer', answer: { status: 400, headers, body } });
    await store.put('key', small);
    expect(await textOf(store, 'key')).toBe('small');
  });

  test('is found again where it has moved', async () => {
    await store.put('key', small);
    fake.moveTo('ap-southeast-2');
    expect(await textOf(store, 'key')).toBe('small');
  });
});

describe('reading', () => {
  test.each([
    ['written at once', PART_BYTES - 1],
    ['written in parts', LARGE_BYTES],
  ])('fails where the connection breaks off: %s', async (_, bytes) => {
    await store.put('key', pattern(bytes).body);
    fake.failNext({ with: 'drop-mid-body', method: 'GET' });
    await expect(textOf(store, 'key')).rejects.toMatchObject({
      name: 'ServiceUnavailable',
      message: expect.stringMatching(
        /s3:\/\/test-bucket\/exports\/key broke off after \d+ of \d+ bytes/,
      ),
    });
  });

  test('fails where a byte is wrong, whatever the environment says of checksums', async () => {
    process.env.AWS_RESPONSE_CHECKSUM_VALIDATION = 'when_required';
    store = s3Store({ client: s3Client(), bucket: fake.bucket });
    await store.put('key', small);
    fake.failNext({ with: 'damaged-body', method: 'GET' });
    await expect(textOf(store, 'key')).rejects.toMatchObject({
      name: 'ServiceUnavailable',
      message: expect.stringContaining('Checksum mismatch'),
    });
  });
});

describe('a refusal says what to do', () => {
  const drain = async (): Promise<unknown> => keysOf(store, 'runs/');

  test.each([
    ['put', 's3:PutObject', () => store.put('key', small)],
    ['conditional put', 's3:GetObject', () => store.put('key', small, { ifMatch: 'x' })],
    ['get', 's3:GetObject', () => store.get('key')],
    ['list', 's3:ListBucket', drain],
  ])('no permission to %s', async (_, action, attempt) => {
    fake.failNext({ with: 'access-denied' });
    await expect(attempt()).rejects.toMatchObject({
      name: 'AccessDenied',
      message: expect.stringMatching(new RegExp(`test-bucket.*${action}`)),
    });
  });

  test.each([
    ['put', (other: Store) => other.put('key', small)],
    ['get', (other: Store) => other.get('key')],
    ['list', (other: Store) => keysOf(other, '')],
  ])('no such bucket: %s', async (_, attempt) => {
    await expect(attempt(s3Store({ client, bucket: 'no-such' }))).rejects.toMatchObject({
      name: 'InvalidRequest',
      message: expect.stringContaining('no-such'),
    });
  });

  test('a bucket in another Region, which is not named', async () => {
    fake.failNext({ with: 'wrong-region' });
    await expect(store.put('key', small)).rejects.toMatchObject({
      name: 'InvalidRequest',
      message: expect.stringMatching(
        /^The bucket test-bucket is in another Region, and the answer does not say in which \(AWS says: "The bucket .*"\): use a bucket in /,
      ),
    });
  });

  test('a page with a status from 500 on is not quoted as if it were of AWS', async () => {
    const body = '<html>Bad gateway</html>';
    fake.failNext({ with: 'answer', times: ALWAYS, answer: { status: 502, body } });
    await expect(store.get('key')).rejects.toMatchObject({
      name: 'ServiceUnavailable',
      message: expect.stringMatching(/key \(HTTP 502, but not with what S3 answers\): look at/),
    });
  });

  test('a page of a web gateway is not taken for a bucket in another Region', async () => {
    const headers = { location: 'https://login.example/', 'content-type': 'text/html' };
    const body = '<!DOCTYPE html><html><body>Sign in</body></html>';
    fake.failNext({ with: 'answer', answer: { status: 301, headers, body } });
    await expect(store.put('key', small)).rejects.toMatchObject({
      name: 'ServiceUnavailable',
      message: expect.stringMatching(/HTTP 301 by something on the network that is not AWS/),
    });
  });

  const ARN = 'arn:aws:kms:eu-west-2:123456789012:key/1111-2222';

  test.each([
    [
      400,
      'KMS.DisabledException',
      `${ARN} is disabled.`,
      /^KMS refused the use of KMS key 1111-2222 for s3:\S+key \(AWS says: "arn:… is disabled\.", request id FAKE\): enable the key\.$/,
    ],
    [400, 'KMS.NotFoundException', `Key '${ARN}' does not exist`, /1111-2222 .*: correct the key/],
    [
      400,
      'KMS.KMSInvalidStateException',
      `${ARN} is pending deletion.`,
      /is pending deletion.*: look at the key's state .* cancel its deletion/,
    ],
    [
      400,
      'KMS.AccessDeniedException',
      'The ciphertext refers to a key that does not exist or you may not use.',
      /^KMS refused the use of the KMS key for .*: allow kms:Decrypt and kms:GenerateDataKey on the key\.$/,
    ],
    [
      403,
      'AccessDenied',
      `User: arn:aws:sts::123456789012:assumed-role/A/jane@example.com is not authorized to perform: kms:GenerateDataKey on resource: ${ARN} with an explicit deny in a resource-based policy`,
      /KMS key 1111-2222 .*with an explicit deny in a resource-based policy", request id FAKE\): allow kms:GenerateDataKey on the key\.$/,
    ],
    [
      403,
      'AccessDenied',
      'Account 123456789012 is refused with an explicit deny in a service control policy',
      /^Amazon S3 refused access to s3:\S+ .*"Account … is refused with an explicit deny in a service control policy", request id FAKE\): allow s3:PutObject/,
    ],
  ])(
    'that quotes AWS, without whom and whose account: %d %s',
    async (status, code, words, said) => {
      fake.failNext({ with: 'error', error: new S3Failure(status, code, words) });
      const error: unknown = await store.put('key', small).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ name: 'AccessDenied', message: expect.stringMatching(said) });
      expect(String(error)).not.toMatch(/jane|123456789012/);
    },
  );

  test('of KMS that does not answer S3, that names KMS', async () => {
    const name = 'KMS.KeyUnavailableException';
    fake.failNext({ with: 'error', error: new S3Failure(400, name, 'Try again.'), times: 10 });
    await expect(store.put('key', small)).rejects.toMatchObject({
      name: 'ServiceUnavailable',
      message: expect.stringMatching(
        /: look at the health of AWS KMS and of the network, then try/,
      ),
    });
  });

  test('of an unknown kind, that explains nothing', async () => {
    fake.failNext({ with: 'error', error: new S3Failure(400, 'KMS.Novelty', 'New\nrules apply.') });
    await expect(store.get('key')).rejects.toMatchObject({
      name: 'ServiceUnavailable',
      message:
        'Amazon S3 answered KMS.Novelty (HTTP 400, request id FAKE) for s3://test-bucket/exports/key (AWS says: "New rules apply."): act on what AWS says, then try again.',
    });
  });

  test('no answer after all attempts', async () => {
    fake.failNext({ with: 'internal-error', times: ALWAYS });
    await expect(store.get('key')).rejects.toMatchObject({
      name: 'ServiceUnavailable',
      message: expect.stringMatching(/s3:\/\/test-bucket\/exports\/key .*500 InternalError/),
    });
    expect(fake.requests).toHaveLength(6);
  });

  test('nobody there', async () => {
    await fake.close();
    await expect(store.get('key')).rejects.toMatchObject({
      name: 'ServiceUnavailable',
      message: expect.stringMatching(/ s3:\/\/test-bucket\/exports\/key \(ECONNREFUSED/),
    });
  });

  test('no credentials', async () => {
    const withoutFiles = { AWS_SHARED_CREDENTIALS_FILE: '/dev/null', AWS_CONFIG_FILE: '/dev/null' };
    Object.assign(process.env, withoutFiles);
    delete process.env.AWS_ACCESS_KEY_ID;
    const other = s3Store({ client: s3Client(), bucket: fake.bucket });
    await expect(other.get('key')).rejects.toMatchObject({
      name: 'AccessDenied',
      message: expect.stringMatching(
        /^No valid AWS credentials were found \(the AWS SDK says: "Could not load .*"\): sign in/,
      ),
    });
  });
});

test('an endpoint may have a name: the bucket is named in the path', async () => {
  process.env.AWS_ENDPOINT_URL_S3 = fake.url.replace('127.0.0.1', 'localhost');
  const byName = s3Store({ client: s3Client(), bucket: fake.bucket });
  await byName.put('key', small);
  expect(contentOf('key')).toBe('small');
});
