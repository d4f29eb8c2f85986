import { Stack, Validations } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket, type IBucket } from 'aws-cdk-lib/aws-s3';
import { AwsSolutionsChecks } from 'cdk-nag';
import { Catalog } from '../../../lib/catalog/catalog.ts';
import { SAVED_QUERIES } from '../../../sql/saved-queries.ts';
import { theirApp } from '../../support/synthesize.ts';
import { BUCKET, INSTANCES, synthesize } from './synthesized.ts';

const { template, catalog } = synthesize();

describe('the workgroup', () => {
  it('enforces engine, scan limit and encrypted results that expire', () => {
    template.hasResourceProperties('AWS::Athena::WorkGroup', {
      Name: catalog.workgroupName,
      WorkGroupConfiguration: {
        EnforceWorkGroupConfiguration: true,
        EngineVersion: { SelectedEngineVersion: 'Athena engine version 3' },
        PublishCloudWatchMetricsEnabled: true,
        BytesScannedCutoffPerQuery: 10_737_418_240,
        ManagedQueryResultsConfiguration: { Enabled: true },
      },
    });
  });

  it('can be deleted with the stack, however many queries were run in it', () => {
    template.hasResourceProperties('AWS::Athena::WorkGroup', { RecursiveDeleteOption: true });
  });

  it('has every saved query as its file says, and no other', () => {
    const [workgroup = ''] = Object.keys(template.findResources('AWS::Athena::WorkGroup'));
    const saved = Object.values(template.findResources('AWS::Athena::NamedQuery'));
    expect(saved.map(({ Properties }) => Properties)).toEqual(
      SAVED_QUERIES.map(({ name, question, sql }) => ({
        Name: name,
        Description: question,
        Database: catalog.databaseName,
        QueryString: sql,
        WorkGroup: { Ref: workgroup },
      })),
    );
  });
});

describe('a key of its own', () => {
  const stack = new Stack(theirApp(), 'Stack');
  const encryptionKey = new Key(stack, 'Key');
  const bucket = Bucket.fromBucketName(stack, 'Bucket', BUCKET);
  const { workgroupName } = new Catalog(stack, 'Catalog', {
    bucket,
    instanceIds: INSTANCES,
    firstSnapshotDate: '2026-01-01',
    encryptionKey,
  });
  const withKey = Template.fromStack(stack);

  it('encrypts the results', () => {
    withKey.hasResourceProperties('AWS::Athena::WorkGroup', {
      WorkGroupConfiguration: {
        ManagedQueryResultsConfiguration: {
          EncryptionConfiguration: { KmsKey: stack.resolve(encryptionKey.keyArn) },
        },
      },
    });
  });

  it('may be used by Athena for this workgroup alone', () => {
    const [key] = Object.values(withKey.findResources('AWS::KMS::Key'));
    const statement = key?.Properties.KeyPolicy.Statement.at(-1);
    expect(statement).toMatchObject({
      Effect: 'Allow',
      Principal: { Service: 'encryption.athena.amazonaws.com' },
      Action: ['kms:Decrypt', 'kms:GenerateDataKey', 'kms:DescribeKey'],
      Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
    });
    for (const arn of Object.values(statement.Condition.ArnLike)) {
      expect(JSON.stringify(arn)).toContain(`:workgroup/${workgroupName}"`);
    }
  });
});

describe('a bucket for results', () => {
  /** How the workgroup keeps results, with a bucket for them in the same stack. */
  function workgroup(key?: 'of the exporter' | 'of the bucket') {
    const stack = new Stack(theirApp(), 'Stack');
    const made = key && new Key(stack, 'Key');
    const queryResultsBucket = new Bucket(stack, 'Results', {
      ...(key === 'of the bucket' && made && { encryptionKey: made }),
    }) as IBucket;
    const catalog = new Catalog(stack, 'Catalog', {
      bucket: Bucket.fromBucketName(stack, 'Bucket', BUCKET),
      instanceIds: INSTANCES,
      firstSnapshotDate: '2026-01-01',
      queryResultsBucket,
      ...(key === 'of the exporter' && { encryptionKey: made }),
    });
    const inStack = Template.fromStack(stack);
    const [found] = Object.values(inStack.findResources('AWS::Athena::WorkGroup'));
    return {
      ...found?.Properties.WorkGroupConfiguration,
      place: ['s3://', stack.resolve(queryResultsBucket.bucketName), `/${catalog.workgroupName}/`],
      keyArn: made && stack.resolve(made.keyArn),
      keyPolicies: JSON.stringify(inStack.findResources('AWS::KMS::Key')),
    };
  }

  it('has a folder for each workgroup, whatever place a client names', () => {
    const { ResultConfiguration, EnforceWorkGroupConfiguration, place } = workgroup();
    expect(ResultConfiguration).toEqual({
      OutputLocation: { 'Fn::Join': ['', place] },
      EncryptionConfiguration: { EncryptionOption: 'SSE_S3' },
    });
    expect(EnforceWorkGroupConfiguration).toBe(true);
  });

  it('goes without results that Athena keeps, for there cannot be both', () => {
    expect(workgroup()).not.toHaveProperty('ManagedQueryResultsConfiguration');
    expect(workgroup('of the exporter').keyPolicies).not.toContain('encryption.athena');
  });

  it.each(['of the exporter', 'of the bucket'] as const)('is written to with the key %s', (key) => {
    const { ResultConfiguration, keyArn } = workgroup(key);
    expect(ResultConfiguration.EncryptionConfiguration).toEqual({
      EncryptionOption: 'SSE_KMS',
      KmsKey: keyArn,
    });
  });
});

describe('several deployments in one account', () => {
  it('have names of their own, however alike their constructs are', () => {
    const names = ['Proficiencies', 'Proficiencies-test'].map((stackName) => {
      const { databaseName, workgroupName } = synthesize({}, stackName).catalog;
      return [databaseName, workgroupName];
    });
    expect(new Set(names.flat()).size).toBe(4);
  });

  it('have names that Athena needs not quote', () => {
    expect(catalog.databaseName).toMatch(/^[a-z][a-z0-9_]{0,127}$/);
    expect(catalog.workgroupName).toMatch(/^[A-Za-z][\w-]{0,127}$/);
  });
});

it('passes the AwsSolutions rules of cdk-nag', () => {
  const app = theirApp();
  const stack = new Stack(app, 'Stack');
  const bucket = Bucket.fromBucketName(stack, 'Bucket', BUCKET);
  new Catalog(stack, 'Catalog', {
    bucket,
    instanceIds: INSTANCES,
    firstSnapshotDate: '2026-01-01',
  });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  expect(() => app.synth()).not.toThrow();
});
