import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { makeFolder, syncFolder } from '../store/durable.ts';
import { inWords } from '../store/folder-failure.ts';

async function writeDurably(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx');
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function replace(path: string, text: string): Promise<void> {
  const folder = dirname(path);
  const staged = join(folder, `.${basename(path)}.${randomUUID()}`);
  await makeFolder(folder);
  try {
    await writeDurably(staged, text);
    await rename(staged, path);
  } catch (error) {
    await rm(staged, { force: true });
    throw error;
  }
  await syncFolder(folder);
}

/**
 * Writes a file whole: a reader sees the old one or the new one.
 *
 * @throws ExportFailure InvalidRequest where it cannot be written there, ServiceUnavailable where the disk is full
 */
export const writeFileWhole = (path: string, text: string): Promise<void> =>
  inWords(dirname(path), replace(path, text));
