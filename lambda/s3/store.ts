import { Readable } from 'node:stream';
import { GetObjectCommand, NoSuchKey, type S3Client } from '@aws-sdk/client-s3';
import type { ServerSideEncryption } from '../../contract/encryption.ts';
import type { Store, StoredObject } from '../../export/ports.ts';
import { wholeBody } from './body.ts';
import { bare } from './conditional-write.ts';
import { copy } from './copy.ts';
import { noAnswer, s3Failure } from './failure.ts';
import { listObjects } from './list.ts';
import { write } from './write.ts';

export interface S3StoreOptions {
  /** See `s3Client`. */
  readonly client: S3Client;
  readonly bucket: string;
  /** Put before every key; empty, or with a slash at its end. Default empty: the bucket is the store's own. */
  readonly prefix?: string;
  /** Asked for with every write. Default: nothing is asked for, and the bucket's default encryption applies. */
  readonly encryption?: ServerSideEncryption | undefined;
}

/**
 * A store in an S3 bucket.
 *
 * SHA-256 checksums are sent with every write and checked with every read where S3 keeps them whole.
 * Failed requests are tried again, as the client is set. If S3 did write, but its answer was lost,
 * the repeated conditional write finds one's own object and surfaces as PreconditionFailed: compare.
 *
 * @throws ExportFailure, from every operation: AccessDenied, naming the IAM action; InvalidRequest
 *   where there is no such bucket; ServiceUnavailable when the attempts are used up
 */
export function s3Store({ client, bucket, prefix = '', encryption }: S3StoreOptions): Store {
  const uri = (key: string): string => `s3://${bucket}/${prefix}${key}`;
  const inBucket = (key: string) => ({ Bucket: bucket, Key: `${prefix}${key}` });

  const destination = (key: string) => ({ client, bucket, key: `${prefix}${key}`, encryption });

  /** Waits for S3's answer; an error is put into words. */
  async function inWords<T>(actions: string, object: string, answer: Promise<T>): Promise<T> {
    try {
      return await answer;
    } catch (error) {
      throw s3Failure(error, { actions, bucket, uri: object });
    }
  }

  async function read(key: string): Promise<StoredObject | undefined> {
    const found = await client
      .send(new GetObjectCommand({ ...inBucket(key), ChecksumMode: 'ENABLED' }))
      .catch(unlessMissing);
    if (!found) return undefined;
    const { Body, ETag, ContentLength, VersionId } = found;
    if (!(Body instanceof Readable) || ETag === undefined || ContentLength === undefined) {
      throw noAnswer(uri(key), 'no content, etag or length');
    }
    return {
      etag: bare(ETag),
      ...(VersionId !== undefined && { versionId: VersionId }),
      bytes: ContentLength,
      body: wholeBody(Body, ContentLength, uri(key)),
    };
  }

  async function* list(start: string): AsyncGenerator<string> {
    for await (const { key } of listObjects(client, bucket, `${prefix}${start}`)) {
      yield key.slice(prefix.length);
    }
  }

  return {
    get: (key) => inWords('s3:GetObject and s3:ListBucket', uri(key), read(key)),
    put: (key, body, condition) => {
      const actions = condition ? 's3:PutObject and s3:GetObject' : 's3:PutObject';
      return inWords(actions, uri(key), write(destination(key), body, condition));
    },
    copy: (source, key, condition) =>
      inWords(
        's3:GetObject, s3:ListBucket and s3:PutObject',
        `${uri(source.key)} or ${uri(key)}`,
        copy({ ...source, key: `${prefix}${source.key}` }, destination(key), condition),
      ),
    list,
    uri,
  };
}

/** Without `s3:ListBucket` S3 answers 403 for a missing key, not this. */
function unlessMissing(error: unknown): undefined {
  if (error instanceof NoSuchKey) return undefined;
  throw error;
}
