import { Duration, type RemovalPolicy, Validations } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type IBucket,
  type LifecycleRule,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import {
  ATTRIBUTES_PREFIX,
  CHANGES_PREFIX,
  LATEST_PREFIX,
  MANIFESTS_PREFIX,
  RUNS_PREFIX,
  SNAPSHOTS_PREFIX,
} from '../contract/keys.ts';
import type { ResolvedSettings } from './settings/resolve.ts';

export interface DataBucketProps
  extends Pick<ResolvedSettings, 'snapshotRetentionDays' | 'oldVersionsDays' | 'workingFilesDays'> {
  /** Encrypts the objects. @default - S3's own keys (SSE-S3): no cost, no key policy to maintain */
  readonly encryptionKey?: IKey | undefined;
  /** Where S3 delivers server access logs. @default - none; CloudTrail data events log reads better, for those who need it */
  readonly accessLogsBucket?: IBucket | undefined;
  readonly removalPolicy: RemovalPolicy;
}

/** S3 counts old versions in days, from one. Nobody brings back an old version of a working file. */
const OLD_WORKING_FILES_KEPT = 1;
/** No upload outlives a run, and no run its limit of two days. */
const INCOMPLETE_UPLOADS_KEPT = Duration.days(2);

/** What holds users' data, and what describes it. What is derived from a snapshot must not outlive it. */
const KEPT_AS_LONG_AS_SNAPSHOTS = [
  SNAPSHOTS_PREFIX,
  ATTRIBUTES_PREFIX,
  MANIFESTS_PREFIX,
  LATEST_PREFIX,
  CHANGES_PREFIX,
];

/** The bucket of snapshots, manifests, what is derived from them, and working files. */
export class DataBucket extends Construct {
  readonly bucket: IBucket;

  constructor(scope: Construct, id: string, props: DataBucketProps) {
    super(scope, id);
    const bucket = new Bucket(this, 'Bucket', {
      versioned: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      ...encryption(props.encryptionKey),
      ...(props.accessLogsBucket && {
        serverAccessLogsBucket: props.accessLogsBucket,
        serverAccessLogsPrefix: 'connect-proficiency-exporter/',
      }),
      lifecycleRules: lifecycleRules(props),
      removalPolicy: props.removalPolicy,
    });
    // The CDK does not compile with exactOptionalPropertyTypes: to that option a Bucket is no IBucket.
    this.bucket = bucket as IBucket;
    if (props.accessLogsBucket === undefined) {
      Validations.of(bucket).acknowledge({
        id: 'AwsSolutions-S1',
        reason:
          'Server access logs need a bucket and a retention of their own; give accessLogsBucketName (the construct: accessLogsBucket), or use CloudTrail data events, where reads must be accounted for.',
      });
    }
  }
}

const encryption = (encryptionKey: IKey | undefined) =>
  encryptionKey === undefined
    ? { encryption: BucketEncryption.S3_MANAGED }
    : // A bucket key: one call to KMS per few minutes instead of one per object.
      { encryption: BucketEncryption.KMS, encryptionKey, bucketKeyEnabled: true };

/**
 * What expires becomes an old version first, and is gone when that expires too: both together are the days that were asked for.
 * Where rules overlap, S3 honours the shorter one.
 */
function lifecycleRules(props: DataBucketProps): LifecycleRule[] {
  const { snapshotRetentionDays, oldVersionsDays, workingFilesDays } = props;
  const published =
    snapshotRetentionDays === 'forever'
      ? []
      : KEPT_AS_LONG_AS_SNAPSHOTS.map((prefix) => ({
          id: `expire-${prefix.replace('/', '')}`,
          prefix,
          expiration: Duration.days(snapshotRetentionDays - oldVersionsDays),
        }));
  return [
    {
      id: 'expire-runs',
      prefix: RUNS_PREFIX,
      expiration: Duration.days(workingFilesDays - OLD_WORKING_FILES_KEPT),
      noncurrentVersionExpiration: Duration.days(OLD_WORKING_FILES_KEPT),
    },
    ...published,
    { id: 'expire-old-versions', noncurrentVersionExpiration: Duration.days(oldVersionsDays) },
    { id: 'abort-uploads', abortIncompleteMultipartUploadAfter: INCOMPLETE_UPLOADS_KEPT },
    { id: 'remove-delete-markers', expiredObjectDeleteMarker: true },
  ];
}
