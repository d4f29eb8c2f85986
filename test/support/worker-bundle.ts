import { join } from 'node:path';
import { builtOnce } from './built-once.ts';

/** The file that a deployment would put into the worker's function; built once per state of the sources. */
export async function workerBundle(): Promise<string> {
  const folder = await builtOnce('worker', async (unfinished) => {
    // Only here: to load the CDK takes longer than most suites of the worker.
    const { assembleWorker } = await import('./worker-assembly.ts');
    assembleWorker(unfinished);
  });
  return join(folder, 'index.mjs');
}
