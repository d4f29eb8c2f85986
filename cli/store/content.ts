import { createHash } from 'node:crypto';
import { type FileHandle, open, readdir } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { StoredObject } from '../../export/ports.ts';
import { unless } from './folder-failure.ts';

/** Opens a file to read, or nothing where there is none. */
async function openToRead(path: string): Promise<FileHandle | undefined> {
  for (;;) {
    const file = await unless(open(path), ['ENOENT'], undefined);
    if (file || !(await isListed(path))) return file;
    // Some file systems deny a name for a moment while it is being replaced.
  }
}

async function isListed(path: string): Promise<boolean> {
  const entries = readdir(dirname(path), { withFileTypes: true });
  return (await unless(entries, ['ENOENT', 'ENOTDIR'], [])).some(
    (entry) => entry.isFile() && entry.name === basename(path),
  );
}

/** The SHA-256 of a file's content, in hex. A file in its place is never changed, only replaced. */
async function hashOf(file: FileHandle): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of file.createReadStream({ start: 0, autoClose: false })) {
    hash.update(chunk);
  }
  return hash.digest('hex');
}

/** The etag of the object in this place, if there is one. */
export async function etagOf(path: string): Promise<string | undefined> {
  const file = await openToRead(path);
  if (!file) return undefined;
  try {
    return await hashOf(file);
  } finally {
    await file.close();
  }
}

/** The object in this place, if there is one. It stays readable when it is replaced meanwhile. */
export async function openObject(path: string): Promise<StoredObject | undefined> {
  const file = await openToRead(path);
  if (!file) return undefined;
  try {
    const etag = await hashOf(file);
    const { size } = await file.stat();
    return { etag, bytes: size, body: contentOf(file) };
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** The bytes of an open file from its beginning; closes it at the end, or when the reader leaves. */
export function contentOf(file: FileHandle): AsyncIterable<Uint8Array> {
  return {
    [Symbol.asyncIterator]() {
      const chunks = file.createReadStream({ start: 0, autoClose: false })[Symbol.asyncIterator]();
      return {
        async next() {
          const chunk: IteratorResult<Uint8Array> = await chunks.next();
          if (chunk.done) await file.close();
          return chunk;
        },
        async return() {
          await chunks.return?.();
          await file.close();
          return { done: true, value: undefined };
        },
      };
    },
  };
}
