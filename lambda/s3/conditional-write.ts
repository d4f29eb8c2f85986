import { setTimeout as pause } from 'node:timers/promises';
import { isNativeError } from 'node:util/types';
import type { S3Client } from '@aws-sdk/client-s3';
import type { ServerSideEncryption } from '../../contract/encryption.ts';
import { type Condition, type ObjectInfo, PreconditionFailed } from '../../export/ports.ts';
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
 * Writes an object by `attempt`; where S3 asks for it, all is begun anew.
 *
 * @throws PreconditionFailed where the condition does not hold
 */
export async function writeOnCondition(
  key: string,
  condition: Condition | undefined,
  attempt: () => Promise<ObjectInfo>,
): Promise<ObjectInfo> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (doesNotHold(error, condition)) throw new PreconditionFailed(key);
      if (!mustBeginAnew(error) || tries === MAX_TRIES) throw error;
      await pause(Math.random() * FIRST_PAUSE_MS * 2 ** tries);
    }
  }
}

/** An etag without the quotes that HTTP puts around it. */
export const bare = (etag: string): string => etag.replaceAll('"', '');

export const quoted = (etag: string): string => `"${etag}"`;

/** The headers of a condition on what is written. */
export function headersOf(condition: Condition | undefined): {
  IfMatch?: string;
  IfNoneMatch?: string;
} {
  if (!condition) return {};
  return 'ifMatch' in condition
    ? { IfMatch: quoted(condition.ifMatch) }
    : { IfNoneMatch: condition.ifNoneMatch };
}

/** The headers of the encryption that is asked for. Of a multipart upload the first request alone carries them. */
export const encryptionHeaders = ({ encryption }: Destination) =>
  encryption && {
    ServerSideEncryption: encryption.algorithm,
    SSEKMSKeyId: encryption.kmsKeyId,
  };

/** What S3 told of an object that it wrote. */
export function infoOf(
  { bucket, key }: Destination,
  { ETag, VersionId }: { ETag?: string | undefined; VersionId?: string | undefined },
): ObjectInfo {
  if (ETag === undefined) throw noAnswer(`s3://${bucket}/${key}`, 'no etag');
  return { etag: bare(ETag), ...(VersionId !== undefined && { versionId: VersionId }) };
}

/** An answer that begins with 200 may hold an error all the same: the SDK takes it for a 503, and the name alone tells. */
function says(error: unknown, status: number, name: string): boolean {
  const fault = awsFault(error);
  return (
    fault.status === status || (fault.status === 503 && isNativeError(error) && error.name === name)
  );
}

/** S3 answers 404 where an object that should match is gone. */
const doesNotHold = (error: unknown, condition: Condition | undefined): boolean =>
  condition !== undefined &&
  (says(error, 412, 'PreconditionFailed') || (isNativeError(error) && error.name === 'NoSuchKey'));

/**
 * 409: another conditional write was going on. NoSuchUpload: the completion was repeated because its
 * answer was lost; it may have succeeded, and then the condition tells so the next time.
 */
const mustBeginAnew = (error: unknown): boolean =>
  says(error, 409, 'ConditionalRequestConflict') ||
  (isNativeError(error) && error.name === 'NoSuchUpload');
