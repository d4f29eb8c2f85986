import { SAVED_QUERIES } from '../../../lib/athena/saved-queries.ts';
import { VIEWS } from '../../../lib/athena/views.ts';
import { trinoGrammar } from './trino-grammar.ts';

const errorsOf = trinoGrammar();
const statements = [...VIEWS, ...SAVED_QUERIES].map(({ name, sql }) => [name, sql] as const);

describe('shipped SQL', () => {
  it.each(statements)('%s is Trino SQL', (_, sql) => {
    expect(errorsOf(sql)).toEqual([]);
  });

  it.each(VIEWS.map(({ name, sql }) => [name, sql] as const))('%s can be a view', (name, sql) => {
    expect(errorsOf(`CREATE VIEW ${name} AS ${sql}`)).toEqual([]);
  });

  it.each([
    ['a word too many', 'SELECT a FROM b c d'],
    ["DuckDB's lambda", 'SELECT list_transform(a, lambda x: x) FROM b'],
    ['a missing bracket', 'SELECT transform(a, x -> x FROM b'],
  ])('is checked by a grammar that refuses %s', (_, sql) => {
    expect(errorsOf(sql)).not.toEqual([]);
  });
});
