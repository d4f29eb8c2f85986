import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { awsEnvironment } from '../../support/aws-environment.ts';
import { commandOf } from '../../support/command-process.ts';
import { type FakeS3, startFakeS3 } from '../../support/fake-s3/server.ts';
import { writeWorld } from '../../support/published-world.ts';
import { temporaryFolders } from '../../support/temporary-folder.ts';
import { type } from '../../support/terminal.ts';
import { KNOWN_WORLD, SMALL } from '../query/known-world.ts';
import { fetched, filesBelow, upload } from './bucket-world.ts';

const newFolder = temporaryFolders();
const environment = { ...process.env };
let folder: string;
let s3: FakeS3;

beforeAll(async () => {
  folder = newFolder();
  writeWorld(folder, KNOWN_WORLD);
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

it('a report on a bucket is written, of which only what it needs is read', async () => {
  const to = join(newFolder(), 'bucket.html');
  const wanted = ['--instance-id', SMALL, '--date', '2026-11-19'];
  const reported = await type('report', '--out', `s3://${s3.bucket}`, ...wanted, '--to', to);
  expect(reported).toEqual({ exitCode: 0, stdout: `Report written to ${to}\n`, stderr: '' });
  expect(readFileSync(to, 'utf8')).toContain(
    'Snapshot of <strong>19 November 2026</strong>, us-east-1',
  );
});

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
