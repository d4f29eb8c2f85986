import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';

/** Lets bundled CommonJS packages `require` Node's own modules from within an ES module. */
const REQUIRE_FOR_COMMON_JS =
  "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";

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
    entryPoints: [entry],
    outfile,
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    mainFields: ['module', 'main'],
    banner: { js: REQUIRE_FOR_COMMON_JS },
    logLevel: 'warning',
  });
  return outfile;
}
