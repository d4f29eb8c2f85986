import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { DataBucket } from '../../lib/data-bucket.ts';
import { resolveSettings } from '../../lib/settings/resolve.ts';
import type { ExporterSettings } from '../../lib/settings/schema.ts';
import { DATA_BUCKET_LOGICAL_ID } from '../../lib/stack.ts';
import { INSTANCE_A, synthesize, testApp, UNCHECKED } from '../support/synthesize.ts';

/** A stack that has nothing but the bucket. */
function bucketAlone(settings: Partial<ExporterSettings> = {}): Template {
  const stack = new Stack(testApp({}, UNCHECKED), 'Theirs');
  new DataBucket(stack, 'Data', {
    ...resolveSettings({ instanceIds: [INSTANCE_A], ...settings }),
    // The default, which test/lib/stack.test.ts keeps as it is.
    removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
  });
  return Template.fromStack(stack);
}

function rulesOf(settings?: Partial<ExporterSettings>) {
  const [bucket] = Object.values(bucketAlone(settings).findResources('AWS::S3::Bucket'));
  return bucket?.Properties.LifecycleConfiguration.Rules;
}

interface Rule {
  readonly Prefix?: string;
  readonly ExpirationInDays?: number;
  readonly NoncurrentVersionExpiration?: { readonly NoncurrentDays: number };
}

/** Where rules overlap, S3 honours the shorter one (S3 User Guide, "Lifecycle conflicts"). */
function daysKept(rules: readonly Rule[], prefix: string): { current: number; old: number } {
  const its = rules.filter(({ Prefix }) => Prefix === undefined || Prefix === prefix);
  const shortest = (days: (rule: Rule) => number | undefined) =>
    Math.min(...its.map((rule) => days(rule) ?? Number.POSITIVE_INFINITY));
  return {
    current: shortest((rule) => rule.ExpirationInDays),
    old: shortest((rule) => rule.NoncurrentVersionExpiration?.NoncurrentDays),
  };
}

describe('the data bucket', () => {
  const template = bucketAlone();
  const kmsKeyArn = 'arn:aws:kms:us-east-1:111122223333:key/12345678-1234-4234-8234-123456789012';
  const asTold = synthesize({
    accessLogsBucketName: 'access-logs',
    removalPolicy: 'destroy',
    kmsKeyArn,
  });

  it('has the logical id that keeps CloudFormation from replacing it', () => {
    expect(DATA_BUCKET_LOGICAL_ID).toBe('ProficiencyDataBucket');
    expect(Object.keys(asTold.findResources('AWS::S3::Bucket'))).toEqual(['ProficiencyDataBucket']);
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

  it('has S3 deliver access logs to the bucket that is named, below a prefix of its own', () => {
    asTold.hasResourceProperties('AWS::S3::Bucket', {
      LoggingConfiguration: {
        DestinationBucketName: 'access-logs',
        LogFilePrefix: 'connect-proficiency-exporter/',
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

  it('outlives its stack but not a first deployment that fails, unless told otherwise', () => {
    template.hasResource('AWS::S3::Bucket', {
      DeletionPolicy: 'RetainExceptOnCreate',
      UpdateReplacePolicy: 'Retain',
    });
    asTold.hasResource('AWS::S3::Bucket', {
      DeletionPolicy: 'Delete',
    });
  });

  it('lets working files, old versions and unfinished uploads expire, and keeps every snapshot', () => {
    expect(rulesOf()).toEqual([
      {
        Id: 'expire-runs',
        Prefix: 'runs/',
        Status: 'Enabled',
        ExpirationInDays: 13,
        NoncurrentVersionExpiration: { NoncurrentDays: 1 },
      },
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

  describe('keeps nothing longer than it was told to, old versions included', () => {
    it.each([
      { prefix: 'runs/', days: 14, settings: {} },
      { prefix: 'runs/', days: 3, settings: { workingFilesDays: 3 } },
      { prefix: 'snapshots/', days: 30, settings: { snapshotRetentionDays: 30 } },
      { prefix: 'attributes/', days: 30, settings: { snapshotRetentionDays: 30 } },
      { prefix: 'manifests/', days: 30, settings: { snapshotRetentionDays: 30 } },
      { prefix: 'latest/', days: 30, settings: { snapshotRetentionDays: 30 } },
      { prefix: 'changes/', days: 30, settings: { snapshotRetentionDays: 30 } },
      { prefix: 'snapshots/', days: 2, settings: { snapshotRetentionDays: 2 } },
      {
        prefix: 'snapshots/',
        days: 400,
        settings: { snapshotRetentionDays: 400, oldVersionsDays: 30 },
      },
    ])('$prefix after $days days, with $settings', ({ prefix, days, settings }) => {
      const { current, old } = daysKept(rulesOf(settings), prefix);
      expect(current + old).toBe(days);
    });
  });

  it.each(['targets/coverage.csv', 'coverage-targets/targets.ndjson.gz'])(
    'keeps %s, which holds no data of users, for ever',
    (key) => {
      const expiring = rulesOf({ snapshotRetentionDays: 30 }).filter(
        ({ Prefix, ExpirationInDays }: Rule) =>
          ExpirationInDays !== undefined && key.startsWith(Prefix ?? ''),
      );
      expect(expiring).toEqual([]);
    },
  );

  it.each([
    [30, {}],
    [1, { snapshotRetentionDays: 400 }],
    [7, { snapshotRetentionDays: 400, oldVersionsDays: 7 }],
    [1, { oldVersionsDays: 1 }],
  ])('lets a replaced snapshot be brought back for %i days, with %j', (days, settings) => {
    expect(daysKept(rulesOf(settings), 'snapshots/').old).toBe(days);
  });

  it('is encrypted with a given key, asked for once per bucket rather than per object', () => {
    asTold.hasResourceProperties('AWS::S3::Bucket', {
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
