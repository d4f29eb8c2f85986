import type { IncomingHttpHeaders } from 'node:http';
import { preconditionFailed, S3Failure } from './failure.ts';
import type { FakeBucket } from './objects.ts';
import { single } from './payload.ts';

/** The bytes that a request asks to be copied: of an object of the same bucket, whole or a range. */
export function copySourceOf(
  bucket: FakeBucket,
  bucketName: string,
  headers: IncomingHttpHeaders,
): Buffer {
  // What follows a question mark would name a version.
  const [path = ''] = (single(headers['x-amz-copy-source']) ?? '').split('?');
  const [name, ...segments] = decodeURIComponent(path).replace(/^\//, '').split('/');
  if (name !== bucketName) {
    throw new S3Failure(404, 'NoSuchBucket', 'The specified bucket does not exist');
  }
  const object = bucket.current.get(segments.join('/'));
  if (!object) throw new S3Failure(404, 'NoSuchKey', 'The specified key does not exist.');
  const ifMatch = single(headers['x-amz-copy-source-if-match']);
  if (ifMatch !== undefined && ifMatch.replaceAll('"', '') !== object.etag) {
    throw preconditionFailed();
  }
  const range = single(headers['x-amz-copy-source-range']);
  return range === undefined ? object.bytes : rangeOf(object.bytes, range);
}

/** @param range `bytes=<first>-<last>`, both of which must be there */
function rangeOf(bytes: Buffer, range: string): Buffer {
  const [, first = '', last = ''] = /^bytes=(\d+)-(\d+)$/.exec(range) ?? [];
  if (first === '' || Number(last) >= bytes.length || Number(first) > Number(last)) {
    throw new S3Failure(
      400,
      'InvalidArgument',
      `Range specified is not valid for source object of size: ${bytes.length}`,
    );
  }
  return bytes.subarray(Number(first), Number(last) + 1);
}
