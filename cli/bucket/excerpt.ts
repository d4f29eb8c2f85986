import { copyFile, link, mkdir, mkdtemp } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import pLimit from 'p-limit';
import type { ListedObject } from '../../lambda/s3/list.ts';
import { inWords, unless } from '../store/folder-failure.ts';
import { sweep } from '../store/replace.ts';
import type { Cache } from './cache.ts';
import type { Progress } from './progress.ts';

/** Objects read at the same time: S3 answers the first byte of each within a tenth of a second or two. */
const CONCURRENCY = 16;

/** A second name for a file, so that it outlasts the cache's; a copy where the file system has no such names. */
async function nameAlso(path: string, name: string): Promise<void> {
  await mkdir(dirname(name), { recursive: true, mode: 0o700 });
  const linked = link(path, name).then(() => true);
  if (await unless(linked, ['EPERM', 'EXDEV', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP'], false)) return;
  await copyFile(path, name);
}

/**
 * Lays out some objects of a bucket as a folder that was exported to.
 *
 * @param parent the folder in which it is made, on the file system of the cache
 * @returns its path; the caller removes it
 */
export async function excerpt(
  parent: string,
  objects: readonly ListedObject[],
  cache: Cache,
  progress: Progress,
): Promise<string> {
  const limit = pLimit(CONCURRENCY);
  const missing: ListedObject[] = [];
  await limit.map([...objects], async (object) => {
    if (!(await cache.has(object))) missing.push(object);
  });
  const shown = progress(missing);
  try {
    await limit.map(missing, async (object) => {
      await cache.read(object);
      shown.read(object);
    });
  } finally {
    limit.clearQueue();
    shown.end();
  }
  return inWords(parent, 'written to', layOut(parent, objects, cache), 'cache');
}

async function layOut(
  parent: string,
  objects: readonly ListedObject[],
  cache: Cache,
): Promise<string> {
  await mkdir(parent, { recursive: true, mode: 0o700 });
  // What killed processes left: their questions have been answered by then.
  await sweep(parent, () => new Date());
  const folder = await mkdtemp(join(parent, 'asked-'));
  for (const object of objects) await nameAlso(cache.path(object), join(folder, object.key));
  return folder;
}
