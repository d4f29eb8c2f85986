import { fileURLToPath } from 'node:url';
import { Architecture, Runtime } from 'aws-cdk-lib/aws-lambda';
import { type BundlingOptions, LogLevel, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import { ONE_FILE } from './one-file.ts';

const fromRoot = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** Where the worker begins. */
export const WORKER_ENTRY = fromRoot('lambda/handler.ts');

/** Where the function that derives data begins. */
export const DERIVER_ENTRY = fromRoot('lambda/derive-handler.ts');

/** Pins the versions that are bundled. */
export const LOCK_FILE = fromRoot('package-lock.json');

/** The newest LTS of Lambda; the same code runs on the Node 20 of a laptop. */
export const RUNTIME = Runtime.NODEJS_24_X;

/** A fifth cheaper than x86_64 per millisecond, and the bundles hold no native code. */
export const ARCHITECTURE = Architecture.ARM_64;

/** How a function becomes one file. */
export const BUNDLING: BundlingOptions = {
  format: OutputFormat.ESM,
  mainFields: ONE_FILE.mainFields,
  target: 'node24',
  // The runtime's own SDK changes without notice, and does not always know an API as new as proficiencies.
  externalModules: [],
  minify: ONE_FILE.minify,
  keepNames: ONE_FILE.keepNames,
  sourceMap: true,
  // Stack traces need lines and names, not the sources.
  sourcesContent: false,
  logLevel: LogLevel.WARNING,
  banner: ONE_FILE.banner.js,
};
