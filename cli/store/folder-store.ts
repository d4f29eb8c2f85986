import { promises } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import { ExportFailure } from '../../lambda/contract/result.ts';
import type {
  Body,
  Condition,
  ObjectInfo,
  Store,
  StoredObject,
} from '../../lambda/export/ports.ts';
import { openObject } from './content.ts';
import { makeFolder, syncFolder } from './durable-file.ts';
import { inWords, unless } from './folder-failure.ts';
import { type Place, putInPlace, settle } from './replace.ts';
import { stage, sweep } from './staging.ts';
import { turnsIn } from './turns.ts';

/** What the store needs for itself, away from the objects: never listed, and no key leads there. */
const OWN_FOLDER = '.store';

/**
 * A store whose objects are plain files under a folder; keys are their paths, etags their SHA-256.
 *
 * Several processes may use one folder, and each may be killed at any moment: an object is put in
 * place whole by one `link` or `rename` within the file system, after it has reached the disk, and
 * conditional writes are real compare-and-swap (turns.ts).
 *
 * @param root the folder; made by the first write
 * @throws ExportFailure, from every operation: InvalidRequest where the folder cannot be used or a
 *   key is not a path within it; ServiceUnavailable where the disk is full or the operating system
 *   reports anything else
 */
export function folderStore(root: string): Store {
  const folder = resolve(root);
  const staging = join(folder, OWN_FOLDER, 'staged');
  const turns = join(folder, OWN_FOLDER, 'turns');
  let prepared: Promise<void> | undefined;

  const placeOf = (key: string): Place => ({
    key,
    target: pathOf(folder, key),
    staging,
    turns: turnsIn(turns, staging),
  });

  /** Once for each store; anew where it failed. */
  function prepare(): Promise<void> {
    prepared ??= makeOwnFolders(staging, turns).catch((error: unknown) => {
      prepared = undefined;
      throw error;
    });
    return prepared;
  }

  async function put(place: Place, body: Body, condition?: Condition): Promise<ObjectInfo> {
    await prepare();
    const staged = await stage(staging, body);
    try {
      await makeFolder(dirname(place.target));
      await putInPlace(place, staged, condition);
      await syncFolder(dirname(place.target));
      return { etag: staged.etag };
    } finally {
      await rm(staged.path, { force: true });
    }
  }

  async function get(place: Place): Promise<StoredObject | undefined> {
    await settle(place);
    return openObject(place.target);
  }

  return {
    get: async (key) => inWords(folder, 'read', get(placeOf(key))),
    put: async (key, body, condition) =>
      inWords(folder, 'written to', put(placeOf(key), body, condition)),
    list: (prefix) => keysUnder(folder, prefix),
    uri: (key) => pathOf(folder, key),
  };
}

async function makeOwnFolders(staging: string, turns: string): Promise<void> {
  await makeFolder(staging);
  await makeFolder(turns);
  await sweep(staging);
}

const NO_SEGMENTS: readonly string[] = ['', '.', '..'];

/**
 * The file of an object.
 *
 * @throws ExportFailure InvalidRequest where the key would lead elsewhere than to a file under the root
 */
function pathOf(root: string, key: string): string {
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
async function* keysUnder(root: string, prefix: string): AsyncGenerator<string> {
  const parent = prefix.slice(0, prefix.lastIndexOf('/') + 1);
  for await (const key of filesIn(root, parent)) {
    if (key.startsWith(prefix)) yield key;
  }
}

/** @param parent the part of the key that names the folder: empty, or with a slash at its end */
async function* filesIn(root: string, parent: string): AsyncGenerator<string> {
  const entries = promises.readdir(join(root, parent.replaceAll('/', sep)), {
    withFileTypes: true,
  });
  for (const entry of await inWords(root, 'read', unless(entries, ['ENOENT', 'ENOTDIR'], []))) {
    const key = `${parent}${entry.name}`;
    if (key.split('/')[0] === OWN_FOLDER) continue;
    if (entry.isDirectory()) yield* filesIn(root, `${key}/`);
    else if (entry.isFile()) yield key;
  }
}
