import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { commandBundle } from './command-bundle.ts';
import type { Session } from './terminal.ts';

/** Source code as a module that Node.js can import by this name. */
export const moduleOf = (source: string): string =>
  `data:text/javascript,${encodeURIComponent(source)}`;

/** The words that have Node.js run a command line as `npx proficiencies` does, after these modules. */
export const commandOf = async (
  words: readonly string[],
  before: readonly string[] = [],
): Promise<string[]> => [
  ...before.flatMap((name) => ['--import', name]),
  await commandBundle(),
  ...words,
];

/** Runs Node.js in a process of its own, with this one's environment and no terminal, until it ends by itself. */
async function runNode(words: readonly string[]): Promise<Session> {
  const child = spawn(process.execPath, words, {
    env: process.env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [stdout, stderr, [exitCode]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  return { exitCode, stdout, stderr };
}

/** Runs a command line in a process of its own, without a terminal, after these modules. */
export const typeElsewhere = async (
  words: readonly string[],
  before: readonly string[] = [],
): Promise<Session> => runNode(await commandOf(words, before));
