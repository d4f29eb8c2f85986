import { type CopySource, PreconditionFailed, type Store } from '../../export/ports.ts';
import { s3Client } from '../../lambda/s3/client.ts';
import { s3Store } from '../../lambda/s3/store.ts';
import { awsEnvironment } from './aws-environment.ts';
import { type FakeS3, startFakeS3 } from './fake-s3/server.ts';
import { type Gate, startGate } from './iam-gate.ts';

const OBJECTS = 'arn:aws:s3:::test-bucket';
const create = { ifNoneMatch: '*' } as const;

let fake: FakeS3;
let gate: Gate;
let store: Store;
let source: CopySource;
let denied: string | undefined;

beforeEach(async () => {
  denied = undefined;
  fake = await startFakeS3();
  gate = await startGate({ s3: fake.url, connect: fake.url }, ({ action }) => action !== denied);
  Object.assign(process.env, awsEnvironment(gate.url));
  store = s3Store({ client: s3Client(), bucket: fake.bucket });
  fake.write('a=1/source', 'text');
  source = { key: 'a=1/source', etag: fake.objects.get('a=1/source')?.etag ?? '', bytes: 4 };
});

afterEach(async () => {
  await gate.close();
  await fake.close();
});

describe('a copy', () => {
  test('asks to read the source and to write the copy', async () => {
    const { etag } = await store.copy(source, 'copy', create);
    const asked = [
      { action: 's3:GetObject', resource: `${OBJECTS}/a=1/source` },
      { action: 's3:PutObject', resource: `${OBJECTS}/copy` },
    ];
    expect(gate.asked).toEqual(asked);
    await store.copy(source, 'copy', { ifMatch: etag });
    const look = { action: 's3:GetObject', resource: `${OBJECTS}/copy` };
    expect(gate.asked.slice(2)).toEqual([...asked, look]);
  });

  test.each(['s3:GetObject', 's3:PutObject'])('is refused without %s', async (action) => {
    denied = action;
    await expect(store.copy(source, 'copy', create)).rejects.toMatchObject({
      name: 'AccessDenied',
    });
    expect(fake.objects.has('copy')).toBe(false);
  });

  test('of what is missing is told only to those who may list', async () => {
    fake.remove(source.key);
    await expect(store.copy(source, 'copy', create)).rejects.toThrow(PreconditionFailed);
    denied = 's3:ListBucket';
    await expect(store.copy(source, 'copy', create)).rejects.toMatchObject({
      name: 'AccessDenied',
    });
  });
});
