import { Match } from 'aws-cdk-lib/assertions';
import { DATA_BUCKET_LOGICAL_ID } from '../../lib/data-bucket.ts';
import { synthesize } from '../support/synthesize.ts';

const rulesOf = (context: Record<string, unknown> = {}) => {
  const template = synthesize(context);
  return template.findResources('AWS::S3::Bucket')[DATA_BUCKET_LOGICAL_ID]?.Properties
    .LifecycleConfiguration.Rules;
};

describe('the data bucket', () => {
  const template = synthesize();

  it('has the logical id that keeps CloudFormation from replacing it', () => {
    expect(DATA_BUCKET_LOGICAL_ID).toBe('ProficiencyDataBucket');
    expect(Object.keys(template.findResources('AWS::S3::Bucket'))).toEqual([
      'ProficiencyDataBucket',
    ]);
  });

  it('keeps versions, is private and encrypted by S3', () => {
    template.hasResourceProperties('AWS::S3::Bucket', {
      VersioningConfiguration: { Status: 'Enabled' },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [
          { ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } },
        ],
      },
    });
  });

  it('refuses requests without TLS, and with TLS older than 1.2', () => {
    const denied = (condition: object) =>
      Match.objectLike({
        Effect: 'Deny',
        Principal: { AWS: '*' },
        Action: 's3:*',
        Condition: condition,
      });
    template.hasResourceProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          denied({ Bool: { 'aws:SecureTransport': 'false' } }),
          denied({ NumericLessThan: { 's3:TlsVersion': 1.2 } }),
        ]),
      },
    });
  });

  it('outlives its stack, unless told otherwise', () => {
    template.hasResource('AWS::S3::Bucket', {
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
    });
    synthesize({ removalPolicy: 'destroy' }).hasResource('AWS::S3::Bucket', {
      DeletionPolicy: 'Delete',
    });
  });

  it('lets working files, old versions and unfinished uploads expire, and keeps every snapshot', () => {
    expect(rulesOf()).toEqual([
      { Id: 'expire-runs', Prefix: 'runs/', Status: 'Enabled', ExpirationInDays: 14 },
      {
        Id: 'expire-old-versions',
        Status: 'Enabled',
        NoncurrentVersionExpiration: { NoncurrentDays: 30 },
      },
      {
        Id: 'abort-uploads',
        Status: 'Enabled',
        AbortIncompleteMultipartUpload: { DaysAfterInitiation: 2 },
      },
      { Id: 'remove-delete-markers', Status: 'Enabled', ExpiredObjectDeleteMarker: true },
    ]);
  });

  it('lets snapshots expire together with their manifests where a retention is given', () => {
    const rules = rulesOf({ snapshotRetentionDays: '400', workingFilesDays: '30' });
    expect(rules).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ Prefix: 'runs/', ExpirationInDays: 30 }),
        expect.objectContaining({ Prefix: 'snapshots/', ExpirationInDays: 400 }),
        expect.objectContaining({ Prefix: 'manifests/', ExpirationInDays: 400 }),
      ]),
    );
  });

  it('is encrypted with a given key, asked for once per bucket rather than per object', () => {
    const kmsKeyArn = 'arn:aws:kms:us-east-1:111122223333:key/12345678-1234-4234-8234-123456789012';
    synthesize({ kmsKeyArn }).hasResourceProperties('AWS::S3::Bucket', {
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [
          {
            BucketKeyEnabled: true,
            ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: kmsKeyArn },
          },
        ],
      },
    });
  });
});
