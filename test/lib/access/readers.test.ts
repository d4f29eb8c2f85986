import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { ArnPrincipal, Policy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket, type IBucket } from 'aws-cdk-lib/aws-s3';
import { folderStore } from '../../../cli/store/folder-store.ts';
import { TARGETS_FILE_KEY } from '../../../contract/keys.ts';
import { deriveInstance } from '../../../derive/instance.ts';
import { deriveTargets } from '../../../derive/targets/derive-targets.ts';
import { ProficiencyExporter } from '../../../lib/proficiency-exporter.ts';
import { INSTANCE, publish } from '../../derive/history.ts';
import { awsEnvironment } from '../../support/aws-environment.ts';
import { type FakeS3, startFakeS3 } from '../../support/fake-s3/server.ts';
import { startGate } from '../../support/iam-gate.ts';
import {
  type AccessRequest,
  allows,
  idleGrants,
  type Statement,
  singleGrants,
  statementsOf,
} from '../../support/iam-policy.ts';
import { INSTANCE_A, theirApp } from '../../support/synthesize.ts';
import { temporaryFolders } from '../../support/temporary-folder.ts';
import { type } from '../../support/terminal.ts';

/** The command line reads a bucket behind a gate that lets in only what the granted policy allows. */

const newFolder = temporaryFolders();
const own = { ...process.env };
let s3: FakeS3;
let policy: Statement[];
let asked: readonly AccessRequest[];

const newStack = (): Stack =>
  new Stack(theirApp(), 'Theirs', {
    env: { account: '111122223333', region: 'us-east-1' },
  });

function granted(bucketName: string): Statement[] {
  const stack = newStack();
  const bucket = Bucket.fromBucketName(stack, 'Bucket', bucketName) as IBucket;
  const reader = new Role(stack, 'Reader', {
    assumedBy: new ServicePrincipal('ec2.amazonaws.com'),
  });
  new ProficiencyExporter(stack, 'Exporter', {
    instanceIds: [INSTANCE_A],
    bucket,
  }).grantReadSnapshots(reader);
  const policy = reader.node.findAll().find((one) => one instanceof Policy);
  return statementsOf(stack.resolve(policy?.document), { 'AWS::Partition': 'aws' });
}

/** Two dates, and targets for the second of them. */
async function fill({ write }: FakeS3): Promise<void> {
  const folder = newFolder();
  const store = folderStore(folder);
  const proficiency = { attribute_name: 'Language', attribute_value: 'Türkçe', level: 3 };
  const users = [{ id: 'u1', username: 'olga', proficiencies: [proficiency] }];
  await publish(store, { date: '2026-11-23', run: 0, users: [] });
  await publish(store, { date: '2026-11-24', run: 1, users });
  await store.put(
    TARGETS_FILE_KEY,
    Buffer.from('attribute_name,attribute_value,minimum_level,minimum_agents\nLanguage,Türkçe,4,2'),
  );
  await deriveInstance(store, INSTANCE, { snapshots: 'all' });
  await deriveTargets(store);
  for await (const key of store.list('')) write(key, readFileSync(join(folder, key)));
}

/** The command that reads all there is: every snapshot, and all that is derived. */
async function verify(statements: readonly Statement[]) {
  const gate = await startGate({ s3: s3.url, connect: s3.url }, (request) =>
    allows(statements, request),
  );
  process.env = { ...own, ...awsEnvironment(gate.url), HOME: newFolder() };
  try {
    const verified = await type('verify', `s3://${s3.bucket}`);
    return { verified, asked: [...gate.asked] };
  } finally {
    process.env = own;
    await gate.close();
  }
}

beforeAll(async () => {
  s3 = await startFakeS3();
  await fill(s3);
  policy = granted(s3.bucket);
});

afterAll(() => s3.close());

test('who is granted reading can verify the bucket', async () => {
  const { verified, ...rest } = await verify(policy);
  asked = rest.asked;
  expect(verified).toMatchObject({ exitCode: 0, stderr: '' });
  expect(verified.stdout).toContain('3 of 3 objects');
  expect(asked.filter((request) => !allows(policy, request))).toEqual([]);
});

test('the grant allows nothing that they do not do', () => {
  const idle = idleGrants(policy, asked);
  expect(idle.map(({ Action, Resource }) => [...Action, ...Resource])).toEqual([]);
  expect(singleGrants(policy)).toHaveLength(8);
});

test('writing, working files and earlier versions are out of reach', () => {
  const bucket = `arn:aws:s3:::${s3.bucket}`;
  const outOfReach: AccessRequest[] = [
    { action: 's3:PutObject', resource: `${bucket}/snapshots/key` },
    { action: 's3:DeleteObject', resource: `${bucket}/snapshots/key` },
    { action: 's3:GetObject', resource: `${bucket}/runs/key` },
    { action: 's3:GetObjectVersion', resource: `${bucket}/snapshots/key` },
    { action: 's3:PutObject', resource: `${bucket}/${TARGETS_FILE_KEY}` },
    { action: 's3:ListBucket', resource: bucket, context: { 's3:prefix': 'runs/' } },
    { action: 's3:GetObject', resource: 'arn:aws:s3:::other/snapshots/key' },
  ];
  expect(outOfReach.filter((request) => allows(policy, request))).toEqual([]);
});

describe('a reader of another account', () => {
  const stack = newStack();
  const encryptionKey = new Key(stack, 'Key');
  const exporter = new ProficiencyExporter(stack, 'Exporter', {
    instanceIds: [INSTANCE_A],
    encryptionKey,
  });
  const arn = 'arn:aws:iam::444455556666:role/reader';
  const grant = exporter.grantReadSnapshots(new ArnPrincipal(arn));
  const template = Template.fromStack(stack);

  it('is let in by the policies of bucket and key', () => {
    expect(grant.success).toBe(true);
    const lets = (Action: unknown, more: object = {}) =>
      Match.objectLike({ Effect: 'Allow', Principal: { AWS: arn }, Action, ...more });
    template.hasResourceProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          lets('s3:GetObject'),
          lets('s3:ListBucket', { Condition: Match.objectLike({ StringLikeIfExists: {} }) }),
        ]),
      },
    });
    template.hasResourceProperties('AWS::KMS::Key', {
      KeyPolicy: { Statement: Match.arrayWith([lets('kms:Decrypt')]) },
    });
  });
});
