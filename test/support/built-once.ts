import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from '../../lambda/once.ts';

/** What no program is built from, or what may be large. All else counts, so that a new folder is not forgotten. */
const NO_SOURCES = ['cdk.out', 'coverage', 'dist', 'docs', 'node_modules', 'out', 'test'];

/**
 * A folder that is filled once per state of the sources and kept in the system's temporary folder: a dozen suites, each
 * in a process of its own, start what lies in it.
 */
export async function builtOnce(
  name: string,
  fill: (folder: string) => Promise<void>,
): Promise<string> {
  const folder = join(tmpdir(), `exporter-${name}-${fingerprint()}`);
  if (existsSync(folder)) return folder;
  const unfinished = mkdtempSync(`${folder}-`);
  try {
    await fill(unfinished);
    keep(unfinished, folder);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
  return folder;
}

/** Taken once by each suite, which may ask for many a build. */
const fingerprint = once((): string => {
  // Of this folder: what is built may name files by their whole paths.
  const hash = createHash('sha256').update(process.cwd());
  const sources = readdirSync('.').filter(
    (name) => !name.startsWith('.') && !NO_SOURCES.includes(name),
  );
  for (const path of sources.flatMap(filesIn).sort()) hash.update(path).update(readFileSync(path));
  return hash.digest('hex').slice(0, 16);
});

function filesIn(path: string): string[] {
  if (statSync(path).isFile()) return [path];
  return readdirSync(path).flatMap((name) => filesIn(join(path, name)));
}

/** In one step, so that no other process finds half of it; whoever comes second leaves the first one's. */
function keep(unfinished: string, folder: string): void {
  try {
    renameSync(unfinished, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
  }
}
