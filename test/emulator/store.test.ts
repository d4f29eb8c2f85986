import { CreateBucketCommand, DeleteObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { Store } from '../../export/ports.ts';
import { s3Client } from '../../lambda/s3/client.ts';
import { copy } from '../../lambda/s3/copy.ts';
import { s3Store } from '../../lambda/s3/store.ts';
import { awsEnvironment } from '../support/aws-environment.ts';
import { pattern, sha256Of } from '../support/bodies.ts';
import { type Moto, startMoto } from '../support/moto.ts';
import { s3ServerContract } from '../support/s3-server-contract.ts';
import { storeContract } from '../support/store-contract.ts';
import { infoOf } from '../support/store-reading.ts';

const BUCKET = 'test-bucket';
const PART_BYTES = 5 * 1024 * 1024;

let moto: Moto;
let client: S3Client;

beforeAll(async () => {
  moto = await startMoto();
  Object.assign(process.env, awsEnvironment(moto.url));
  client = s3Client();
  await client.send(new CreateBucketCommand({ Bucket: BUCKET }));
});

afterAll(async () => {
  client.destroy();
  await moto.close();
});

let stores = 0;
const newStore = (): Store => {
  stores += 1;
  return s3Store({ client, bucket: BUCKET, prefix: `store-${stores}/` });
};

storeContract('S3 as moto understands it', async () => newStore(), {
  remove: async (_, key) => {
    await client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: `store-${stores}/${key}` }));
  },
  gaps: ['obeys conditions of large replacements', 'obeys conditions of copies'],
});

test('S3 as moto understands it takes a copy in parts', async () => {
  const { body, sha256 } = pattern(2 * PART_BYTES + 1);
  const store = newStore();
  await store.put('source', body);
  const prefix = `store-${stores}/`;
  await copy(
    { key: `${prefix}source`, ...(await infoOf(store, 'source')) },
    { client, bucket: BUCKET, key: `${prefix}copy`, encryption: undefined },
    { ifNoneMatch: '*' },
    PART_BYTES,
  );
  expect(await sha256Of((await store.get('copy'))?.body ?? [])).toBe(sha256);
});

s3ServerContract("moto's S3", () => ({ client, bucket: BUCKET }), [
  'refuses wrong checksums',
  'gives checksums back',
  'obeys conditions of copies',
  'names a source that is missing',
  'knows which uploads are over',
]);
