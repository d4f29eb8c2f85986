import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ExportFailure } from '../../contract/failure.ts';
import { type Body, type Clock, type Condition, PreconditionFailed } from '../../export/ports.ts';
import { etagOf } from './content.ts';
import { writeNewFile } from './durable-file.ts';
import { codeOf, SourceFailure, unless } from './folder-failure.ts';

/*
 * Compare-and-swap out of `rename`, without a lock and without a hard link (ADR 0041).
 *
 * Content is written to a new file of the staging folder first; the file's name is its id, which is
 * never used twice. Each key that was ever written has a folder with exactly one empty file, the
 * turn. The turn's name is the id of the content that was chosen last. To be chosen, a writer renames
 * the turn from the id it saw to its own id: of several writers that saw the same id, the file system
 * lets one succeed, and one that slept cannot mistake a later turn for the one it saw. The chosen
 * content is then moved to its place. Where its writer was killed before that, whoever comes next
 * moves it; content can be moved only once, so a slow helper does no harm.
 */

/** A file that nobody wrote to for this long was left by a killed process: no write lasts a day. */
const ABANDONED_AFTER_MS = 24 * 60 * 60 * 1000;

/** Where one object is written; all on one file system. */
export interface Place {
  readonly key: string;
  /** The object's file. */
  readonly target: string;
  /** The folder of the key's turn. */
  readonly turn: string;
  /** The folder of staged contents. */
  readonly staging: string;
}

/** Content on the disk, whole and durable, but not yet in its place. */
export interface Staged {
  readonly id: string;
  readonly path: string;
  readonly etag: string;
  /** When its writing began; milliseconds since the epoch. */
  readonly begun: number;
}

/** Writes a body to a new file of the staging folder. Nothing is left behind where the body fails. */
export async function stage(folder: string, body: Body, now: Clock): Promise<Staged> {
  const begun = now().getTime();
  const id = randomUUID();
  const path = join(folder, id);
  const hash = createHash('sha256');
  await writeNewFile(path, hashed(body, hash));
  return { id, path, etag: hash.digest('hex'), begun };
}

/** Passes a body on, and has the hash know it. What its source fails with is told apart from what the folder does. */
export async function* hashed(
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

/** Removes what killed processes left in the staging folder. */
export async function sweep(folder: string, now: Clock): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const found = await unless(stat(path), ['ENOENT'], undefined);
    if (found && now().getTime() - found.mtimeMs > ABANDONED_AFTER_MS) {
      // Out of reach first: a writer that wakes up now must not find half of it.
      const removed = join(folder, randomUUID());
      await unless(rename(path, removed), ['ENOENT'], undefined);
      await rm(removed, { recursive: true, force: true });
    }
  }
}

/**
 * Puts staged content in place, where the condition holds.
 *
 * Between the look at the turn and the taking of it, nothing but a writer that took it can have
 * replaced the object, and then it cannot be taken from what was seen any more.
 *
 * @throws PreconditionFailed where the condition does not hold
 * @throws ExportFailure ServiceUnavailable where the process slept so long that the content may have been swept
 */
export async function putInPlace(
  place: Place,
  staged: Staged,
  condition: Condition | undefined,
  now: Clock,
): Promise<void> {
  for (;;) {
    const last = await settle(place);
    if (!(await holds(condition, place))) throw new PreconditionFailed(place.key);
    if (await take(place, last, staged.id)) break;
    // Another writer was faster: the object is another one now, and so may be the answer.
  }
  if (await move(place, staged.id)) return;
  // A helper moved it, or the sweep of another process removed it.
  if (now().getTime() - staged.begun < ABANDONED_AFTER_MS) return;
  throw new ExportFailure(
    'ServiceUnavailable',
    `Writing ${place.target} took more than a day, after which its content may have been discarded: start again with --resume.`,
  );
}

async function holds(condition: Condition | undefined, { target }: Place): Promise<boolean> {
  if (!condition) return true;
  const present = await etagOf(target);
  return 'ifNoneMatch' in condition ? present === undefined : present === condition.ifMatch;
}

/**
 * Finishes what another writer, perhaps a killed one, began; the answer is the id of the content
 * chosen last. Readers do so too: what they saw must not change by the work of the dead.
 */
export async function settle(place: Place): Promise<string | undefined> {
  const last = await lastOf(place);
  // Asked first, because a folder that is only read may lie on a file system that cannot be written.
  if (last !== undefined && (await exists(join(place.staging, last)))) await move(place, last);
  return last;
}

/** The turn's name, or nothing where the key was never written. */
async function lastOf({ turn }: Place): Promise<string | undefined> {
  // A name that changes while the folder is read may be missed: then nothing can be taken.
  const names = await unless(readdir(turn), ['ENOENT'], []);
  // Operating systems put hidden files of their own beside others, such as `._` files on exFAT.
  return names.find((name) => !name.startsWith('.'));
}

/** Chooses the next content; false where another writer was first. */
async function take(place: Place, last: string | undefined, next: string): Promise<boolean> {
  if (last === undefined) return takeFirst(place, next);
  const taken = rename(join(place.turn, last), join(place.turn, next)).then(() => true);
  return unless(taken, ['ENOENT'], false);
}

/** The first turn comes with its folder: a folder is never moved over one that holds a name. */
async function takeFirst(place: Place, next: string): Promise<boolean> {
  const made = join(place.staging, `${next}.turn`);
  await mkdir(made);
  try {
    await writeFile(join(made, next), '');
    await rename(made, place.turn);
    return true;
  } catch (error) {
    if (['ENOTEMPTY', 'EEXIST'].includes(codeOf(error) ?? '')) return false;
    // Some network shares refuse with another code.
    if ((await lastOf(place)) !== undefined) return false;
    throw error;
  } finally {
    await rm(made, { recursive: true, force: true });
  }
}

/** Moves chosen content to its place; false where that was done already. */
const move = (place: Place, id: string): Promise<boolean> =>
  unless(
    rename(join(place.staging, id), place.target).then(() => true),
    ['ENOENT'],
    false,
  );

const exists = (path: string): Promise<boolean> =>
  unless(
    stat(path).then(() => true),
    ['ENOENT'],
    false,
  );
