import { randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { inWords, unless } from './folder-failure.ts';

/** How a file system answers that it cannot sync folders: then a new name is as durable as it gets. Network shares differ. */
const CANNOT_SYNC_FOLDERS: readonly string[] = [
  'EACCES',
  'EBADF',
  'EINVAL',
  'EISDIR',
  'ENOSYS',
  'ENOTSUP',
  'EOPNOTSUPP',
  'EPERM',
];

/** Makes sure that the names in a folder outlast a power cut, where the file system can do so. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path);
  try {
    await unless(folder.sync(), CANNOT_SYNC_FOLDERS, undefined);
  } finally {
    await folder.close();
  }
}

const isFolder = (path: string): Promise<boolean> =>
  unless(
    stat(path).then((found) => found.isDirectory()),
    ['ENOENT'],
    false,
  );

/**
 * Makes a folder and those above it, each of which outlasts a power cut. One by one: where nothing can be made, as below /proc,
 * Node.js would try for ever to make them all.
 */
export async function makeFolder(path: string): Promise<void> {
  if (await isFolder(path)) return;
  const above = dirname(path);
  if (above !== path) await makeFolder(above);
  try {
    await mkdir(path);
  } catch (error) {
    // Another writer may have made it meanwhile.
    if (await isFolder(path)) return;
    throw error;
  }
  await syncFolder(above);
}

/** Writes a file that was not there before, and whose content outlasts a power cut. Nothing is left behind where that fails. */
export async function writeNewFile(
  path: string,
  content: string | Uint8Array | AsyncIterable<Uint8Array>,
): Promise<void> {
  const file = await open(path, 'wx');
  try {
    await writeFile(file, content);
    await file.sync();
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  } finally {
    await file.close();
  }
}

async function replaceFile(path: string, write: (staged: string) => Promise<void>): Promise<void> {
  const folder = dirname(path);
  const staged = join(folder, `.${basename(path)}.${randomUUID()}`);
  await makeFolder(folder);
  try {
    await write(staged);
    await rename(staged, path);
  } catch (error) {
    await rm(staged, { force: true });
    throw error;
  }
  await syncFolder(folder);
}

/**
 * Has a file written whole: a reader sees the old one or the new one. Of several writers the last one wins.
 *
 * @param write makes the file under another name beside it
 * @throws ExportFailure InvalidRequest where it cannot be written there, ServiceUnavailable where the disk is full
 */
export const replaceWhole = (
  path: string,
  write: (staged: string) => Promise<void>,
): Promise<void> => inWords(dirname(path), 'written to', replaceFile(path, write));

/** Writes a file whole, in the same way. */
export const writeFileWhole = (path: string, content: string | Uint8Array): Promise<void> =>
  replaceWhole(path, (staged) => writeNewFile(staged, content));
