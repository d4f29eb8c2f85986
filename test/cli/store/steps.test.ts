import fs, { type FileHandle } from 'node:fs/promises';
import { folderStore } from '../../../cli/store/folder-store.ts';
import { PreconditionFailed, type Store } from '../../../export/ports.ts';
import { sampled } from '../../support/breadth.ts';
import { infoOf, textOf } from '../../support/store-reading.ts';
import { temporaryFolders } from '../../support/temporary-folder.ts';

/** What a write asks the file system for, step by step. The sample: looking whose turn it is, and the renames. */
const STEPS = sampled(
  ['mkdir', 'open', 'readdir', 'rename', 'rm', 'stat', 'writeFile'] as const,
  (step) => ['readdir', 'rename'].includes(step),
);

const newFolder = temporaryFolders();

/** Writes, and has something else happen before one of the steps, counted from 1. @returns whether it came to that step */
async function interrupted<T>(
  write: () => Promise<T>,
  step: number,
  meanwhile: () => Promise<void>,
): Promise<{ outcome: T; wasReached: boolean }> {
  const originals = STEPS.map((name) => [name, Reflect.get(fs, name)] as const);
  const opened: FileHandle[] = [];
  let steps = 0;
  for (const [name, original] of originals) {
    Reflect.set(fs, name, async (...parameters: unknown[]) => {
      steps += 1;
      if (steps === step) await meanwhile();
      const answer = await Reflect.apply(original, fs, parameters);
      if (name === 'open') opened.push(answer);
      return answer;
    });
  }
  try {
    return { outcome: await write(), wasReached: steps >= step };
  } finally {
    for (const [name, original] of originals) Reflect.set(fs, name, original);
    // As the operating system does for whoever was killed; it is nothing to a file that is closed.
    for (const file of opened) await file.close();
  }
}

/** Writes, and is dead before one of the steps: whoever is killed takes no further one. @returns whether it lived to the end */
async function killed(write: () => Promise<unknown>, step: number): Promise<boolean> {
  let die = () => {};
  const dead = new Promise<void>((resolve) => (die = resolve));
  const untilDead = () => Promise.race([write(), dead]);
  const { wasReached } = await interrupted(untilDead, step, () => {
    die();
    return new Promise(() => undefined);
  });
  return !wasReached;
}

/** What a write of a key comes to. */
const told = (write: Promise<unknown>): Promise<string> =>
  write.then(
    () => 'written',
    (error) => error.name,
  );

const replacement =
  (etag: string, content: string) =>
  (store: Store): Promise<unknown> =>
    store.put('key', Buffer.from(content), { ifMatch: etag });

const creation =
  (content: string) =>
  (store: Store): Promise<unknown> =>
    store.put('key', Buffer.from(content), { ifNoneMatch: '*' });

describe('a writer killed before any step', () => {
  test('of a replacement leaves the old object or the new one, and both can be replaced', async () => {
    const outcomes: string[] = [];
    for (let step = 1, lived = false; !lived; step += 1) {
      const folder = newFolder();
      const store = folderStore(folder);
      const old = await store.put('key', Buffer.from('old'));
      lived = await killed(() => replacement(old.etag, 'new')(folderStore(folder)), step);
      outcomes.push(await textOf(store, 'key'));
      const { etag } = await infoOf(store, 'key');
      await store.put('key', Buffer.from('next'), { ifMatch: etag });
      expect(await textOf(store, 'key')).toBe('next');
    }
    expect(outcomes[0]).toBe('old');
    expect(outcomes.at(-1)).toBe('new');
    expect(new Set(outcomes)).toEqual(new Set(['old', 'new']));
  });

  test('of a creation leaves no object or a whole one', async () => {
    const outcomes: string[] = [];
    for (let step = 1, lived = false; !lived; step += 1) {
      const folder = newFolder();
      const store = folderStore(folder);
      lived = await killed(() => creation('new')(folderStore(folder)), step);
      const found = await store.get('key');
      await found?.body[Symbol.asyncIterator]().return?.();
      const again = creation('again')(store);
      if (found) await expect(again).rejects.toThrow(PreconditionFailed);
      else await again;
      outcomes.push(await textOf(store, 'key'));
    }
    expect(outcomes[0]).toBe('again');
    expect(outcomes.at(-1)).toBe('new');
    expect(new Set(outcomes)).toEqual(new Set(['again', 'new']));
  });
});

describe('a writer suspended before any step, awake again when another has written,', () => {
  test.each([
    ['a replacement', 'old'],
    ['a creation', undefined],
  ])('never undoes what the other wrote: %s', async (_, before) => {
    const outcomes: string[] = [];
    for (let step = 1, wasReached = true; wasReached; step += 1) {
      const folder = newFolder();
      const store = folderStore(folder);
      const old = before === undefined ? undefined : await store.put('key', Buffer.from(before));
      const write = (content: string) => (old ? replacement(old.etag, content) : creation(content));
      let other = 'not yet';
      const slept = await interrupted(
        () => told(write('new')(folderStore(folder))),
        step,
        async () => {
          other = await told(write('other')(store));
        },
      );
      ({ wasReached } = slept);
      if (!wasReached) other = await told(write('other')(store));
      const content = await textOf(store, 'key');
      expect([other, slept.outcome, content]).toEqual(
        other === 'written'
          ? ['written', 'PreconditionFailed', 'other']
          : ['PreconditionFailed', 'written', 'new'],
      );
      outcomes.push(content);
    }
    expect(outcomes[0]).toBe('other');
    expect(outcomes.at(-1)).toBe('new');
  });
});
