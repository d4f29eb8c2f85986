import { createHash, randomUUID } from 'node:crypto';
import { readdir, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import type { Body } from '../../lambda/export/ports.ts';
import { writeNewFile } from './durable-file.ts';
import { SourceFailure, unless } from './folder-failure.ts';

/** A file that nobody touched for this long was left by a killed process: no write lasts a day. */
const ABANDONED_AFTER_MS = 24 * 60 * 60 * 1000;

/** Content on the disk, whole and durable, but not yet in its place. */
export interface Staged {
  /** Its name in the staging folder; never used twice. */
  readonly id: string;
  readonly path: string;
  readonly etag: string;
}

/** Writes a body to a new file of the staging folder. Nothing is left behind where the body fails. */
export async function stage(folder: string, body: Body): Promise<Staged> {
  const id = randomUUID();
  const path = join(folder, id);
  const hash = createHash('sha256');
  await writeNewFile(path, hashed(body, hash));
  return { id, path, etag: hash.digest('hex') };
}

async function* hashed(
  body: Body,
  hash: ReturnType<typeof createHash>,
): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of body instanceof Uint8Array ? [body] : body()) {
      hash.update(chunk);
      yield chunk;
    }
  } catch (error) {
    throw new SourceFailure(error);
  }
}

/** Shows that the writer lives, just before the file is put in place: `sweep` must not take it for abandoned. */
export async function touch(staged: Staged): Promise<void> {
  const now = new Date();
  await utimes(staged.path, now, now);
}

/** Removes what killed processes left in the staging folder. */
export async function sweep(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const found = await unless(stat(path), ['ENOENT'], undefined);
    if (found && Date.now() - found.mtimeMs > ABANDONED_AFTER_MS) {
      await rm(path, { recursive: true, force: true });
    }
  }
}
