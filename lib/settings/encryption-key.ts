import { Token } from 'aws-cdk-lib';
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
