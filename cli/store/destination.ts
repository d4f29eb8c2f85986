import type { ServerSideEncryption } from '../../lambda/contract/encryption.ts';
import { ExportFailure } from '../../lambda/contract/failure.ts';
import type { Store } from '../../lambda/export/ports.ts';
import { s3Client } from '../../lambda/s3/client.ts';
import { s3Store } from '../../lambda/s3/store.ts';
import { folderStore } from './folder-store.ts';

const S3_URI = /^s3:\/\/(?<bucket>[a-z0-9.-]+)(?:\/(?<prefix>.*))?$/;

const withSlash = (prefix: string): string =>
  prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`;

/**
 * The store that `--out` names: a folder, or `s3://bucket/prefix`.
 *
 * @param region to look for the bucket in first, where it is not the one that the SDK would find
 * @param encryption that every write asks S3 for; of a bucket only
 * @throws ExportFailure InvalidRequest where it looks like an S3 URI but is none, or is a folder to encrypt
 */
export function openDestination(
  out: string,
  region?: string,
  encryption?: ServerSideEncryption,
): Store {
  if (!out.startsWith('s3:')) {
    if (encryption === undefined) return folderStore(out);
    throw new ExportFailure(
      'InvalidRequest',
      `--out is "${out}", a folder, which --sse does not encrypt; write to s3://bucket/prefix, or leave out --sse.`,
    );
  }
  const { bucket, prefix = '' } = S3_URI.exec(out)?.groups ?? {};
  if (bucket === undefined) {
    throw new ExportFailure('InvalidRequest', `--out is "${out}"; write it as s3://bucket/prefix.`);
  }
  return s3Store({ client: s3Client(region), bucket, prefix: withSlash(prefix), encryption });
}
