import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { preconditionFailed, S3Failure } from './failure.ts';
import { single } from './payload.ts';

/** One version of an object. */
export interface FakeObject {
  readonly bytes: Buffer;
  readonly etag: string;
  readonly versionId: string;
  /** In base64; of a multipart upload the checksum of the parts' checksums, with their number. */
  readonly sha256?: string;
}

/** The objects of one bucket with versioning: writing never fails half-way. */
export interface FakeBucket {
  readonly current: ReadonlyMap<string, FakeObject>;
  /** Replaces an object where the request's `If-Match` and `If-None-Match` hold. */
  write(
    key: string,
    object: Omit<FakeObject, 'versionId'>,
    headers?: IncomingHttpHeaders,
  ): FakeObject;
  remove(key: string): void;
}

export function emptyBucket(): FakeBucket {
  const current = new Map<string, FakeObject>();
  let versions = 0;
  return {
    current,
    write(key, object, headers = {}) {
      checkConditions(current.get(key), headers);
      versions += 1;
      const written = { ...object, versionId: `version-${versions}` };
      current.set(key, written);
      return written;
    },
    remove: (key) => {
      current.delete(key);
    },
  };
}

function checkConditions(present: FakeObject | undefined, headers: IncomingHttpHeaders): void {
  const ifNoneMatch = single(headers['if-none-match']);
  if (ifNoneMatch !== undefined && ifNoneMatch !== '*') {
    throw new S3Failure(501, 'NotImplemented', 'Only If-None-Match: * is supported for writes.');
  }
  if (ifNoneMatch === '*' && present) throw preconditionFailed();
  const ifMatch = single(headers['if-match']);
  if (ifMatch === undefined) return;
  if (!present) throw new S3Failure(404, 'NoSuchKey', 'The specified key does not exist.');
  if (ifMatch.replaceAll('"', '') !== present.etag) throw preconditionFailed();
}

/** What S3 uses as etag of an object that was written at once. */
export const md5Of = (bytes: Uint8Array): string => createHash('md5').update(bytes).digest('hex');
