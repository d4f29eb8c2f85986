import { rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type {
  Body,
  Condition,
  ObjectInfo,
  Store,
  StoredObject,
} from '../../lambda/export/ports.ts';
import { contentOf, hashOf, openToRead } from './content.ts';
import { makeFolder, syncFolder } from './durable.ts';
import { inWords } from './folder-failure.ts';
import { keysUnder, OWN_FOLDER, pathOf } from './paths.ts';
import { type Place, putInPlace, settle } from './replace.ts';
import { stage, sweep } from './staging.ts';
import { turnsIn } from './turns.ts';

/**
 * A store whose objects are plain files under a folder; keys are their paths, etags their SHA-256.
 *
 * Several processes may use one folder, and each may be killed at any moment: an object is put in
 * place whole by one `link` or `rename` within the file system, after it has reached the disk, and
 * conditional writes are real compare-and-swap (turns.ts).
 *
 * @param root the folder; made by the first write
 * @throws ExportFailure, from every operation: InvalidRequest where the folder cannot be used or a
 *   key is not a path within it; ServiceUnavailable where the disk is full
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

  return {
    get: async (key) => inWords(folder, read(placeOf(key))),
    put: async (key, body, condition) => inWords(folder, put(placeOf(key), body, condition)),
    list: (prefix) => keysUnder(folder, prefix),
    uri: (key) => pathOf(folder, key),
  };
}

async function makeOwnFolders(staging: string, turns: string): Promise<void> {
  await makeFolder(staging);
  await makeFolder(turns);
  await sweep(staging);
}

async function read(place: Place): Promise<StoredObject | undefined> {
  await settle(place);
  const file = await openToRead(place.target);
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
