import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { TARGETS_FILE_KEY } from '../../contract/keys.ts';
import { TABLES } from '../../sql/tables.ts';

/** What is published, and what is derived from it: all that tables are made of. */
export const PUBLISHED_PREFIXES: readonly string[] = TABLES.map(({ prefix }) => `${prefix}*`);

/** Where the snapshots are, and what encrypts them. */
export interface Encrypted {
  readonly bucket: IBucket;
  readonly encryptionKey?: IKey | undefined;
}

/** The keys that S3 may have used: that of the bucket, and that of the exporter, which often are the same. */
export const keysOf = ({ bucket, encryptionKey }: Encrypted): IKey[] => {
  const keys = [bucket.encryptionKey, encryptionKey].flatMap((key) => key ?? []);
  return [...new Map(keys.map((key) => [key.keyArn, key])).values()];
};

/**
 * Lets a program read what is published and the coverage targets, and nothing else: no working files, no earlier versions.
 *
 * A grantee of another account is named in the policies of bucket and key too, where they are of this app.
 */
export function grantReadSnapshots(grantee: IGrantable, encrypted: Encrypted): Grant {
  const { bucket } = encrypted;
  const objects = Grant.addToPrincipalOrResource({
    grantee,
    actions: ['s3:GetObject'],
    resourceArns: [...PUBLISHED_PREFIXES, TARGETS_FILE_KEY].map((key) => bucket.arnForObjects(key)),
    resource: bucket,
  });
  const list = Grant.addToPrincipalOrResource({
    grantee,
    actions: ['s3:ListBucket'],
    resourceArns: [bucket.bucketArn],
    resource: bucket,
    // S3 answers 404 for a missing object only to those who may list the bucket, a question that carries no prefix: "IfExists".
    conditions: { StringLikeIfExists: { 's3:prefix': PUBLISHED_PREFIXES } },
  });
  return keysOf(encrypted)
    .map((key) => key.grantDecrypt(grantee))
    .reduce((all, grant) => all.combine(grant), objects.combine(list));
}
