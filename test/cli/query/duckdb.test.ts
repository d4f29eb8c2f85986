import { sampled } from '../../support/breadth.ts';
import { moduleOf, typeElsewhere } from '../../support/command-process.ts';
import { temporaryFolders } from '../../support/temporary-folder.ts';

/** An installation without optional dependencies: the native part cannot be found. */
const WITHOUT_NATIVE_PART = moduleOf(`
  import Module from 'node:module';
  const resolve = Module._resolveFilename;
  Module._resolveFilename = (name, ...others) => {
    if (!/^@duckdb.node-bindings-.*duckdb\\.node$/.test(name)) return resolve(name, ...others);
    throw Object.assign(new Error("Cannot find module '" + name + "'\\nRequire stack:\\n- somewhere"), { code: 'MODULE_NOT_FOUND' });
  };`);

const newFolder = temporaryFolders();
const type = (...words: string[]) => typeElsewhere(words, [WITHOUT_NATIVE_PART]);

it.each(
  sampled([[['--help']], [['export', '--help']], [['query', '--list']]], (_, index) => index === 0),
)('%j works without the native part of DuckDB', async (words) => {
  expect(await type(...words)).toMatchObject({ exitCode: 0, stderr: '' });
});

it('verify works without it too', async () => {
  const { exitCode, stderr } = await type('verify', newFolder());
  expect([exitCode, stderr]).toEqual([1, expect.stringMatching(/^There is no snapshot in .*\n$/)]);
});

it.each([[['query', 'coverage-matrix']], [['report']]])(
  '%j says that it needs DuckDB, in one sentence',
  async (words) => {
    const { exitCode, stdout, stderr } = await type(...words);
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(
      /^query and report need DuckDB, which cannot be loaded on \w+-\w+ \(Cannot find module '@duckdb\/[^\n]*\): install it with npm install --include=optional[^\n]*\n$/,
    );
  },
);
