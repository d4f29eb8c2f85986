import { Token } from 'aws-cdk-lib';
import { partitionOf } from '../../contract/region.ts';
import { ConfigurationError } from './configuration-error.ts';
import type { ExporterSettings } from './schema.ts';

/**
 * A key of another Region passes a synth, and then every write fails.
 *
 * @param name of the prop or setting that the key was given by
 * @param keyRegion where the key is
 * @param region where the exporter is; passed over where it is not known yet, as the key's may be
 * @throws ConfigurationError
 */
export function refuseKeyElsewhere(
  name: string,
  keyRegion: string | undefined,
  region: string | undefined,
): void {
  if (keyRegion === undefined || region === undefined || keyRegion === region) return;
  if (Token.isUnresolved(keyRegion) || Token.isUnresolved(region)) return;
  throw new ConfigurationError([
    `${name} is a key of ${keyRegion}, expected one of ${region}: S3 uses no keys of other Regions.`,
  ]);
}

/**
 * An ARN whose Region is in no partition, or in another one than it says, names no key.
 *
 * @throws ConfigurationError
 */
export function refuseKeyOfOtherPartition(name: string, arn: string | undefined): void {
  if (arn === undefined) return;
  const [, partition, , region = ''] = arn.split(':');
  const expected = partitionOf(region);
  if (partition === expected) return;
  throw new ConfigurationError([
    expected === undefined
      ? `${name} is "${arn}", expected the ARN of a key in an AWS Region: there is no ${region}.`
      : `${name} is "${arn}", expected an ARN that begins with arn:${expected}: as the keys of ${region} do.`,
  ]);
}

/**
 * A header of S3's own keys would win over the bucket's KMS key, object by object.
 *
 * @throws ConfigurationError
 */
export function refuseUnusedKey(
  serverSideEncryption: ExporterSettings['serverSideEncryption'],
): void {
  if (serverSideEncryption !== 'AES256') return;
  throw new ConfigurationError([
    'serverSideEncryption is AES256, expected aws:kms where a KMS key is given: S3 would not use the key.',
  ]);
}
