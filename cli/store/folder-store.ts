import { createHash } from 'node:crypto';
import { promises } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import { ExportFailure } from '../../contract/failure.ts';
import { leaveUnread } from '../../export/files/json.ts';
import {
  type Body,
  type Clock,
  type Condition,
  type CopySource,
  type ObjectInfo,
  PreconditionFailed,
  type Store,
} from '../../export/ports.ts';
import { openObject } from './content.ts';
import { makeFolder, syncFolder } from './durable-file.ts';
import { inWords, unless } from './folder-failure.ts';
import { type Place, putInPlace, settle, stage, sweep } from './replace.ts';

/** What the store needs for itself, away from the objects: never listed, and no key leads there. */
const OWN_FOLDER = '.store';

/**
 * A store whose objects are plain files under a folder; keys are their paths, etags their SHA-256.
 *
 * Several processes may use one folder, and each may be killed or suspended at any moment: an object
 * is put in place whole by one `rename` within the file system, after it has reached the disk, and
 * conditional writes are real compare-and-swap (replace.ts). A write whose writer was killed between
 * the two takes effect when its key is next read or written; until then `list` does not know it.
 *
 * @param root the folder; made by the first write
 * @param now asked how old what is left over is. Default: the time of this computer
 * @throws ExportFailure, from every operation: InvalidRequest where the folder cannot be used or a
 *   key is not a path within it; ServiceUnavailable where the disk is full or the operating system
 *   reports anything else
 */
export function folderStore(root: string, now: Clock = () => new Date()): Store {
  const folder = resolve(root);
  const staging = join(folder, OWN_FOLDER, 'staged');
  const turns = join(folder, OWN_FOLDER, 'turns');
  let prepared: Promise<void> | undefined;

  const placeOf = (key: string): Place => ({
    key,
    target: pathOf(folder, key),
    // Keys may be longer than a file name.
    turn: join(turns, createHash('sha256').update(key).digest('hex')),
    staging,
  });

  async function makeOwnFolders(): Promise<void> {
    await makeFolder(staging);
    await makeFolder(turns);
    await sweep(staging, now);
  }

  /** Once for each store; anew where it failed. */
  function prepare(): Promise<void> {
    prepared ??= makeOwnFolders().catch((error: unknown) => {
      prepared = undefined;
      throw error;
    });
    return prepared;
  }

  async function put(place: Place, body: Body, condition?: Condition): Promise<ObjectInfo> {
    await prepare();
    const staged = await stage(staging, body, now);
    try {
      await makeFolder(dirname(place.target));
      await putInPlace(place, staged, condition, now);
      await syncFolder(dirname(place.target));
      return { etag: staged.etag };
    } finally {
      await rm(staged.path, { force: true });
    }
  }

  async function get(place: Place) {
    await settle(place);
    return openObject(place.target);
  }

  /** The content of the object that is meant, for the copy in a place. What was opened is not changed by those who replace it. */
  async function* contentFor(copy: Place, { key, etag }: CopySource): AsyncGenerator<Uint8Array> {
    const found = await inWords(folder, 'read', get(placeOf(key)));
    if (found?.etag !== etag) {
      await leaveUnread(found);
      throw new PreconditionFailed(copy.key);
    }
    yield* found.body;
  }

  const copy = (source: CopySource, to: Place, condition: Condition): Promise<ObjectInfo> =>
    put(to, () => contentFor(to, source), condition);

  return {
    get: async (key) => inWords(folder, 'read', get(placeOf(key))),
    put: async (key, body, condition) =>
      inWords(folder, 'written to', put(placeOf(key), body, condition)),
    copy: async (source, key, condition) =>
      inWords(folder, 'written to', copy(source, placeOf(key), condition)),
    list: (prefix) => keysUnder(folder, prefix),
    uri: (key) => pathOf(folder, key),
  };
}

/** Of the store itself, of an operating system (`.DS_Store`, `._name`), or no name at all (`..`). */
const isHidden = (name: string): boolean => name.startsWith('.');

/**
 * The file of an object.
 *
 * @throws ExportFailure InvalidRequest where the key would lead elsewhere than to a file under the root
 */
function pathOf(root: string, key: string): string {
  const segments = key.split('/');
  if (segments.some((name) => name === '' || isHidden(name) || /[\\\0]/.test(name))) {
    throw new ExportFailure(
      'InvalidRequest',
      `The key ${JSON.stringify(key)} is not a path within ${root}: use names that do not begin with a dot, joined by single slashes.`,
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
  if (parent.split('/').some(isHidden)) return;
  const entries = promises.readdir(join(root, parent.replaceAll('/', sep)), {
    withFileTypes: true,
  });
  for (const entry of await inWords(root, 'read', unless(entries, ['ENOENT', 'ENOTDIR'], []))) {
    if (isHidden(entry.name)) continue;
    const key = `${parent}${entry.name}`;
    if (entry.isDirectory()) yield* filesIn(root, `${key}/`);
    else if (entry.isFile()) yield key;
  }
}
