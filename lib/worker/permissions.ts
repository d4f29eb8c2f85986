import { ArnFormat, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import {
  ATTRIBUTES_PREFIX,
  CHANGES_PREFIX,
  COVERAGE_TARGETS_KEY,
  LATEST_PREFIX,
  MANIFESTS_PREFIX,
  RUNS_PREFIX,
  SNAPSHOTS_PREFIX,
  TARGETS_FILE_KEY,
} from '../../contract/keys.ts';
import { type Extras, factsOf, operationsFor } from '../../contract/operations.ts';
import type { ResolvedSettings } from '../settings/resolve.ts';

/** What the worker reads of Amazon Connect. */
export type ConnectAccess = Pick<ResolvedSettings, 'instanceIds'> & Extras;

const PREFIXES = [SNAPSHOTS_PREFIX, ATTRIBUTES_PREFIX, MANIFESTS_PREFIX, RUNS_PREFIX];

const PUBLISHED = [SNAPSHOTS_PREFIX, MANIFESTS_PREFIX];
const DERIVED = [LATEST_PREFIX, CHANGES_PREFIX];

/** The configured instances may be read, by the operations that the settings ask for and no others of Amazon Connect. */
export function connectStatements(
  scope: Construct,
  { instanceIds, ...extras }: ConnectAccess,
): PolicyStatement[] {
  const instances = instanceIds.map((id) => connectArn(scope, id));
  return operationsFor(extras)
    .map(factsOf)
    .map(
      ({ name, dependsOn = [], resources }) =>
        new PolicyStatement({
          sid: name,
          actions: [name, ...dependsOn].map((action) => `connect:${action}`),
          resources: instances.flatMap((arn) => resources.map((part) => `${arn}${part}`)),
        }),
    );
}

/** The applied quotas may be read, of the operations that are paced by them. */
export const quotaStatement = (scope: Construct, extras: Extras): PolicyStatement =>
  new PolicyStatement({
    sid: 'ReadAppliedQuotas',
    actions: ['servicequotas:GetServiceQuota'],
    resources: operationsFor(extras)
      .flatMap((operation) => factsOf(operation).quotaCode ?? [])
      .map((quotaCode) =>
        Stack.of(scope).formatArn({
          service: 'servicequotas',
          resource: 'connect',
          resourceName: quotaCode,
        }),
      ),
  });

/** The objects of the four prefixes may be read and written. Nothing may be removed: what is no longer needed expires. */
export function storeStatements(bucket: IBucket): PolicyStatement[] {
  return [
    new PolicyStatement({
      sid: 'ReadAndWriteObjects',
      actions: ['s3:GetObject', 's3:PutObject'],
      resources: objectsBelow(bucket, PREFIXES),
    }),
    new PolicyStatement({
      sid: 'GiveUpUploads',
      actions: ['s3:AbortMultipartUpload'],
      resources: objectsBelow(bucket, [SNAPSHOTS_PREFIX]),
    }),
    // The worker lists nothing. But S3 answers 404 for a missing object only to those who may list the
    // bucket (else 403), and that question carries no prefix to compare: hence "IfExists".
    new PolicyStatement({
      sid: 'TellMissingObjects',
      actions: ['s3:ListBucket'],
      resources: [bucket.bucketArn],
      conditions: {
        StringLikeIfExists: { 's3:prefix': PREFIXES.map((prefix) => `${prefix}*`) },
      },
    }),
  ];
}

/** What is published and people's targets may be read, and what is derived from them read and written. Nothing may be removed. */
export const derivedStatements = (bucket: IBucket): PolicyStatement[] => [
  new PolicyStatement({
    sid: 'ReadObjects',
    actions: ['s3:GetObject'],
    resources: objectsBelow(bucket, [...PUBLISHED, ...DERIVED]),
  }),
  new PolicyStatement({
    sid: 'WriteDerivedObjects',
    actions: ['s3:PutObject'],
    resources: objectsBelow(bucket, DERIVED),
  }),
  new PolicyStatement({
    sid: 'GiveUpUploads',
    actions: ['s3:AbortMultipartUpload'],
    resources: objectsBelow(bucket, DERIVED),
  }),
  new PolicyStatement({
    sid: 'ReadTargets',
    actions: ['s3:GetObject'],
    resources: [TARGETS_FILE_KEY, COVERAGE_TARGETS_KEY].map((key) => bucket.arnForObjects(key)),
  }),
  new PolicyStatement({
    sid: 'WriteTargets',
    actions: ['s3:PutObject'],
    resources: [bucket.arnForObjects(COVERAGE_TARGETS_KEY)],
  }),
  // Lists what is published; and must tell that an object is missing, a question that carries no prefix: see above.
  new PolicyStatement({
    sid: 'ListManifests',
    actions: ['s3:ListBucket'],
    resources: [bucket.bucketArn],
    conditions: { StringLikeIfExists: { 's3:prefix': [`${MANIFESTS_PREFIX}*`] } },
  }),
];

const objectsBelow = (bucket: IBucket, prefixes: readonly string[]): string[] =>
  prefixes.map((prefix) => bucket.arnForObjects(`${prefix}*`));

/**
 * What S3 asks of the keys, on behalf of a function, for reading and (multipart) writing: of the key
 * that is given, and of the bucket's own where the bucket knows it. No statement where there is neither.
 */
export function keyStatements(bucket: IBucket, encryptionKey: IKey | undefined): PolicyStatement[] {
  const keys = [encryptionKey, bucket.encryptionKey].flatMap((key) => key?.keyArn ?? []);
  if (keys.length === 0) return [];
  return [
    new PolicyStatement({
      sid: 'UseKeyOfBucket',
      actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
      resources: [...new Set(keys)],
    }),
  ];
}

const connectArn = (scope: Construct, instanceId: string): string =>
  Stack.of(scope).formatArn({
    service: 'connect',
    resource: 'instance',
    resourceName: instanceId,
    arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
  });
