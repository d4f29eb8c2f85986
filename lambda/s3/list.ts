import { paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3';
import { onwardTokens } from '../aws-pages.ts';
import { bare } from './conditional-write.ts';
import { noAnswer, s3Failure } from './failure.ts';

/** An object as S3 lists it. */
export interface ListedObject {
  readonly key: string;
  readonly etag: string;
  readonly bytes: number;
}

/**
 * The objects whose keys begin with a prefix, in the order of their keys.
 *
 * @throws ExportFailure AccessDenied, InvalidRequest or ServiceUnavailable, as the store does
 */
export async function* listObjects(
  client: S3Client,
  bucket: string,
  prefix: string,
): AsyncGenerator<ListedObject> {
  const uri = `s3://${bucket}/${prefix}`;
  const pages = paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: prefix });
  const onward = onwardTokens(() =>
    noAnswer(uri, 'the same page of the list twice, so the list would never end'),
  );
  for (;;) {
    const page = await pages.next().catch((error: unknown) => {
      throw s3Failure(error, { actions: 's3:ListBucket', bucket, uri });
    });
    if (page.done) return;
    onward(page.value.NextContinuationToken);
    for (const { Key, ETag, Size } of page.value.Contents ?? []) {
      if (Key !== undefined) yield { key: Key, etag: bare(ETag ?? ''), bytes: Size ?? 0 };
    }
  }
}
