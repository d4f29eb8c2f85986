/**
 * How a program becomes one file, as esbuild spells it. The stack bundles the worker with it, and so does the
 * benchmark that measures the worker's start. It knows nothing of the CDK, which takes seconds to load.
 */
export const ONE_FILE = {
  // With the SDK's ES modules esbuild drops what is not used: 0.7 MB and a third of the start-up
  // time of the CommonJS bundle.
  format: 'esm' as const,
  mainFields: ['module', 'main'],
  minify: true,
  // Lambda's own line about an error has the name of its class.
  keepNames: true,
  banner: {
    // Lets bundled CommonJS packages `require` Node's own modules from within an ES module.
    js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
  },
};
