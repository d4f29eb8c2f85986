import type { S3Client } from '@aws-sdk/client-s3';
import type { Store } from '../../../export/ports.ts';
import { s3Client } from '../../../lambda/s3/client.ts';
import { s3Store } from '../../../lambda/s3/store.ts';
import { awsEnvironment } from '../../support/aws-environment.ts';
import { type FakeS3, startFakeS3 } from '../../support/fake-s3/server.ts';
import { storeContract } from '../../support/store-contract.ts';

let fake: FakeS3;
let client: S3Client;

beforeAll(async () => {
  fake = await startFakeS3();
  Object.assign(process.env, awsEnvironment(fake.url));
  client = s3Client();
});

afterAll(async () => {
  client.destroy();
  await fake.close();
});

let stores = 0;
const newStore = (): Store => {
  stores += 1;
  return s3Store({ client, bucket: fake.bucket, prefix: `store-${stores}/` });
};

storeContract('S3', async () => newStore(), {
  remove: (_, key) => fake.remove(`store-${stores}/${key}`),
  fill: (keys) => {
    for (const key of keys) fake.write(`store-${stores}/${key}`, '');
  },
});
