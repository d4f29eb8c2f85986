import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { CreateBucketCommand, PutBucketVersioningCommand, type S3Client } from '@aws-sdk/client-s3';
import { manifestSchema } from '../../contract/manifest.ts';
import { s3Client } from '../../lambda/s3/client.ts';
import { type Simulator, startSimulator } from '../../simulator/server.ts';
import { awsEnvironment } from '../support/aws-environment.ts';
import { type Moto, startMoto } from '../support/moto.ts';
import { workerBundle } from '../support/worker-bundle.ts';
import { drive, startWorker } from '../support/worker-process.ts';
import { rowsIn, SCHEDULED_TIME, told, truth } from '../support/worker-world.ts';

const BUCKET = 'exports';
const USERS = 120;

/** Ends the first slice in the middle of the users. */
const LIFE = { looks: 63 };

let moto: Moto;
let simulator: Simulator;
let client: S3Client;
let environment: Record<string, string>;

beforeAll(async () => {
  moto = await startMoto();
  simulator = await startSimulator({ users: USERS, quota: 'unlimited', latencyMs: 0 });
  environment = {
    ...awsEnvironment(moto.url),
    AWS_ENDPOINT_URL_CONNECT: simulator.url,
    AWS_ENDPOINT_URL_SERVICE_QUOTAS: moto.url,
    EXPORT_BUCKET: BUCKET,
    REQUESTS_PER_SECOND: '100000',
  };
  Object.assign(process.env, awsEnvironment(moto.url));
  client = s3Client();
  await client.send(new CreateBucketCommand({ Bucket: BUCKET }));
  const VersioningConfiguration = { Status: 'Enabled' } as const;
  await client.send(new PutBucketVersioningCommand({ Bucket: BUCKET, VersioningConfiguration }));
});

afterAll(async () => {
  client.destroy();
  await simulator.close();
  await moto.close();
});

const event = () => ({ instanceId: simulator.instanceId, scheduledTime: SCHEDULED_TIME });

async function exportOnce() {
  const worker = await startWorker(await workerBundle(), environment);
  const answers = await drive(worker, event(), LIFE);
  await worker.kill();
  return answers.map((answer) => answer?.result ?? answer?.failure);
}

/** Prints an object's bytes, or anything else that a person at a shell would see. */
async function shell(command: string, ...args: string[]): Promise<Buffer> {
  const { PATH = '', HOME = '' } = process.env;
  const { stdout } = await promisify(execFile)(command, args, {
    env: { PATH, HOME, ...environment, AWS_DEFAULT_REGION: 'us-east-1' },
    encoding: 'buffer',
    maxBuffer: 2 ** 28,
  });
  return stdout;
}

test("the built bundle exports to moto's S3, and the AWS CLI reads it back", async () => {
  const [first, last] = await exportOnce();
  expect(first).toMatchObject({ status: 'IN_PROGRESS', percent: 50 });
  expect(last).toMatchObject({ status: 'PUBLISHED', usersDone: USERS });
  if (!last || !('manifestUri' in last)) throw new Error('Nothing was published.');
  const { snapshotUri = '', manifestUri = '' } = last;

  const snapshot = await shell('aws', 's3', 'cp', snapshotUri, '-');
  expect(told(await rowsIn(snapshot))).toEqual(truth({ simulator }));

  const line = await shell('aws', 's3', 'cp', manifestUri, '-');
  const manifest = manifestSchema.parse(JSON.parse(line.toString()));
  const key = snapshotUri.replace(`s3://${BUCKET}/`, '');
  const head = await shell('aws', 's3api', 'head-object', '--bucket', BUCKET, '--key', key);
  expect(JSON.parse(head.toString())).toMatchObject({
    ContentLength: manifest.snapshot.bytes,
    ETag: `"${manifest.snapshot.etag}"`,
    VersionId: manifest.snapshot.version_id,
  });
});

/** What an analyst's notebook would do. */
const NOTEBOOK = `
import boto3, gzip, json, sys
body = boto3.client('s3').get_object(Bucket=sys.argv[1], Key=sys.argv[2])['Body'].read()
rows = [json.loads(line) for line in gzip.decompress(body).decode('utf-8').splitlines()]
print(json.dumps({row['user_id']: [p['attribute_value'] for p in row['proficiencies']] for row in rows}))
`;

test('boto3 reads the same, whatever script the values are in', async () => {
  const [published] = await exportOnce();
  expect(published).toMatchObject({ status: 'ALREADY_PUBLISHED' });
  if (!published || !('snapshotUri' in published)) throw new Error('Nothing was published.');
  const key = published.snapshotUri?.replace(`s3://${BUCKET}/`, '') ?? '';
  const printed = await shell('python3', '-c', NOTEBOOK, BUCKET, key);
  expect(JSON.parse(printed.toString())).toEqual(
    Object.fromEntries(
      truth({ simulator }).map(({ user_id, proficiencies }) => [
        user_id,
        proficiencies.map(({ attribute_value }) => attribute_value),
      ]),
    ),
  );
});
