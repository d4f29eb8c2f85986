import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { startSimulator } from '../simulator/server.ts';
import { median } from './figures.ts';

/**
 * How much processor time the command of the built package takes until it says something, in milliseconds, and Node.js to do
 * nothing. Not the time by the clock: other work on the machine adds more of that to a long start than to a short one.
 */
export interface StartTime {
  readonly nodeMs: number;
  readonly helpMs: number;
  /** To the first line of an export, which says what will be done. */
  readonly exportMs: number;
  /** To the next one, when Amazon Connect has said who the users are. */
  readonly listedMs: number;
}

/** Tells the processor time so far whenever the program writes something, and when it ends. */
const TELL = `
  import { writeSync } from 'node:fs';
  const tell = () => {
    const { user, system } = process.cpuUsage();
    writeSync(3, (user + system) / 1000 + '\\n');
  };
  process.once('exit', tell);
  for (const stream of [process.stdout, process.stderr]) {
    const { write } = stream;
    stream.write = function (...words) {
      tell();
      return write.apply(this, words);
    };
  }`;

const TOLD = ['--import', `data:text/javascript,${encodeURIComponent(TELL)}`];

/** @returns the processor time until each of the program's words, and until its end */
async function untilWords(words: readonly string[], env: NodeJS.ProcessEnv): Promise<number[]> {
  const program = spawn(process.execPath, [...TOLD, ...words], {
    env,
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const told: string[] = [];
  program.stdio[3]?.on('data', (line) => told.push(String(line)));
  await once(program, 'close');
  return told.join('').trim().split('\n').map(Number);
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
  const listedMs: number[] = [];
  try {
    for (let time = 0; time < times; time++) {
      const [node = Number.NaN] = await untilWords(['-e', '0'], env);
      const [help = Number.NaN] = await untilWords([command, '--help'], env);
      await rm(out, { recursive: true, force: true });
      const [first = Number.NaN, second = Number.NaN] = await untilWords(
        [command, ...exporting, ...atOnce],
        env,
      );
      nodeMs.push(node);
      helpMs.push(help);
      exportMs.push(first);
      listedMs.push(second);
    }
  } finally {
    await simulator.close();
  }
  return {
    nodeMs: median(nodeMs),
    helpMs: median(helpMs),
    exportMs: median(exportMs),
    listedMs: median(listedMs),
  };
}
