import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { bundle } from './bundle.ts';
import { median } from './figures.ts';

/** How long the worker takes to be imported, in milliseconds, and its clients alone. */
export interface ImportTime {
  readonly workerMs: number;
  readonly clientsMs: number;
}

const MEASURE = `
  const begun = performance.now();
  await import(process.argv[1]);
  process.stdout.write(String(performance.now() - begun));
`;

async function importOnce(file: string): Promise<number> {
  const words = ['--input-type=module', '--eval', MEASURE, pathToFileURL(file).href];
  const { stdout } = await promisify(execFile)(process.execPath, words);
  return Number(stdout);
}

/**
 * A cold start is above all the import of the code. Measured in turn, so that a busy moment hits both, and the
 * median of each counts.
 */
export async function importTime(root: string, folder: string, times: number): Promise<ImportTime> {
  const worker = await bundle(join(root, 'lambda/handler.ts'), folder, 'worker');
  const clients = await bundle(join(root, 'bench/bare-clients.ts'), folder, 'bare-clients');
  const workerMs: number[] = [];
  const clientsMs: number[] = [];
  for (let time = 0; time < times; time++) {
    workerMs.push(await importOnce(worker));
    clientsMs.push(await importOnce(clients));
  }
  return { workerMs: median(workerMs), clientsMs: median(clientsMs) };
}
