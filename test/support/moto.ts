import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from './loopback.ts';

/** Python needs some seconds to load all of moto. */
const START_TIMEOUT_MS = 60_000;
const POLL_MS = 100;

/** AWS as moto's authors understand it: an emulator that nobody here wrote. */
export interface Moto {
  /** Works as the endpoint of every AWS service. */
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Starts `moto_server` (Python, `pip install 'moto[server]'`) on a free port of this machine.
 *
 * @param environment variables by which moto behaves differently
 */
export async function startMoto(environment: Readonly<Record<string, string>> = {}): Promise<Moto> {
  const port = await freePort();
  const server = spawn('moto_server', ['-H', '127.0.0.1', '-p', String(port)], {
    stdio: 'ignore',
    env: { ...process.env, ...environment },
  });
  const failed = once(server, 'error').then(([error]) => {
    throw new Error(`moto_server cannot be started; install it by pip install 'moto[server]'.`, {
      cause: error,
    });
  });
  const url = `http://127.0.0.1:${port}`;
  await Promise.race([answers(url, server), failed]);
  return { url, port, close: () => stop(server) };
}

async function answers(url: string, server: ChildProcess): Promise<void> {
  const giveUp = AbortSignal.timeout(START_TIMEOUT_MS);
  while (!giveUp.aborted && server.exitCode === null) {
    const answer = await fetch(`${url}/moto-api/`).catch(() => undefined);
    if (answer?.ok) return;
    await pause(POLL_MS);
  }
  server.kill();
  throw new Error(`moto_server does not answer on ${url}.`);
}

async function stop(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null) return;
  const exit = once(server, 'exit');
  server.kill();
  await exit;
}
