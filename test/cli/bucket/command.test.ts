import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { awsEnvironment } from '../../support/aws-environment.ts';
import { sampled } from '../../support/breadth.ts';
import { commandOf } from '../../support/command-process.ts';
import { type FakeS3, startFakeS3 } from '../../support/fake-s3/server.ts';
import { writeTargets, writeWorld } from '../../support/published-world.ts';
import { temporaryFolders } from '../../support/temporary-folder.ts';
import { type } from '../../support/terminal.ts';
import { KNOWN_TARGETS, KNOWN_WORLD, SMALL } from '../query/known-world.ts';
import { fetched, filesBelow, upload } from './bucket-world.ts';

const newFolder = temporaryFolders();
const environment = { ...process.env };
let folder: string;
let s3: FakeS3;

beforeAll(async () => {
  folder = newFolder();
  writeWorld(folder, KNOWN_WORLD);
  writeTargets(folder, KNOWN_TARGETS);
  s3 = await startFakeS3();
  upload(s3, filesBelow(folder));
  Object.assign(process.env, awsEnvironment(s3.url), { XDG_CACHE_HOME: newFolder() });
});

afterAll(async () => {
  await s3.close();
  process.env = { ...environment };
});

it('a query of a bucket is answered as one of a folder is', async () => {
  const words = ['query', 'coverage-matrix', '--format', 'csv', '--out'];
  const answered = await type(...words, `s3://${s3.bucket}`);
  expect(answered).toEqual(await type(...words, folder));
  expect(answered).toMatchObject({ exitCode: 0, stderr: '' });
});

/** In all ways to narrow a report down; the newest one of an instance compares and looks back. */
const REPORTS = [[], ['--date', '2026-11-19'], ['--instance-id', SMALL]];
it.each(sampled(REPORTS, ([option]) => option === '--instance-id').map((words) => [words]))(
  'a report on a bucket is the one on a folder: %j',
  async (words) => {
    const to = newFolder();
    const reportOn = async (out: string, name: string) => {
      const path = join(to, name);
      const reported = await type('report', '--out', out, ...words, '--to', path);
      expect(reported).toEqual({ exitCode: 0, stdout: `Report written to ${path}\n`, stderr: '' });
      return readFileSync(path, 'utf8');
    };
    expect(await reportOn(`s3://${s3.bucket}`, 'of-bucket.html')).toBe(
      await reportOn(folder, 'of-folder.html'),
    );
  },
);

it('nothing is kept where nothing is to be', async () => {
  const cache = newFolder();
  process.env.XDG_CACHE_HOME = cache;
  await type(
    'query',
    'SELECT count(*) FROM export_runs',
    '--no-cache',
    '--out',
    `s3://${s3.bucket}`,
  );
  expect(existsSync(join(cache, 'connect-proficiency-exporter'))).toBe(false);
});

it('Ctrl-C leaves nothing behind of what was read', async () => {
  s3.failNext({
    with: 'slow',
    delayMs: 30_000,
    operation: 'GetObject',
    key: /snapshots/,
    times: 9,
  });
  const since = s3.requests.length;
  const words = ['query', 'coverage-matrix', '--no-cache', '--out', `s3://${s3.bucket}`];
  const command = await commandOf(words);
  const temporary = newFolder();
  const child = spawn(process.execPath, command, { env: { ...process.env, TMPDIR: temporary } });
  const ended = once(child, 'exit');
  while (fetched(s3, since).every((key) => !key.startsWith('snapshots/'))) await pause(10);
  expect(readdirSync(temporary)).toHaveLength(1);
  child.kill('SIGINT');
  expect(await ended).toEqual([null, 'SIGINT']);
  expect(readdirSync(temporary)).toEqual([]);
});

it('what goes wrong is one sentence', async () => {
  const { exitCode, stdout, stderr } = await type('query', 'SELECT 1', '--out', 's3://another');
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
  expect(stderr).toMatch(/^.*another.*\n$/);
});
