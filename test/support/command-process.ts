import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import type { Session } from './terminal.ts';

/** Source code as a module that Node.js can import by this name. */
export const moduleOf = (source: string): string =>
  `data:text/javascript,${encodeURIComponent(source)}`;

/** The words that have Node.js run a command line as `npx proficiencies` does, after these modules. */
export const commandOf = (words: readonly string[], before: readonly string[] = []): string[] => [
  ...['tsx', ...before].flatMap((name) => ['--import', name]),
  'bin/proficiencies.ts',
  ...words,
];

/** Runs a command line in a process of its own, to its end. */
export async function typeElsewhere(
  words: readonly string[],
  before: readonly string[] = [],
): Promise<Session> {
  const child = spawn(process.execPath, commandOf(words, before), {
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
