import type { S3Client } from '@aws-sdk/client-s3';
import { s3Client } from '../../../lambda/s3/client.ts';
import { awsEnvironment } from '../aws-environment.ts';
import { s3ServerContract } from '../s3-server-contract.ts';
import { decodeAwsChunked } from './payload.ts';
import { type FakeS3, startFakeS3 } from './server.ts';

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

s3ServerContract('the fake S3', () => ({ client, bucket: fake.bucket }));

test('a request without a signature is refused', async () => {
  const answer = await fetch(`${fake.url}/${fake.bucket}/key`);
  expect(answer.status).toBe(403);
});

test('a chunked body is put together, with its trailers', () => {
  const { bytes, trailers } = decodeAwsChunked(
    Buffer.from(
      '4\r\nWiki\r\n5;chunk-signature=x\r\npedia\r\n0\r\nx-amz-checksum-sha256:abc=\r\n\r\n',
    ),
  );
  expect(bytes.toString()).toBe('Wikipedia');
  expect(trailers).toEqual(new Map([['x-amz-checksum-sha256', 'abc=']]));
});
