import fc from 'fast-check';
import { ExportFailure } from '../../../contract/failure.ts';
import { manifestKey, snapshotKey } from '../../../contract/keys.ts';
import { s3Client } from '../../../lambda/s3/client.ts';
import { s3Store } from '../../../lambda/s3/store.ts';
import { awsEnvironment } from '../../support/aws-environment.ts';
import type { Fault, Operation } from '../../support/fake-s3/faults.ts';
import { startFakeS3 } from '../../support/fake-s3/server.ts';
import type { StubAnswer } from '../../support/http-stub.ts';
import { scriptedConnect } from '../../support/scripted-connect.ts';
import { INSTANCE, world } from '../../support/world.ts';

const DATE = '2026-11-23';
const USERS = 3;

const environment = { ...process.env };

afterEach(() => {
  process.env = { ...environment };
});

const xmlError = fc
  .constantFrom(
    'AccessDenied',
    'NoSuchKey',
    'NoSuchBucket',
    'PreconditionFailed',
    'KMS.DisabledException',
    'Strange',
  )
  .map((code) => `<Error><Code>${code}</Code><Message>Said of ${code}.</Message></Error>`);

/** Not a success: an answer that says that something was done which was not is a lie that nobody can see through. */
const answer: fc.Arbitrary<StubAnswer> = fc.record({
  status: fc.oneof(
    fc.constantFrom(301, 304, 307, 400, 401, 403, 404, 407, 409, 411, 412, 413, 429),
    fc.integer({ min: 300, max: 499 }),
  ),
  headers: fc.dictionary(
    fc.constantFrom('content-type', 'location', 'x-amz-bucket-region', 'retry-after', 'etag'),
    fc.oneof(
      fc.constantFrom('text/html', 'application/xml', 'eu-west-1', '"etag"', '1'),
      fc.string(),
    ),
    { maxKeys: 3 },
  ),
  body: fc.oneof(
    xmlError,
    fc.constantFrom('', '<html><body>Blocked by policy</body></html>', '<Error>', '{}', '\u0000'),
    fc.string({ unit: 'binary' }),
  ),
});

const fault: fc.Arbitrary<Fault> = fc.record({
  with: fc.constant('answer' as const),
  operation: fc.constantFrom<Operation>('PutObject', 'GetObject'),
  after: fc.nat(12),
  times: fc.integer({ min: 1, max: 8 }),
  answer,
});

/** A run that meets the fault, and is started again without it. */
async function exportWith(found: Fault) {
  const fake = await startFakeS3();
  Object.assign(process.env, awsEnvironment(fake.url));
  const client = s3Client();
  const store = s3Store({ client, bucket: fake.bucket });
  const at = world(scriptedConnect(USERS));
  const event = { scheduledTime: `${DATE}T02:00:00Z` };
  try {
    fake.failNext(found);
    const first = await at.slice(event, { store }).catch((error: unknown) => error);
    const isWhole =
      fake.objects.has(snapshotKey(INSTANCE, DATE)) &&
      fake.objects.has(manifestKey(INSTANCE, DATE));
    fake.clearFaults();
    // Whoever was at work is taken to be dead by now.
    at.pass(3_600);
    const second = await at.slice(event, { store });
    return { first, isWhole, second };
  } finally {
    client.destroy();
    await fake.close();
  }
}

test('whatever S3 answers, a run ends whole or with one sentence, and the next one ends whole', async () => {
  await fc.assert(
    fc.asyncProperty(fault, async (found) => {
      const { first, isWhole, second } = await exportWith(found);
      if (first instanceof Error) {
        expect(first).toBeInstanceOf(ExportFailure);
        expect(first.message).toMatch(/^[^\n]+[.]$/);
        expect(first.message).not.toMatch(/undefined|\[object|node_modules|NaN/);
      } else {
        // Published where the client bore it; skipped where it was told that another writer was faster.
        expect(first).toMatchObject({ status: isWhole ? 'PUBLISHED' : 'SKIPPED' });
      }
      expect(['PUBLISHED', 'ALREADY_PUBLISHED']).toContain(second.status);
    }),
    { seed: 20261125, numRuns: 100 },
  );
});
