import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { inWords, type Whose } from './folder-failure.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Uses a folder of its own, which is gone afterwards, also where Ctrl-C ends the process: what lies in it may be personal data. A
 * process that is killed leaves it.
 *
 * @param prefix the folder's path without the characters that make it the only one
 * @param whose what the folder around it is for
 */
export async function withTemporaryFolder<T>(
  prefix: string,
  use: (folder: string) => Promise<T>,
  whose: Whose = 'temporary',
): Promise<T> {
  const folder = await inWords(dirname(prefix), 'written to', mkdtemp(prefix), whose);
  const end = (signal: NodeJS.Signals): void => {
    // Once all have heard of the signal: nobody is left who would keep it from ending the process.
    setImmediate(() => {
      rmSync(folder, { recursive: true, force: true });
      process.kill(process.pid, signal);
    });
  };
  for (const signal of SIGNALS) process.once(signal, end);
  try {
    return await use(folder);
  } finally {
    for (const signal of SIGNALS) process.off(signal, end);
    await rm(folder, { recursive: true, force: true });
  }
}
