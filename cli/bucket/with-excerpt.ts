import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ExportFailure } from '../../contract/failure.ts';
import { inWords } from '../store/folder-failure.ts';
import { sweep } from '../store/replace.ts';
import type { S3Location } from '../store/s3-location.ts';
import { withTemporaryFolder } from '../store/temporary-folder.ts';
import { type Bucket, openToRead } from './bucket.ts';
import { cacheFolder, objectCache } from './cache.ts';
import { layOutExcerpt } from './excerpt.ts';
import type { Needed } from './needed.ts';
import { progressBar } from './progress.ts';

/** How a bucket is read. */
export interface Reading {
  readonly location: S3Location;
  /** To look for the bucket in first; default: the one that the SDK would find. */
  readonly region: string | undefined;
  /** Whether what is read is kept for the next question. */
  readonly keep: boolean;
}

/** A failure about a file of the excerpt is about the object that it was made of. */
function aboutBucket(error: unknown, folder: string, bucket: Bucket): unknown {
  if (!(error instanceof ExportFailure) || !error.message.includes(folder)) return error;
  const message = error.message.replaceAll(`${folder}/`, bucket.uri(''));
  return new ExportFailure(error.name, message, { cause: error });
}

/** Where an excerpt is made. */
interface Place {
  /** The folder of the cache. */
  readonly objects: string;
  /** A folder on the same file system, which is gone afterwards. */
  readonly own: string;
}

/** Uses the cache's folder, or one that is gone afterwards too where nothing is to be kept. */
async function withPlace<T>(keep: boolean, use: (place: Place) => Promise<T>): Promise<T> {
  if (!keep) {
    return withTemporaryFolder(join(tmpdir(), 'proficiencies-'), (root) =>
      use({ objects: join(root, 'objects'), own: root }),
    );
  }
  const root = cacheFolder(process.env);
  const asked = join(root, 'asked');
  await inWords(asked, 'written to', makeReady(asked), 'cache');
  const using = (own: string) => use({ objects: join(root, 'objects'), own });
  return withTemporaryFolder(join(asked, 'asked-'), using, 'cache');
}

async function makeReady(asked: string): Promise<void> {
  await mkdir(asked, { recursive: true, mode: 0o700 });
  // What killed processes left: their questions have been answered by then.
  await sweep(asked, () => new Date());
}

/**
 * Does something with what is needed of a bucket, as with a folder that was exported to. The folder is gone afterwards.
 *
 * @param choose says what is needed
 * @param use gets the folder
 */
export async function withExcerpt<T>(
  { location, region, keep }: Reading,
  choose: (bucket: Bucket) => Promise<Needed>,
  use: (folder: string, needed: Needed) => Promise<T>,
): Promise<T> {
  const bucket = await openToRead(location, region);
  const needed = await choose(bucket);
  return withPlace(keep, async ({ objects, own }) => {
    const folder = join(own, 'excerpt');
    const cache = objectCache(objects, join(own, 'read'), bucket);
    const told = <S>(step: Promise<S>): Promise<S> =>
      inWords(objects, 'written to', step, keep ? 'cache' : 'temporary');
    try {
      await told(layOutExcerpt(folder, needed.objects, cache, progressBar(process.stderr)));
      return await use(folder, needed).catch((error: unknown) => {
        throw aboutBucket(error, folder, bucket);
      });
    } finally {
      if (keep) await told(cache.trim());
    }
  });
}
