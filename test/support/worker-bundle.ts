import { join } from 'node:path';
import type { FunctionName } from '../../lib/worker/bundling.ts';
import { builtOnce } from './built-once.ts';

/** The file that a deployment would put into the worker's function, as its stack synthesizes it. */
export const workerBundle = (): Promise<string> => bundleOf('worker');

/** The same of the function that derives data. */
export const deriverBundle = (): Promise<string> => bundleOf('deriver');

/** Built once per state of the sources. */
async function bundleOf(name: FunctionName): Promise<string> {
  const folder = await builtOnce('functions', async (unfinished) => {
    // Only here: to load the CDK takes longer than most suites of the worker.
    const { assembleFunctions } = await import('../../build/functions.ts');
    assembleFunctions(process.cwd(), unfinished);
  });
  return join(folder, name, 'index.mjs');
}
