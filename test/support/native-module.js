/**
 * What jest's transform makes of a package that Node.js itself is to load: once per process, where jest would load it
 * once per suite. Such a package sees Node's globals instead of the suite's, so nothing belongs here that reads
 * `process.env` on a test's behalf, or that asks whether a suite's value is a `Date` or an `Error`, as zod does.
 */
// biome-ignore lint/style/noDefaultExport: jest asks for it.
export default {
  getCacheKey: (_source, path) => `native-module-1 ${path}`.replaceAll(/\W/g, '_'),
  // Scripts that run "in this context" run in Node's own, where `process` is not the one that jest hands to suites.
  process: (_source, path) => ({
    code: `
      const { createRequire } = require('node:vm').runInThisContext('process').getBuiltinModule('node:module');
      module.exports = createRequire(__filename)(${JSON.stringify(path)});
    `,
  }),
};
