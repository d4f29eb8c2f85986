import { availableParallelism } from 'node:os';

// The SDK announces on Node 20 that versions from 2027 on will need Node 22; here the lockfile decides.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

/** Packages that are published as ES modules only; jest runs CommonJS, so these are compiled like our own code. */
const esmOnly = [
  'agent-base',
  'http-proxy-agent',
  'https-proxy-agent',
  'p-limit',
  'proxy-agent-negotiate',
  'yocto-queue',
];

/** Packages that take long to load; test/support/native-module.js says what that takes. */
const loadedByNode = ['aws-cdk-lib', 'cdk-nag', 'constructs', 'fast-check', 'pure-rand'];

export const base = {
  testEnvironment: 'node',
  transform: {
    [`/node_modules/(${loadedByNode.join('|')})/.+\\.c?js$`]:
      '<rootDir>/test/support/native-module.js',
    '^.+\\.[jt]s$': [
      '@swc/jest',
      { jsc: { target: 'es2023', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } },
    ],
  },
  transformIgnorePatterns: [`/node_modules/(?!(${[...esmOnly, ...loadedByNode].join('|')})/)`],
  testTimeout: 60_000,
  // More workers than processors: many tests wait for a child process or for a retry.
  maxWorkers: Math.ceil(1.5 * availableParallelism()),
};

/** What `npm test` leaves to `npm run test:emulator` and `npm run test:trino`. */
export const elsewhere = ['/node_modules/', '<rootDir>/test/emulator/', '<rootDir>/test/trino/'];

/** What `npm test` leaves to `npm run test:full`: what takes minutes, or only a maintainer starts. */
const later = [
  '<rootDir>/test/package/',
  '<rootDir>/test/release/',
  '<rootDir>/test/bench/',
  '<rootDir>/test/development.test.ts',
];

export default {
  ...base,
  roots: ['<rootDir>/test'],
  testPathIgnorePatterns: [...elsewhere, ...later],
};
