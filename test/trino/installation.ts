import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** The release that the suite runs. Athena's engine version 3 follows Trino, but AWS does not say up to which release. */
const TRINO_VERSION = '476';

/** Of the tarball, as Maven Central has it. */
const SHA256 = 'cfd5accde17e8ebd251eeeb78aed1f490e77bb3a164d95a0f454bf8a7c1cbd3f';

const MAVEN_CENTRAL = 'https://repo.maven.apache.org/maven2';

/** The one plugin that the suite needs. */
const PLUGIN = 'hive';

/** Outlives the clone, for every clone on this machine runs the same Trino. */
function cacheFolder({ XDG_CACHE_HOME }: NodeJS.ProcessEnv): string {
  return join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'connect-proficiency-exporter');
}

/** Where Trino is once it is installed: its jars in `lib`, and in `plugin` no other plugin than Hive's. */
export const trinoHome = (environment: NodeJS.ProcessEnv): string =>
  join(cacheFolder(environment), `trino-server-${TRINO_VERSION}`);

/**
 * Downloads Trino from Maven Central, or from the repository in `MAVEN_REPOSITORY_URL`, unless it is there already.
 *
 * @param tell is told in a sentence what takes a while
 * @throws Error where it cannot be had
 */
export async function installTrino(
  environment: NodeJS.ProcessEnv,
  tell: (sentence: string) => void,
): Promise<void> {
  const home = trinoHome(environment);
  if (existsSync(home)) return;
  const repository = environment.MAVEN_REPOSITORY_URL || MAVEN_CENTRAL;
  const name = `trino-server-${TRINO_VERSION}`;
  const url = `${repository.replace(/\/$/, '')}/io/trino/trino-server/${TRINO_VERSION}/${name}.tar.gz`;
  const cache = cacheFolder(environment);
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'download-'));
  try {
    tell(`Downloading ${url} (about 820 MB) to ${cache}.`);
    await unpack(url, folder);
    const unpacked = join(folder, name);
    removeOtherPlugins(join(unpacked, 'plugin'));
    keep(unpacked, home);
  } catch (error) {
    throw new Error(
      `Trino ${TRINO_VERSION} cannot be installed from ${url}: ${reasonOf(error)}; set MAVEN_REPOSITORY_URL to a Maven repository that this machine reaches.`,
      { cause: error },
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** All of it: many jars of one plugin are hard links to those of another, and `tar` cannot make such a link alone. */
async function unpack(url: string, folder: string): Promise<void> {
  const answer = await fetch(url);
  if (!answer.ok || answer.body === null) throw new Error(`the answer is ${answer.status}`);
  const hash = createHash('sha256');
  const hashing = new Transform({
    transform(chunk, _, done) {
      hash.update(chunk);
      done(null, chunk);
    },
  });
  const tar = spawn('tar', ['-xz', '-C', folder], { stdio: ['pipe', 'ignore', 'inherit'] });
  const exit = once(tar, 'exit');
  await Promise.all([pipeline(Readable.fromWeb(answer.body), hashing, tar.stdin), exit]);
  const [code] = await exit;
  if (code !== 0) throw new Error(`tar ended with ${code}`);
  const digest = hash.digest('hex');
  if (digest !== SHA256) throw new Error(`its SHA-256 is ${digest}, not ${SHA256}`);
}

/** A plugin that is there is loaded: a minute of start, and some want settings. */
function removeOtherPlugins(plugins: string): void {
  for (const name of readdirSync(plugins)) {
    if (name !== PLUGIN) rmSync(join(plugins, name), { recursive: true });
  }
}

/** In one step, so that no other process finds half of it; whoever comes second leaves the first one's. */
function keep(unpacked: string, home: string): void {
  try {
    renameSync(unpacked, home);
  } catch (error) {
    if (!existsSync(home)) throw error;
  }
}

/** What `fetch` says is no reason; its cause is. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
