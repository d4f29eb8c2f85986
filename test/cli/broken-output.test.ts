import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, closeSync, existsSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { snapshotKey } from '../../contract/keys.ts';
import { startSimulator } from '../../simulator/server.ts';
import { FULL } from '../support/breadth.ts';
import { commandOf } from '../support/command-process.ts';
import { writeWorld } from '../support/published-world.ts';
import { temporaryFolders } from '../support/temporary-folder.ts';
import { KNOWN_WORLD } from './query/known-world.ts';

const newFolder = temporaryFolders();

/** Runs a command line whose reader has gone before the first word. */
async function typeToNobody(...words: string[]) {
  const child = spawn(process.execPath, await commandOf(words), {
    env: process.env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stdout.destroy();
  const [stderr, [exitCode]] = await Promise.all([text(child.stderr), once(child, 'close')]);
  return { exitCode, stderr };
}

// Of an export, which writes to the same stream, the test below shows it.
if (FULL) {
  describe('a closed pipe ends quietly', () => {
    let folder: string;
    beforeEach(() => {
      folder = newFolder();
      writeWorld(folder, KNOWN_WORLD);
    });

    it.each(['table', 'csv', 'json'])('query --format %s', async (format) => {
      const words = ['query', 'SELECT * FROM range(2000)', '--format', format, '--out', folder];
      expect(await typeToNobody(...words)).toEqual({ exitCode: 0, stderr: '' });
    });

    it('verify, which still says by its exit code what it found', async () => {
      const [[instanceId = '', [snapshot]] = ['', []]] = Object.entries(KNOWN_WORLD);
      const key = snapshotKey(instanceId, snapshot?.date ?? '');
      appendFileSync(join(folder, key), 'spoilt');
      expect(await typeToNobody('verify', folder)).toEqual({
        exitCode: 1,
        stderr: expect.not.stringContaining('EPIPE'),
      });
    });
  });
}

it('an export is published whether or not anybody reads of it', async () => {
  const simulator = await startSimulator({ users: 5, quota: 'unlimited' });
  const own = { ...process.env };
  try {
    Object.assign(process.env, {
      AWS_ENDPOINT_URL_CONNECT: simulator.url,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
    });
    const { exitCode, stderr } = await typeToNobody(
      ...['export', '--instance-id', simulator.instanceId, '--out', newFolder()],
      ...['--requests-per-second', '10000'],
    );
    expect([exitCode, stderr]).toEqual([0, expect.not.stringContaining('EPIPE')]);
  } finally {
    process.env = own;
    await simulator.close();
  }
});

// Linux alone has such a disk to offer.
const itWhereFull = existsSync('/dev/full') ? it : it.skip;

itWhereFull('a disk that is full is one sentence', async () => {
  const full = openSync('/dev/full', 'w');
  const child = spawn(process.execPath, await commandOf(['--help']), {
    stdio: ['ignore', full, 'pipe'],
  });
  closeSync(full);
  if (child.stderr === null) throw new Error('The process has no stderr.');
  const [stderr, [exitCode]] = await Promise.all([text(child.stderr), once(child, 'close')]);
  expect([exitCode, stderr]).toEqual([
    1,
    expect.stringMatching(/^Standard output cannot be written to \(ENOSPC[^\n]*\n$/),
  ]);
});
