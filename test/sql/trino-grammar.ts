import { compileFunction } from 'node:vm';
import type { TrinoSQL } from 'dt-sql-parser';
import { buildSync } from 'esbuild';

type GrammarError = ReturnType<TrinoSQL['validate']>[number];

/** The package's files are ES modules that Node cannot load (directory imports), so they are bundled first. */
function bundle(): string {
  const { outputFiles } = buildSync({
    stdin: {
      contents: "export { TrinoSQL } from 'dt-sql-parser/dist/parser/trino'",
      resolveDir: process.cwd(),
    },
    bundle: true,
    format: 'cjs',
    platform: 'node',
    write: false,
  });
  return outputFiles.map(({ text }) => text).join('');
}

/** A grammar of Trino SQL that is none of ours: says what is wrong with a text. */
export function trinoGrammar(): (sql: string) => readonly GrammarError[] {
  const module: { exports: { TrinoSQL?: new () => TrinoSQL } } = { exports: {} };
  compileFunction(bundle(), ['module'])(module);
  const { TrinoSQL: Grammar } = module.exports;
  if (Grammar === undefined) throw new Error('dt-sql-parser no longer has a grammar of Trino SQL.');
  const grammar = new Grammar();
  return (sql) => grammar.validate(sql);
}
