import { readFileSync } from 'node:fs';

// The SDK announces on Node 20 that versions from 2027 on will need Node 22; here the lockfile decides.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

const { dependencies, devDependencies } = JSON.parse(
  readFileSync(new URL('package.json', import.meta.url), 'utf8'),
);

/** The packages that we import; test/support/native-module.js says who loads them. Jest's own stay with jest. */
const packages = Object.keys({ ...dependencies, ...devDependencies }).filter(
  (name) => !/jest|^@swc/.test(name),
);

export const base = {
  testEnvironment: '<rootDir>/test/support/environment.js',
  transform: {
    [`/node_modules/(${packages.join('|')})/.+\\.[cm]?js$`]:
      '<rootDir>/test/support/native-module.js',
    '^.+\\.[jt]s$': [
      '@swc/jest',
      { jsc: { target: 'es2023', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } },
    ],
  },
  transformIgnorePatterns: [`/node_modules/(?!(${packages.join('|')})/)`],
  testTimeout: 60_000,
  // Jest would leave one processor alone.
  maxWorkers: '100%',
};

/** What `npm test` leaves to `npm run test:emulator` and `npm run test:trino`. */
export const elsewhere = ['/node_modules/', '<rootDir>/test/emulator/', '<rootDir>/test/trino/'];

/**
 * What `npm test` leaves to `npm run test:full`: what takes long, or only a maintainer starts. The suites of the built worker
 * hold it to promises that cheaper ones hold lambda/s3, lambda/connect, lambda/handler.ts and export to. What is asked of any
 * snapshots, test/cli/query/answers.test.ts and test/cli/report/read-facts.test.ts ask of known ones.
 */
const later = [
  '<rootDir>/test/package/',
  '<rootDir>/test/release/',
  '<rootDir>/test/bench/',
  '<rootDir>/test/cli/query/any-answers.test.ts',
  '<rootDir>/test/cli/report/any-facts.test.ts',
  '<rootDir>/test/docs/start.test.ts',
  '<rootDir>/test/lambda/connect/fuzz.test.ts',
  '<rootDir>/test/lambda/s3/fuzz.test.ts',
  '<rootDir>/test/lambda/worker/bundle.test.ts',
  '<rootDir>/test/lambda/worker/connect-faults.test.ts',
  '<rootDir>/test/lambda/worker/long-run.test.ts',
  '<rootDir>/test/lambda/worker/rivals.test.ts',
  '<rootDir>/test/lambda/worker/s3-faults.test.ts',
  '<rootDir>/test/lambda/worker/user-details.test.ts',
  '<rootDir>/test/development.test.ts',
];

export default {
  ...base,
  roots: ['<rootDir>/test'],
  testPathIgnorePatterns: [...elsewhere, ...later],
};
