import { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { isNativeError } from 'node:util/types';
import type { S3Client } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import type { ServerSideEncryption } from '../../contract/encryption.ts';
import {
  type Body,
  type Condition,
  type ObjectInfo,
  PreconditionFailed,
} from '../../export/ports.ts';
import { awsFault } from '../aws-fault.ts';
import { noAnswer } from './failure.ts';

/** Conflicts last as long as another client's request; each wait doubles, up to about 3 s in all. */
const MAX_TRIES = 5;
const FIRST_PAUSE_MS = 100;

/** Where an object is written. */
export interface Destination {
  readonly client: S3Client;
  readonly bucket: string;
  /** The key in the bucket, prefix included. */
  readonly key: string;
  readonly encryption: ServerSideEncryption | undefined;
}

/**
 * Writes an object whole: by PutObject, or from 5 MiB on in parts, of which at most 4 of 5 MiB are
 * in memory (the defaults of lib-storage). Where S3 asks for it, all is begun anew.
 */
export async function write(
  destination: Destination,
  body: Body,
  condition: Condition | undefined,
): Promise<ObjectInfo> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await upload(destination, body, condition);
    } catch (error) {
      if (doesNotHold(error, condition)) throw new PreconditionFailed(destination.key);
      if (!mustBeginAnew(error) || tries === MAX_TRIES) throw error;
      await pause(Math.random() * FIRST_PAUSE_MS * 2 ** tries);
    }
  }
}

async function upload(
  { client, bucket, key, encryption }: Destination,
  body: Body,
  condition: Condition | undefined,
): Promise<ObjectInfo> {
  const { ETag, VersionId } = await new Upload({
    client,
    params: {
      Bucket: bucket,
      Key: key,
      Body: body instanceof Uint8Array ? body : Readable.from(body()),
      ChecksumAlgorithm: 'SHA256',
      // Of the parts' requests the first alone carries it: S3 knows the rest by the upload.
      ...(encryption && {
        ServerSideEncryption: encryption.algorithm,
        SSEKMSKeyId: encryption.kmsKeyId,
      }),
      ...headersOf(condition),
    },
  }).done();
  if (ETag === undefined) throw noAnswer(`s3://${bucket}/${key}`, 'no etag');
  return { etag: bare(ETag), ...(VersionId !== undefined && { versionId: VersionId }) };
}

/** An etag without the quotes that HTTP puts around it. */
export const bare = (etag: string): string => etag.replaceAll('"', '');

function headersOf(condition: Condition | undefined): { IfMatch?: string; IfNoneMatch?: string } {
  if (!condition) return {};
  return 'ifMatch' in condition
    ? { IfMatch: `"${condition.ifMatch}"` }
    : { IfNoneMatch: condition.ifNoneMatch };
}

/** S3 answers 404 where an object that should match is gone. */
const doesNotHold = (error: unknown, condition: Condition | undefined): boolean =>
  awsFault(error).status === 412 ||
  (condition !== undefined && isNativeError(error) && error.name === 'NoSuchKey');

/**
 * 409: another conditional write was going on. NoSuchUpload: the completion was repeated because its
 * answer was lost; it may have succeeded, and then the condition tells so the next time.
 */
const mustBeginAnew = (error: unknown): boolean =>
  awsFault(error).status === 409 || (isNativeError(error) && error.name === 'NoSuchUpload');
