import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { ONE_FILE } from '../lib/worker/one-file.ts';

/**
 * Makes one file of a program, as the worker is one in Lambda: its start costs what it costs there, and
 * no compiler runs in the process that is measured.
 *
 * @returns the file's path
 */
export async function bundle(entry: string, folder: string, name: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const outfile = join(folder, `${name}.mjs`);
  await build({
    ...ONE_FILE,
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    logLevel: 'warning',
  });
  return outfile;
}
