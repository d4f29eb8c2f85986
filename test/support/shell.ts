import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

/** Runs Node.js in a process of its own, with this one's environment and no terminal, until it ends by itself. */
export async function node(...words: readonly string[]) {
  const child = spawn(process.execPath, ['--import', 'tsx', ...words], {
    env: process.env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const closed = once(child, 'close');
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const [exitCode]: unknown[] = await closed;
  return { exitCode, stdout, stderr };
}

/** Runs a command line as a shell does. In jest's realm the SDK does not know Node's own errors as errors. */
export const shell = (...words: readonly string[]) => node('bin/proficiencies.ts', ...words);
