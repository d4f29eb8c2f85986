import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ExportFailure } from '../../contract/failure.ts';
import type { S3Location } from '../store/s3-location.ts';
import { type Bucket, openToRead } from './bucket.ts';
import { cacheFolder, objectCache } from './cache.ts';
import { excerpt } from './excerpt.ts';
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
  const root = keep ? cacheFolder(process.env) : await mkdtemp(join(tmpdir(), 'proficiencies-'));
  const cache = objectCache(join(root, 'objects'), bucket);
  let folder: string | undefined;
  try {
    folder = await excerpt(join(root, 'asked'), needed.objects, cache, progressBar(process.stderr));
    return await use(folder, needed);
  } catch (error) {
    throw folder === undefined ? error : aboutBucket(error, folder, bucket);
  } finally {
    const left = keep ? folder : root;
    if (left !== undefined) await rm(left, { recursive: true, force: true });
    if (keep) await cache.trim();
  }
}
