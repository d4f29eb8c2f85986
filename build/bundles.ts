import { type BuildOptions, build, type Plugin } from 'esbuild';
import { asInClone } from './as-in-clone.ts';

/** The oldest Node.js that `engines` of package.json allows. */
const TARGET = 'node20.19';

/** The package's own name, under which npm installs its command. */
const COMMAND_NAME = 'connect-proficiency-exporter';

/** People are told to type the package's name, where the clone tells the short one. */
const tellOwnName: Plugin = {
  name: 'tell-own-name',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]contract[\\/]command-name\.ts$/ }, () => ({
      contents: `export const COMMAND_NAME = '${COMMAND_NAME}';`,
    }));
  },
};

const common = (root: string): BuildOptions => ({
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: TARGET,
  logLevel: 'warning',
  metafile: true,
});

/** What other programs import: as ES modules, and as CommonJS for `require` under Jest, which knows no other on Node.js 20 and 22. */
export async function bundleLibrary(root: string, dist: string): Promise<void> {
  const library: BuildOptions = {
    ...common(root),
    entryPoints: { index: 'package/index.ts', contract: 'package/contract.ts' },
    outdir: dist,
    // The app's own: constructs of two copies of the CDK do not fit together.
    packages: 'external',
    sourcemap: true,
    plugins: [asInClone(root, './')],
  };
  await build({ ...library, format: 'esm', splitting: true, chunkNames: 'shared-[hash]' });
  await build({
    ...library,
    format: 'cjs',
    outExtension: { '.js': '.cjs' },
    define: { 'import.meta.url': 'addressOfThisFile' },
    banner: {
      js: "const addressOfThisFile = require('node:url').pathToFileURL(__filename).href;",
    },
  });
}

/**
 * The command line with all that it needs, but for DuckDB, whose native part is made for one platform. In pieces, so that
 * a command loads only its own.
 *
 * @returns the files that it was made of
 */
export async function bundleCommand(root: string, dist: string): Promise<readonly string[]> {
  const { metafile } = await build({
    ...common(root),
    metafile: true,
    entryPoints: {
      [`command/${COMMAND_NAME}`]: 'bin/connect-proficiency-exporter.ts',
      // Started by its path.
      'cli/verify/span-process': 'cli/verify/span-process.ts',
    },
    outdir: dist,
    chunkNames: 'command/part-[hash]',
    format: 'esm',
    splitting: true,
    mainFields: ['module', 'main'],
    external: ['@duckdb/*'],
    minify: true,
    // Errors are told apart by the names of their classes.
    keepNames: true,
    // They are in the notices.
    legalComments: 'none',
    plugins: [tellOwnName, asInClone(root, '../')],
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  });
  return Object.keys(metafile.inputs);
}
