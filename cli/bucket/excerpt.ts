import { copyFile, link, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import pLimit from 'p-limit';
import type { ListedObject } from '../../lambda/s3/list.ts';
import { unless } from '../store/folder-failure.ts';
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

/** Does something with each. Once one fails, no other is begun, but those under way are waited for: nothing is written after this has ended. */
async function forAll(
  objects: readonly ListedObject[],
  act: (object: ListedObject) => Promise<void>,
): Promise<void> {
  const failures: unknown[] = [];
  const limit = pLimit(CONCURRENCY);
  await limit.map([...objects], async (object) => {
    if (failures.length > 0) return;
    await act(object).catch((error: unknown) => failures.push(error));
  });
  if (failures.length > 0) throw failures[0];
}

/**
 * Lays out some objects of a bucket as a folder that was exported to.
 *
 * @param folder the folder that is made, on the file system of the cache
 */
export async function layOutExcerpt(
  folder: string,
  objects: readonly ListedObject[],
  cache: Cache,
  progress: Progress,
): Promise<void> {
  const missing: ListedObject[] = [];
  await forAll(objects, async (object) => {
    if (!(await cache.has(object))) missing.push(object);
  });
  const shown = progress(missing);
  try {
    await forAll(missing, async (object) => {
      await cache.read(object);
      shown.read(object);
    });
  } finally {
    shown.end();
  }
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (const object of objects) await nameAlso(cache.path(object), join(folder, object.key));
}
