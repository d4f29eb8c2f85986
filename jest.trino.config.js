import { base } from './jest.config.js';

/**
 * The suite over Trino, on which Athena is built, and Python's moto. `npm run test:trino` installs Trino before;
 * the suite fails where Java or moto is missing.
 */
export default {
  ...base,
  roots: ['<rootDir>/test/trino'],
  testTimeout: 300_000,
};
