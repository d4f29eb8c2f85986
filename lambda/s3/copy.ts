import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import pLimit from 'p-limit';
import type { Condition, CopySource, ObjectInfo } from '../../export/ports.ts';
import {
  type Destination,
  encryptionHeaders,
  headersOf,
  infoOf,
  quoted,
  writeOnCondition,
} from './conditional-write.ts';
import { noAnswer } from './failure.ts';

/**
 * The most that one request copies. S3 takes up to 5 GiB, but the client gives a connection up on which nothing moves
 * for 8 s; 10,000 parts of this size, the most that S3 takes, are 2.4 TiB.
 */
const PART_BYTES = 256 * 1024 * 1024;

/** As many as lib-storage sends at a time. */
const PARTS_AT_A_TIME = 4;

/**
 * Copies an object within its bucket: by CopyObject, or in parts if it is large. Where S3 asks for it, all is begun anew.
 *
 * @param source with the key in the bucket, prefix included
 * @param partBytes the most that one request copies; S3 takes 5 MiB to 5 GiB
 */
export const copy = (
  source: CopySource,
  destination: Destination,
  condition: Condition,
  partBytes = PART_BYTES,
): Promise<ObjectInfo> =>
  writeOnCondition(destination.key, condition, () =>
    source.bytes > partBytes
      ? copyInParts(source, destination, condition, partBytes)
      : copyAtOnce(source, destination, condition),
  );

async function copyAtOnce(
  source: CopySource,
  destination: Destination,
  condition: Condition,
): Promise<ObjectInfo> {
  const { client, bucket, key } = destination;
  const { CopyObjectResult, VersionId } = await client.send(
    new CopyObjectCommand({
      Bucket: bucket,
      Key: key,
      ...sourceHeaders(source, destination),
      ChecksumAlgorithm: 'SHA256',
      // Others may have put them on the source; to copy them would need permissions of its own.
      TaggingDirective: 'REPLACE',
      AnnotationDirective: 'EXCLUDE',
      ...encryptionHeaders(destination),
      ...headersOf(condition),
    }),
  );
  return infoOf(destination, { ETag: CopyObjectResult?.ETag, VersionId });
}

async function copyInParts(
  source: CopySource,
  destination: Destination,
  condition: Condition,
  partBytes: number,
): Promise<ObjectInfo> {
  const { client, bucket, key } = destination;
  const object = { Bucket: bucket, Key: key };
  const { UploadId } = await client.send(
    new CreateMultipartUploadCommand({
      ...object,
      ChecksumAlgorithm: 'SHA256',
      ...encryptionHeaders(destination),
    }),
  );
  if (UploadId === undefined) throw noAnswer(`s3://${bucket}/${key}`, 'no upload id');
  try {
    const Parts = await copyParts(source, destination, UploadId, partBytes);
    const completed = await client.send(
      new CompleteMultipartUploadCommand({
        ...object,
        UploadId,
        MultipartUpload: { Parts },
        ...headersOf(condition),
      }),
    );
    return infoOf(destination, completed);
  } catch (error) {
    // What cannot be given up now, the lifecycle of the bucket removes; the first error is the one to tell.
    await client
      .send(new AbortMultipartUploadCommand({ ...object, UploadId }))
      .catch(() => undefined);
    throw error;
  }
}

/** Where one part fails, the others are not waited for. */
async function copyParts(
  source: CopySource,
  destination: Destination,
  UploadId: string,
  partBytes: number,
): Promise<CompletedPart[]> {
  const { client, bucket, key } = destination;
  const stop = new AbortController();
  const limit = pLimit(PARTS_AT_A_TIME);

  async function copyPart(index: number): Promise<CompletedPart> {
    const first = index * partBytes;
    const last = Math.min(first + partBytes, source.bytes) - 1;
    const PartNumber = index + 1;
    const { CopyPartResult } = await client.send(
      new UploadPartCopyCommand({
        Bucket: bucket,
        Key: key,
        UploadId,
        PartNumber,
        ...sourceHeaders(source, destination),
        CopySourceRange: `bytes=${first}-${last}`,
      }),
      { abortSignal: stop.signal },
    );
    const { ETag, ChecksumSHA256 } = CopyPartResult ?? {};
    return { PartNumber, ETag, ChecksumSHA256 };
  }

  const count = Math.ceil(source.bytes / partBytes);
  const parts = Array.from({ length: count }, (_, index) => limit(copyPart, index));
  try {
    return await Promise.all(parts);
  } catch (error) {
    stop.abort();
    throw error;
  }
}

const sourceHeaders = ({ key, etag }: CopySource, { bucket }: Destination) => ({
  CopySource: `${bucket}/${key.split('/').map(encodeURIComponent).join('/')}`,
  CopySourceIfMatch: quoted(etag),
});
