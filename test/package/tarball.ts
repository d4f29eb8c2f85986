import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { join } from 'node:path';
import { isNativeError } from 'node:util/types';
import { isInAClone } from '../docs/sandbox.ts';
import { builtOnce } from '../support/built-once.ts';

/** A second name for a file, or a copy where its disk is another one. */
function linkOrCopy(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch (error) {
    if (!isNativeError(error) || !('code' in error) || error.code !== 'EXDEV') throw error;
    copyFileSync(from, to);
  }
}

/** The same tree in another folder, at once: its files are the same ones. Nobody may write into them. */
function link(from: string, to: string, wanted = (_name: string): boolean => true): void {
  mkdirSync(to);
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    if (!wanted(entry.name)) continue;
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isSymbolicLink()) symlinkSync(readlinkSync(source), target);
    else if (entry.isDirectory()) link(source, target);
    else linkOrCopy(source, target);
  }
}

/**
 * What `npm publish` would send, packed in a clone of its own: the folder `dist` of this one is its user's. Made once for
 * all suites.
 *
 * @returns the path of the tarball
 */
export async function tarball(): Promise<string> {
  const name = 'package.tgz';
  const folder = await builtOnce('package', async (unfinished) => {
    const clone = join(unfinished, 'clone');
    link(process.cwd(), clone, isInAClone);
    const packed = execFileSync('npm', ['pack', '--silent'], { cwd: clone, encoding: 'utf8' });
    renameSync(join(clone, packed.trim().split('\n').at(-1) ?? ''), join(unfinished, name));
    rmSync(clone, { recursive: true });
  });
  return join(folder, name);
}
