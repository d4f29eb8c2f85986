import { readFileSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { builtOnce } from './built-once.ts';

/** It looks for the program beside it, which is compiled like itself. */
const STARTS_A_PROGRAM = resolve('cli/verify/processes.ts');

/** Modules find the files beside them, such as queries, where they lie among the sources. */
const whereTheyWere: Plugin = {
  name: 'where-they-were',
  setup({ onLoad }) {
    onLoad({ filter: /\.ts$/ }, ({ path }) => {
      if (path === STARTS_A_PROGRAM) return undefined;
      const text = readFileSync(path, 'utf8');
      const place = JSON.stringify(pathToFileURL(path).href);
      return { loader: 'ts', contents: text.replaceAll('import.meta.url', place) };
    });
  },
};

/**
 * `bin/proficiencies.ts`, compiled: what a child process of a test starts. tsx would take three times the processor time,
 * for every child again; test/docs/commands.test.ts runs it as a person does.
 */
export async function commandBundle(): Promise<string> {
  const folder = await builtOnce('command', async (outdir) => {
    await build({
      entryPoints: ['bin/proficiencies.ts', 'cli/verify/span-process.ts'],
      entryNames: '[name]',
      outdir,
      outExtension: { '.js': '.mjs' },
      bundle: true,
      splitting: true,
      platform: 'node',
      format: 'esm',
      mainFields: ['module', 'main'],
      external: ['@duckdb/*'],
      plugins: [whereTheyWere],
      banner: {
        js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
      },
    });
    symlinkSync(resolve('node_modules'), join(outdir, 'node_modules'));
  });
  return join(folder, 'proficiencies.mjs');
}
