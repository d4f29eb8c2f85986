import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Makes sure that the names in a folder outlast a power cut. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** Makes a folder and those above it, each of which outlasts a power cut. */
export async function makeFolder(path: string): Promise<void> {
  const topmost = await mkdir(path, { recursive: true });
  if (topmost === undefined) return;
  let made = path;
  while (made !== topmost) {
    made = dirname(made);
    await syncFolder(made);
  }
  await syncFolder(dirname(topmost));
}
