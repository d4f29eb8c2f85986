import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { ListedObject } from '../../lambda/s3/list.ts';
import { fromSource, inWords, unless } from '../store/folder-failure.ts';
import type { Bucket } from './bucket.ts';

/** What people and programs keep that can be fetched again: `$XDG_CACHE_HOME`, else `~/.cache`. */
export const cacheFolder = ({ XDG_CACHE_HOME }: NodeJS.ProcessEnv): string =>
  join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'connect-proficiency-exporter');

/**
 * So much is kept, in bytes: three years of daily snapshots of 20,000 users, of which each has about 1.6 MB. What was not asked for
 * the longest goes first.
 */
const MOST_BYTES = 2 * 1024 ** 3;

/** What it holds is personal data: nobody else on this computer may read it. */
const OWN_FOLDER = { recursive: true, mode: 0o700 } as const;
const OWN_FILE = { flag: 'wx', mode: 0o600 } as const;

/** Objects of buckets that were read before. An object that is replaced gets another etag, and is read anew. */
export interface Cache {
  /** Whether an object is there, whole. */
  has(object: ListedObject): Promise<boolean>;
  /** The path of an object's file. */
  path(object: ListedObject): string;
  /** Reads an object into its file. Whoever is killed meanwhile leaves nothing there that would be taken for it. */
  read(object: ListedObject): Promise<void>;
  /** Removes what was not asked for the longest, down to the size that is kept. */
  trim(): Promise<void>;
}

/**
 * Objects of a bucket in a folder, by their addresses and etags.
 *
 * @param folder it is made by the first object
 * @param mostBytes see `MOST_BYTES`
 */
export function objectCache(folder: string, bucket: Bucket, mostBytes = MOST_BYTES): Cache {
  const path = ({ key, etag }: ListedObject): string =>
    join(
      folder,
      createHash('sha256')
        .update(`${bucket.uri(key)}\n${etag}`)
        .digest('hex'),
    );

  async function has(object: ListedObject): Promise<boolean> {
    const found = await unless(stat(path(object)), ['ENOENT', 'ENOTDIR'], undefined);
    // After a power cut a file may be there without its end.
    if (found?.size !== object.bytes) return false;
    const now = new Date();
    await unless(utimes(path(object), now, now), ['ENOENT', 'EPERM'], undefined);
    return true;
  }

  async function read(object: ListedObject): Promise<void> {
    const { body } = await bucket.open(object);
    const staged = join(folder, `${randomUUID()}.new`);
    await mkdir(folder, OWN_FOLDER);
    try {
      await writeFile(staged, fromSource(body), OWN_FILE);
      await rename(staged, path(object));
    } finally {
      await rm(staged, { force: true });
    }
  }

  return {
    has: (object) => inWords(folder, 'read', has(object), 'cache'),
    path,
    read: (object) => inWords(folder, 'written to', read(object), 'cache'),
    trim: () => inWords(folder, 'written to', trim(folder, mostBytes), 'cache'),
  };
}

async function trim(folder: string, mostBytes: number): Promise<void> {
  const files: { readonly path: string; readonly bytes: number; readonly usedMs: number }[] = [];
  for (const name of await unless(readdir(folder), ['ENOENT'], [])) {
    const path = join(folder, name);
    const found = await unless(stat(path), ['ENOENT'], undefined);
    if (found?.isFile()) files.push({ path, bytes: found.size, usedMs: found.mtimeMs });
  }
  let bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  for (const file of files.toSorted((a, b) => a.usedMs - b.usedMs)) {
    if (bytes <= mostBytes) return;
    await rm(file.path, { force: true });
    bytes -= file.bytes;
  }
}
