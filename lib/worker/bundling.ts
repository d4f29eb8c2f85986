import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Architecture, Code, Runtime } from 'aws-cdk-lib/aws-lambda';
import {
  type BundlingOptions,
  LogLevel,
  type NodejsFunctionProps,
  OutputFormat,
} from 'aws-cdk-lib/aws-lambda-nodejs';
import { ONE_FILE } from './one-file.ts';

const fromRoot = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** Where the functions begin. */
const ENTRIES = {
  worker: 'lambda/handler.ts',
  deriver: 'lambda/derive-handler.ts',
} as const;

export type FunctionName = keyof typeof ENTRIES;

/** The newest LTS of Lambda; the same code runs on the Node 20 of a laptop. */
export const RUNTIME = Runtime.NODEJS_24_X;

/** A fifth cheaper than x86_64 per millisecond, and the bundles hold no native code. */
export const ARCHITECTURE = Architecture.ARM_64;

/** How a function becomes one file. */
const BUNDLING: BundlingOptions = {
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

/**
 * What a function is made of: of the sources where they are, as in the clone; elsewhere of the bundle that was made of them
 * when the package was packed, so that an app that installs it needs no esbuild and no lock file.
 */
export function codeOf(
  name: FunctionName,
): Pick<NodejsFunctionProps, 'entry' | 'depsLockFilePath' | 'bundling' | 'code' | 'handler'> {
  const entry = fromRoot(ENTRIES[name]);
  if (existsSync(entry)) {
    // The lock file pins the versions that are bundled.
    return { entry, depsLockFilePath: fromRoot('package-lock.json'), bundling: BUNDLING };
  }
  return { code: Code.fromAsset(fromRoot(`functions/${name}`)), handler: 'index.handler' };
}
