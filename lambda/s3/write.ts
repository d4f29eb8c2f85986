import { Readable } from 'node:stream';
import { Upload } from '@aws-sdk/lib-storage';
import type { Body, Condition, ObjectInfo } from '../../export/ports.ts';
import {
  type Destination,
  encryptionHeaders,
  headersOf,
  infoOf,
  writeOnCondition,
} from './conditional-write.ts';

/**
 * Writes an object whole: by PutObject, or from 5 MiB on in parts, of which at most 4 of 5 MiB are
 * in memory (the defaults of lib-storage). Where S3 asks for it, all is begun anew.
 */
export const write = (
  destination: Destination,
  body: Body,
  condition: Condition | undefined,
): Promise<ObjectInfo> =>
  writeOnCondition(destination.key, condition, () => upload(destination, body, condition));

async function upload(
  destination: Destination,
  body: Body,
  condition: Condition | undefined,
): Promise<ObjectInfo> {
  const { client, bucket, key } = destination;
  const written = await new Upload({
    client,
    params: {
      Bucket: bucket,
      Key: key,
      Body: body instanceof Uint8Array ? body : Readable.from(body()),
      ChecksumAlgorithm: 'SHA256',
      ...encryptionHeaders(destination),
      ...headersOf(condition),
    },
  }).done();
  return infoOf(destination, written);
}
