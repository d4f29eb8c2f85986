import { ExportFailure } from '../../contract/failure.ts';
import { leaveUnread } from '../../export/files/json.ts';
import type { StoredObject } from '../../export/ports.ts';
import { type ListedObject, listObjects } from '../../lambda/s3/list.ts';
import { s3Store } from '../../lambda/s3/store.ts';
import { bucketClient } from '../store/bucket.ts';
import type { S3Location } from '../store/s3-location.ts';

/** A bucket, or what lies below a prefix in it, to read from. */
export interface Bucket {
  /** The objects below a folder of ours; their keys are those of the contract. */
  list(folder: string): AsyncIterable<ListedObject>;
  /**
   * Opens an object that was listed.
   *
   * @throws ExportFailure ServiceUnavailable where it is another one by now
   */
  open(object: ListedObject): Promise<StoredObject>;
  /** `s3://bucket/prefix/key`. */
  uri(key: string): string;
}

/**
 * Opens a bucket that a person named.
 *
 * @param region to look for the bucket in first, where it is not the one that the SDK would find
 */
export async function openToRead(
  { bucket, prefix }: S3Location,
  region: string | undefined,
): Promise<Bucket> {
  const client = await bucketClient(region);
  const store = s3Store({ client, bucket, prefix });
  return {
    uri: store.uri,
    async *list(folder) {
      for await (const object of listObjects(client, bucket, `${prefix}${folder}`)) {
        yield { ...object, key: object.key.slice(prefix.length) };
      }
    },
    async open({ key, etag }) {
      const found = await store.get(key);
      if (found?.etag === etag) return found;
      await leaveUnread(found);
      throw new ExportFailure(
        'ServiceUnavailable',
        `${store.uri(key)} was replaced or removed while the bucket was read; ask again.`,
      );
    },
  };
}
