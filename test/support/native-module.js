/**
 * What jest's transform makes of a package that Node.js itself is to load: once per process, where jest would load it
 * once per suite. What such a package remembers, it remembers for the suites that follow.
 */
// biome-ignore lint/style/noDefaultExport: jest asks for it.
export default {
  getCacheKey: (_source, path) => `native-module-2 ${path}`.replaceAll(/\W/g, '_'),
  process: (_source, path) => ({
    code: `
      const { createRequire } = process.getBuiltinModule('node:module');
      module.exports = createRequire(__filename)(${JSON.stringify(path)});
    `,
  }),
};
