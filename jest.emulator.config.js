import { base } from './jest.config.js';

/**
 * The suites that need programs which nobody here wrote and npm does not bring: Python's moto, boto3, AWS CLI
 * and cfn-lint, and Chromium. They fail where one is missing.
 */
export default {
  ...base,
  roots: ['<rootDir>/test/emulator'],
  testTimeout: 300_000,
};
