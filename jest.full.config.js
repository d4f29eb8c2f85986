import config, { elsewhere } from './jest.config.js';

// The processes in which jest runs the tests inherit it; test/support/breadth.ts reads it.
process.env.TEST_BREADTH = 'full';

/** The same tests as `npm test`, with the whole of every matrix of which that runs a sample, and the maintainers' tools. */
export default { ...config, testPathIgnorePatterns: elsewhere, testTimeout: 180_000 };
