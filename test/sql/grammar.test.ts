import { readFileSync } from 'node:fs';
import { SAVED_QUERIES } from '../../sql/saved-queries.ts';
import { VIEWS } from '../../sql/views.ts';
import { trinoGrammar } from './trino-grammar.ts';

const errorsOf = trinoGrammar();

/** The statements of the document; its fragments and what is written for DuckDB are not Trino's. */
const documented = [...readFileSync('docs/athena.md', 'utf8').matchAll(/```sql\n(.*?)```/gs)]
  .map(([, sql = '']) => sql)
  .filter((sql) => sql.includes('FROM') && !sql.includes('read_json'));

describe('shipped SQL', () => {
  it.each(SAVED_QUERIES.map(({ name, sql }) => [name, sql] as const))(
    '%s is Trino SQL',
    (_, sql) => {
      expect(errorsOf(sql)).toEqual([]);
    },
  );

  it.each(VIEWS.map(({ name, sql }) => [name, sql] as const))('%s can be a view', (name, sql) => {
    expect(errorsOf(`CREATE VIEW ${name} AS ${sql}`)).toEqual([]);
  });

  it('is documented as Trino SQL', () => {
    expect(documented).not.toEqual([]);
    for (const sql of documented) expect(errorsOf(sql)).toEqual([]);
  });

  it.each([
    ['a word too many', 'SELECT a FROM b c d'],
    ["DuckDB's lambda", 'SELECT list_transform(a, lambda x: x) FROM b'],
    ['a missing bracket', 'SELECT transform(a, x -> x FROM b'],
  ])('is checked by a grammar that refuses %s', (_, sql) => {
    expect(errorsOf(sql)).not.toEqual([]);
  });
});
