import { link, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Condition, PreconditionFailed } from '../../lambda/export/ports.ts';
import { etagOf } from './content.ts';
import { unless } from './folder-failure.ts';
import { type Staged, touch } from './staging.ts';
import type { Turns } from './turns.ts';

/** Where one object is written. */
export interface Place {
  readonly key: string;
  /** The object's file. */
  readonly target: string;
  /** The folder of staged contents. */
  readonly staging: string;
  readonly turns: Turns;
}

/**
 * Puts staged content in place by one atomic step, where the condition holds.
 *
 * Between the check of the condition and the turn taken, nothing but a writer that took a turn
 * itself can have replaced the object, and then ours cannot be taken any more.
 *
 * @throws PreconditionFailed where the condition does not hold
 */
export async function putInPlace(
  place: Place,
  staged: Staged,
  condition: Condition | undefined,
): Promise<void> {
  await touch(staged);
  if (condition && 'ifNoneMatch' in condition) {
    if (await create(place, staged)) return;
    throw new PreconditionFailed(place.key);
  }
  while (!(await tryToPut(place, staged, condition?.ifMatch))) {
    // Another writer was faster: the object is another one now, and so may be the answer.
  }
}

async function tryToPut(
  place: Place,
  staged: Staged,
  expected: string | undefined,
): Promise<boolean> {
  const last = await settle(place);
  const present = await etagOf(place.target);
  if (expected !== undefined && present !== expected) throw new PreconditionFailed(place.key);
  if (present === undefined) return create(place, staged);
  if (last === undefined) {
    await place.turns.begin(place.key);
    return false;
  }
  if (!(await place.turns.take(place.key, last, staged.id))) return false;
  await complete(place, staged.id);
  return true;
}

/** `link` never replaces: of several creators one succeeds. */
const create = (place: Place, staged: Staged): Promise<boolean> =>
  unless(
    link(staged.path, place.target).then(() => true),
    ['EEXIST'],
    false,
  );

/**
 * Moves the content chosen last to its place, unless that was done: a file can be moved from a name
 * only once, so a slow helper does no harm.
 */
async function complete(place: Place, id: string): Promise<void> {
  await unless(rename(join(place.staging, id), place.target), ['ENOENT'], undefined);
}

/**
 * Finishes what another writer, perhaps a killed one, began; the answer is the id of the content
 * chosen last. Readers do so too: what they saw must not change by the work of the dead.
 */
export async function settle(place: Place): Promise<string | undefined> {
  const last = await place.turns.last(place.key);
  if (last !== undefined && (await exists(join(place.staging, last)))) await complete(place, last);
  return last;
}

/** Asked first, because a folder that is only read may lie on a file system that cannot be written. */
const exists = (path: string): Promise<boolean> =>
  unless(
    stat(path).then(() => true),
    ['ENOENT'],
    false,
  );
