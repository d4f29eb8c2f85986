import { setImmediate } from 'node:timers/promises';
import { runCommandLine } from '../../cli/command-line.ts';

/** What a person sees of a command. */
export interface Session {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

type Write = typeof process.stdout.write;

/** Runs a command line in this process, as `npx proficiencies` would in its own. */
export async function type(...words: readonly string[]): Promise<Session> {
  const seen = { stdout: '', stderr: '' };
  const listen = (stream: 'stdout' | 'stderr') =>
    jest.spyOn(process[stream], 'write').mockImplementation(((text) => {
      seen[stream] += text;
      return true;
    }) as Write);
  const say = (stream: 'stdout' | 'stderr') => (text: unknown) => {
    seen[stream] += `${text instanceof Error ? text.stack : text}\n`;
  };
  const spies = [
    listen('stdout'),
    listen('stderr'),
    jest.spyOn(console, 'log').mockImplementation(say('stdout')),
    jest.spyOn(console, 'error').mockImplementation(say('stderr')),
  ];
  try {
    return { exitCode: await runCommandLine(words), ...seen };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

/** Waits for what happens while a command runs. @throws where it has not after five seconds */
export async function until(hasHappened: () => boolean): Promise<void> {
  const limit = AbortSignal.timeout(5_000);
  while (!hasHappened()) {
    limit.throwIfAborted();
    await setImmediate();
  }
}

/** What is said after the first line of an export, which tells what will be done; of other commands, all. */
export const saidAfterFirst = (stderr: string): string =>
  stderr.replace(/^Exporting the instance .+ to .+\.\n/, '');
