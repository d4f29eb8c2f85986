import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { listenOnLoopback } from '../support/loopback.ts';
import { temporaryFolders } from '../support/temporary-folder.ts';
import { trinoHome } from './installation.ts';
import { javaHome } from './java.ts';

const newFolder = temporaryFolders();

/** What `npm run test:trino` runs first, with an empty cache. */
async function install(repository: string) {
  const cache = newFolder();
  const child = spawn('npx', ['tsx', 'test/trino/install.ts'], {
    env: { ...process.env, XDG_CACHE_HOME: cache, MAVEN_REPOSITORY_URL: repository },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [stderr, [exitCode]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
  const left = readdirSync(join(cache, 'connect-proficiency-exporter'));
  return { exitCode, stderr: stderr.trim(), left };
}

it('says in a sentence that Trino cannot be had, and leaves nothing', async () => {
  const nobody = await listenOnLoopback(createServer());
  await nobody.close();
  const { exitCode, stderr, left } = await install(nobody.url);
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/^Trino 476 cannot be installed from http:\S+: .*MAVEN_REPOSITORY_URL.*$/);
  expect(left).toEqual([]);
});

it.each([
  [404, ''],
  [200, 'not a tarball'],
])('refuses an answer %i %j of the repository', async (status, body) => {
  const repository = await listenOnLoopback(
    createServer((_, response) => response.writeHead(status).end(body)),
  );
  const { exitCode, stderr, left } = await install(`${repository.url}/`);
  await repository.close();
  expect(exitCode).toBe(1);
  expect(stderr).toContain(`from ${repository.url}/io/trino/trino-server/476/`);
  expect(left).toEqual([]);
});

it('takes the Java of JAVA_HOME where that is new enough, or else another', () => {
  const home = newFolder();
  mkdirSync(join(home, 'bin'));
  writeFileSync(join(home, 'bin/java'), '');
  writeFileSync(join(home, 'release'), 'JAVA_VERSION="24"\n');
  expect(javaHome({ JAVA_HOME: home })).toBe(home);
  const path = newFolder();
  symlinkSync(join(home, 'bin/java'), join(path, 'java'));
  expect(javaHome({ PATH: path })).toBe(home);
  writeFileSync(join(home, 'release'), 'JAVA_VERSION="17.0.15"\n');
  expect(javaHome({ ...process.env, JAVA_HOME: home })).not.toBe(home);
});

it('has left no plugin but that of Hive', () => {
  const home = trinoHome(process.env);
  expect(existsSync(join(home, 'lib'))).toBe(true);
  expect(readdirSync(join(home, 'plugin'))).toEqual(['hive']);
});
