import { runInThisContext } from 'node:vm';
import type { TrinoSQL } from 'dt-sql-parser';
import { buildSync } from 'esbuild';

type GrammarError = ReturnType<InstanceType<typeof TrinoSQL>['validate']>[number];

/**
 * A grammar of Trino SQL that is none of ours: says what is wrong with a text.
 *
 * The package's files are ES modules that Node cannot load (directory imports), so they are bundled first.
 */
export function trinoGrammar(): (sql: string) => readonly GrammarError[] {
  const bundle = buildSync({
    stdin: {
      contents: "export { TrinoSQL } from 'dt-sql-parser/dist/parser/trino'",
      resolveDir: process.cwd(),
    },
    bundle: true,
    format: 'cjs',
    platform: 'node',
    write: false,
  });
  const exported: { TrinoSQL?: typeof TrinoSQL } = {};
  runInThisContext(
    `((module) => {${bundle.outputFiles[0]?.text}; Object.assign(module.target, module.exports)})`,
  )({
    target: exported,
    exports: {},
  });
  const { TrinoSQL: Grammar } = exported;
  if (Grammar === undefined) throw new Error('dt-sql-parser no longer has a TrinoSQL grammar.');
  const grammar = new Grammar();
  return (sql) => grammar.validate(sql);
}
