import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { buildSync } from 'esbuild';
import { folderStore } from '../../../cli/store/folder-store.ts';
import { PreconditionFailed } from '../../../export/ports.ts';
import { FULL } from '../../support/breadth.ts';
import { increment, infoOf, keysOf, textOf } from '../../support/store-reading.ts';
import { temporaryFolders } from '../../support/temporary-folder.ts';

/** How often a writer is killed at a random moment. */
const KILLS = FULL ? 12 : 2;
/** More steps of the file system than any write takes. */
const MOST_STEPS = 60;
/** From one step at which a writer is killed to the next; the first one too. */
const STRIDE = FULL ? 1 : 9;

const newFolder = temporaryFolders();
let program: string;

/** Compiled once: starting tsx for every child would take longer than all their work. */
beforeAll(() => {
  program = join(newFolder(), 'writers.mjs');
  const entryPoints = [join(__dirname, 'writers.ts')];
  buildSync({ entryPoints, outfile: program, bundle: true, platform: 'node', format: 'esm' });
});

const start = (folder: string, job: string, number = 0): ChildProcess =>
  spawn(process.execPath, [program, folder, job, String(number)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });

/** Runs a child to its end, of its own or not; the answer is what it said. */
async function outputOf(child: ChildProcess): Promise<string> {
  let output = '';
  child.stdout?.on('data', (chunk) => {
    output += chunk;
  });
  await once(child, 'close');
  return output;
}

const linesIn = (output: string): number => output.split('\n').length - 1;

test('two processes that increment one counter lose no increment', async () => {
  const folder = newFolder();
  const store = folderStore(folder);
  await store.put('counter', Buffer.from('0'));
  const outputs = await Promise.all([1, 2].map(() => outputOf(start(folder, 'count', 40))));
  expect(outputs.map(linesIn)).toEqual([40, 40]);
  expect(await textOf(store, 'counter')).toBe('80');
});

const sha256OfText = (text: string): string => createHash('sha256').update(text).digest('hex');

test('writers killed at random moments leave whole objects, and lose no increment', async () => {
  const folder = newFolder();
  const store = folderStore(folder);
  await store.put('counter', Buffer.from('0'));
  // On a busy machine no writer may live to replace it.
  await store.put('snapshots/table', Buffer.from(`${sha256OfText('first')}\nfirst`));
  let counted = 0;
  const killOften = async (): Promise<void> => {
    for (let kill = 0; kill < KILLS / 2; kill += 1) {
      const child = start(folder, 'everything');
      const output = outputOf(child);
      if (child.stdout) await once(child.stdout, 'data');
      await pause(Math.random() * 30);
      child.kill('SIGKILL');
      // Not in one expression: the other loop counts while this one waits.
      const said = await output;
      counted += linesIn(said);
    }
  };
  await Promise.all([killOften(), killOften()]);

  // A killed writer may have counted once more than it could say.
  const counter = Number(await textOf(store, 'counter'));
  expect(counter).toBeGreaterThanOrEqual(counted);
  expect(counter).toBeLessThanOrEqual(counted + KILLS);
  await increment(store, 'counter', 1);
  expect(await textOf(store, 'counter')).toBe(String(counter + 1));

  const table = await textOf(store, 'snapshots/table');
  const firstLine = table.indexOf('\n');
  const rest = table.slice(firstLine + 1);
  expect(sha256OfText(rest)).toBe(table.slice(0, firstLine));
  expect(readdirSync(join(folder, 'snapshots'))).toEqual(['table']);
  for (const key of await keysOf(store, 'runs/')) expect(await textOf(store, key)).toBe('part');
});

describe('a writer killed before any step', () => {
  test('of a replacement leaves the old object or the new one, and both can be replaced', async () => {
    const outcomes: string[] = [];
    for (let step = STRIDE; step <= MOST_STEPS; step += STRIDE) {
      const folder = newFolder();
      const store = folderStore(folder);
      const { etag: first } = await store.put('key', Buffer.from('older'));
      await store.put('key', Buffer.from('old'), { ifMatch: first });
      const output = await outputOf(start(folder, 'replace', step));
      outcomes.push(await textOf(store, 'key'));
      const { etag } = await infoOf(store, 'key');
      await store.put('key', Buffer.from('next'), { ifMatch: etag });
      expect(await textOf(store, 'key')).toBe('next');
      if (output === 'done\n') break;
    }
    expect(outcomes[0]).toBe('old');
    expect(outcomes.at(-1)).toBe('new');
    expect(new Set(outcomes)).toEqual(new Set(['old', 'new']));
  });

  test('of a creation leaves no object or a whole one', async () => {
    const outcomes: string[] = [];
    for (let step = STRIDE; step <= MOST_STEPS; step += STRIDE) {
      const folder = newFolder();
      const store = folderStore(folder);
      const output = await outputOf(start(folder, 'create', step));
      const found = await store.get('key');
      await found?.body[Symbol.asyncIterator]().return?.();
      const again = store.put('key', Buffer.from('again'), { ifNoneMatch: '*' });
      if (found) await expect(again).rejects.toThrow(PreconditionFailed);
      else await again;
      outcomes.push(await textOf(store, 'key'));
      if (output === 'done\n') break;
    }
    expect(outcomes[0]).toBe('again');
    expect(outcomes.at(-1)).toBe('new');
    expect(new Set(outcomes)).toEqual(new Set(['again', 'new']));
  });
});

describe('a writer suspended before any step, awake again when another has written,', () => {
  test.each([
    ['sleepyReplace', 'old'],
    ['sleepyCreate', undefined],
  ])('never undoes what the other wrote: %s', async (job, before) => {
    const outcomes: string[] = [];
    for (let step = STRIDE; step <= MOST_STEPS; step += STRIDE) {
      const folder = newFolder();
      const store = folderStore(folder);
      const old = before === undefined ? undefined : await store.put('key', Buffer.from(before));
      const child = start(folder, job, step);
      const output = outputOf(child);
      if (child.stdout) await once(child.stdout, 'data');
      const other = await store
        .put('key', Buffer.from('other'), old ? { ifMatch: old.etag } : { ifNoneMatch: '*' })
        .then(
          () => 'other wrote',
          (error) => error.name,
        );
      // On a busy machine it may have said so before it sleeps: one signal could come too early, and be lost.
      const wake = setInterval(() => child.kill('SIGCONT'), 10);
      const said = await output.finally(() => clearInterval(wake));
      const answer = said.trim().split('\n').at(-1);
      const content = await textOf(store, 'key');
      expect([other, answer, content]).toEqual(
        other === 'other wrote'
          ? ['other wrote', 'PreconditionFailed', 'other']
          : ['PreconditionFailed', 'done', 'new'],
      );
      outcomes.push(content);
      if (!said.startsWith('suspended')) break;
    }
    expect(outcomes[0]).toBe('other');
    expect(outcomes.at(-1)).toBe('new');
  });
});
