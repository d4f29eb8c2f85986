import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { buildSync } from 'esbuild';
import { folderStore } from '../../../cli/store/folder-store.ts';
import { FULL } from '../../support/breadth.ts';
import { increment, keysOf, textOf } from '../../support/store-reading.ts';
import { temporaryFolders } from '../../support/temporary-folder.ts';

/** How often a writer is killed at a random moment. */
const KILLS = FULL ? 12 : 2;

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
  const outputs = await Promise.all([1, 2].map(() => outputOf(start(folder, 'count', 20))));
  expect(outputs.map(linesIn)).toEqual([20, 20]);
  expect(await textOf(store, 'counter')).toBe('40');
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
