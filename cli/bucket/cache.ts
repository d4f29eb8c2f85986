import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { once } from '../../lambda/once.ts';
import type { ListedObject } from '../../lambda/s3/list.ts';
import { etagOf } from '../store/content.ts';
import { unless } from '../store/folder-failure.ts';
import { hashed } from '../store/replace.ts';
import type { Bucket } from './bucket.ts';

/** Where programs keep what can be fetched again: `$XDG_CACHE_HOME`, else `~/.cache`. */
export const cacheFolder = ({ XDG_CACHE_HOME }: NodeJS.ProcessEnv): string =>
  join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'connect-proficiency-exporter');

/**
 * The most that is kept, in bytes: three years of daily snapshots of 20,000 users, about 1.6 MB each. What nobody has asked for the
 * longest goes first.
 */
const MOST_BYTES = 2 * 1024 ** 3;

/** What it holds is personal data: nobody else on this computer may read it. */
const OWN_FOLDER = { recursive: true, mode: 0o700 } as const;
const OWN_FILE = { flag: 'wx', mode: 0o600 } as const;

/** Objects of buckets that were read before. An object that is replaced gets another etag, and is read anew. */
export interface Cache {
  /** Whether an object is there, as it was read. */
  has(object: ListedObject): Promise<boolean>;
  /**
   * The path of an object's file.
   *
   * @param object one that is there, or was read
   */
  path(object: ListedObject): string;
  /** Reads an object into its file. A process that is killed meanwhile leaves nothing that would be taken for the object. */
  read(object: ListedObject): Promise<void>;
  /** Removes what nobody has asked for the longest, until no more is left than is kept. */
  trim(): Promise<void>;
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** A file's name says which object it is a copy of, and what it holds: a copy that was damaged on this computer is not used. */
const nameOf = (id: string, content: string): string => `${id}-${content}`;

/** The names of a cache's files, by the ids that they begin with. */
async function namesIn(folder: string): Promise<Map<string, string>> {
  const names = await unless(readdir(folder), ['ENOENT'], []);
  return new Map(names.map((name) => [name.split('-')[0] ?? name, name]));
}

/**
 * Objects of a bucket in a folder, by their addresses and etags.
 *
 * @param folder made with the first object
 * @param staging a folder on the same file system, for objects that are not whole yet
 * @param mostBytes see `MOST_BYTES`
 */
export function objectCache(
  folder: string,
  staging: string,
  bucket: Bucket,
  mostBytes = MOST_BYTES,
): Cache {
  const names = once(() => namesIn(folder));
  const paths = new Map<string, string>();
  const idOf = ({ key, etag }: ListedObject): string => sha256(`${bucket.uri(key)}\n${etag}`);

  async function has(object: ListedObject): Promise<boolean> {
    const id = idOf(object);
    const name = (await names()).get(id);
    if (name === undefined) return false;
    const path = join(folder, name);
    const content = await etagOf(path);
    if (content === undefined || name !== nameOf(id, content)) return false;
    paths.set(id, path);
    const now = new Date();
    await unless(utimes(path, now, now), ['ENOENT', 'EPERM'], undefined);
    return true;
  }

  async function read(object: ListedObject): Promise<void> {
    const { body } = await bucket.open(object);
    const staged = join(staging, randomUUID());
    await mkdir(folder, OWN_FOLDER);
    await mkdir(staging, OWN_FOLDER);
    const hash = createHash('sha256');
    await writeFile(
      staged,
      hashed(() => body, hash),
      OWN_FILE,
    );
    const id = idOf(object);
    const path = join(folder, nameOf(id, hash.digest('hex')));
    await rename(staged, path);
    paths.set(id, path);
  }

  return {
    has,
    path(object) {
      const path = paths.get(idOf(object));
      if (path === undefined) throw new Error(`${bucket.uri(object.key)} was not read.`);
      return path;
    },
    read,
    trim: () => trim(folder, mostBytes),
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
