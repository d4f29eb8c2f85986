import { existsSync, rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { inWords, type Whose } from './folder-failure.ts';

/** Each write that is under way can spoil one; nobody here has as many. */
const MOST_TRIES = 100;

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Removes a folder into which writes may still be under way: a file that comes into it meanwhile makes the removal fail. No new ones are
 * begun, for this thread is at work here.
 */
function removeAtOnce(folder: string): void {
  for (let tries = 0; tries < MOST_TRIES && existsSync(folder); tries += 1) {
    try {
      rmSync(folder, { recursive: true, force: true });
    } catch {
      // It is tried again; whoever pressed Ctrl-C gets the process ended in any case.
    }
  }
}

/**
 * Uses a new folder and removes it afterwards, also where Ctrl-C ends the process: what lies in it may be personal data. Only SIGKILL
 * leaves it behind.
 *
 * @param prefix the folder's path, to which some characters are added that no other has
 * @param whose what the folder around it is for
 */
export async function withTemporaryFolder<T>(
  prefix: string,
  use: (folder: string) => Promise<T>,
  whose: Whose = 'temporary',
): Promise<T> {
  const folder = await inWords(dirname(prefix), 'written to', mkdtemp(prefix), whose);
  const end = (signal: NodeJS.Signals): void => {
    // Once every listener has heard the signal: with none left, the same signal ends the process.
    setImmediate(() => {
      removeAtOnce(folder);
      process.kill(process.pid, signal);
    });
  };
  for (const signal of SIGNALS) process.once(signal, end);
  try {
    return await use(folder);
  } finally {
    for (const signal of SIGNALS) process.off(signal, end);
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
