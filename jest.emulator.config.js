import { base } from './jest.config.js';

/** The suites that talk to AWS emulators that nobody here wrote (Python's moto); they fail where it is missing. */
export default {
  ...base,
  roots: ['<rootDir>/test/emulator'],
  testTimeout: 300_000,
};
