import { FULL } from '../../support/breadth.ts';
import { moduleOf, typeElsewhere } from '../../support/command-process.ts';
import { temporaryFolders } from '../../support/temporary-folder.ts';
import { type } from '../../support/terminal.ts';

/** An installation without optional dependencies: the native part cannot be found. */
const WITHOUT_NATIVE_PART = moduleOf(`
  import Module from 'node:module';
  const resolve = Module._resolveFilename;
  Module._resolveFilename = (name, ...others) => {
    if (!/^@duckdb.node-bindings-.*duckdb\\.node$/.test(name)) return resolve(name, ...others);
    throw Object.assign(new Error("Cannot find module '" + name + "'\\nRequire stack:\\n- somewhere"), { code: 'MODULE_NOT_FOUND' });
  };`);

/** The same in this process. */
jest.mock('@duckdb/node-api', () => {
  throw new Error("Cannot find module '@duckdb/node-bindings'\nRequire stack:\n- somewhere");
});

const newFolder = temporaryFolders();
const typeInItsProcess = (...words: string[]) => typeElsewhere(words, [WITHOUT_NATIVE_PART]);

/** By default one process shows that the program begins without it: the query below. */
const typeBriefly = FULL ? typeInItsProcess : type;

it.each([[['--help']], [['export', '--help']], [['query', '--list']]])(
  '%j works without the native part of DuckDB',
  async (words) => {
    expect(await typeBriefly(...words)).toMatchObject({ exitCode: 0, stderr: '' });
  },
);

it('verify works without it too', async () => {
  const { exitCode, stderr } = await typeBriefly('verify', newFolder());
  expect([exitCode, stderr]).toEqual([1, expect.stringMatching(/^There is no snapshot in .*\n$/)]);
});

it.each([
  ['query coverage-matrix', typeInItsProcess],
  ['report', typeBriefly],
])('%s says that it needs DuckDB, in one sentence', async (line, typed) => {
  const { exitCode, stdout, stderr } = await typed(...line.split(' '));
  expect([exitCode, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(
    /^query and report need DuckDB, which cannot be loaded on \w+-\w+ \(Cannot find module '@duckdb\/[^\n]*\): install it with npm install --include=optional[^\n]*\n$/,
  );
});
