import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { startSimulator } from '../simulator/server.ts';
import { median } from './figures.ts';

/** How long the command of the built package takes to say something, in milliseconds, and Node.js to do nothing. */
export interface StartTime {
  readonly nodeMs: number;
  readonly helpMs: number;
  /** To the first line of an export, which has then asked Amazon Connect. */
  readonly exportMs: number;
}

/** Milliseconds until a program has written something, or has ended. */
async function untilFirstWord(words: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const begun = performance.now();
  const program = spawn(process.execPath, words, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const closed = once(program, 'close');
  await Promise.race([once(program.stdout, 'data'), once(program.stderr, 'data'), closed]);
  const ms = performance.now() - begun;
  program.kill('SIGKILL');
  await closed;
  return ms;
}

/**
 * Measured in turn, so that a busy moment hits all; the median of each counts.
 *
 * @param command the path of the built command
 */
export async function startTime(
  command: string,
  folder: string,
  times: number,
): Promise<StartTime> {
  const simulator = await startSimulator({ users: 1, quota: 'unlimited' });
  const env = {
    PATH: process.env.PATH,
    HOME: folder,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'bench',
    AWS_SECRET_ACCESS_KEY: 'bench',
    AWS_ENDPOINT_URL_CONNECT: simulator.url,
  };
  const out = join(folder, 'exported');
  const exporting = ['export', '--instance-id', simulator.instanceId, '--out', out];
  const atOnce = ['--requests-per-second', '100'];
  const nodeMs: number[] = [];
  const helpMs: number[] = [];
  const exportMs: number[] = [];
  try {
    for (let time = 0; time < times; time++) {
      nodeMs.push(await untilFirstWord(['-e', '0'], env));
      helpMs.push(await untilFirstWord([command, '--help'], env));
      await rm(out, { recursive: true, force: true });
      exportMs.push(await untilFirstWord([command, ...exporting, ...atOnce], env));
    }
  } finally {
    await simulator.close();
  }
  return { nodeMs: median(nodeMs), helpMs: median(helpMs), exportMs: median(exportMs) };
}
