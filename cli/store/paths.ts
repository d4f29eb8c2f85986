import { type Dirent, promises } from 'node:fs';
import { join, sep } from 'node:path';
import { ExportFailure } from '../../lambda/contract/failure.ts';
import { unless } from './folder-failure.ts';

/** What the store needs for itself, away from the objects: never listed, and no key leads there. */
export const OWN_FOLDER = '.store';

const NO_SEGMENTS: readonly string[] = ['', '.', '..'];

/**
 * The file of an object.
 *
 * @throws ExportFailure InvalidRequest where the key would lead elsewhere than to a file under the root
 */
export function pathOf(root: string, key: string): string {
  const segments = key.split('/');
  const leadsAway =
    segments[0] === OWN_FOLDER ||
    segments.some((segment) => NO_SEGMENTS.includes(segment) || /[\\\0]/.test(segment));
  if (leadsAway) {
    throw new ExportFailure(
      'InvalidRequest',
      `The key ${JSON.stringify(key)} is not a path within ${root}: use names joined by single slashes.`,
    );
  }
  return join(root, ...segments);
}

/** The keys under a root that begin with a prefix, which may end within a name. */
export async function* keysUnder(root: string, prefix: string): AsyncGenerator<string> {
  const parent = prefix.slice(0, prefix.lastIndexOf('/') + 1);
  for await (const key of filesIn(root, parent)) {
    if (key.startsWith(prefix)) yield key;
  }
}

/** @param parent the part of the key that names the folder: empty, or with a slash at its end */
async function* filesIn(root: string, parent: string): AsyncGenerator<string> {
  const entries = await entriesOf(join(root, parent.replaceAll('/', sep)));
  for (const entry of entries) {
    const key = `${parent}${entry.name}`;
    if (key.split('/')[0] === OWN_FOLDER) continue;
    if (entry.isDirectory()) yield* filesIn(root, `${key}/`);
    else if (entry.isFile()) yield key;
  }
}

const entriesOf = (folder: string): Promise<Dirent[]> =>
  unless(promises.readdir(folder, { withFileTypes: true }), ['ENOENT', 'ENOTDIR'], []);
