import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** What a fresh clone would not have, or would not have filled. */
const NOT_IN_A_CLONE = ['.git', 'out', 'cdk.out', 'coverage', 'dist'];

/** Whether a fresh clone would have it, by its name in this folder. */
export const isInAClone = (name: string): boolean =>
  !NOT_IN_A_CLONE.includes(name) && !name.startsWith('.cdk.out-') && !name.endsWith('.tgz');

/** A folder that looks like a clone of this repository after `npm ci`, in which commands leave their files. */
export function cloneInto(folder: string): string {
  const clone = join(folder, 'clone');
  mkdirSync(clone);
  for (const entry of readdirSync('.').filter(isInAClone)) {
    symlinkSync(resolve(entry), join(clone, entry));
  }
  return clone;
}

export interface Ended {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a line as a shell of a person would, who has nothing but this environment. */
export function shell(line: string, cwd: string, environment: NodeJS.ProcessEnv): Promise<Ended> {
  const options = { cwd, env: environment, maxBuffer: 64 * 1024 * 1024 };
  return new Promise((done) => {
    const child = execFile('/bin/sh', ['-c', line], options, (_error, stdout, stderr) =>
      done({ exitCode: child.exitCode ?? -1, stdout, stderr }),
    );
  });
}
