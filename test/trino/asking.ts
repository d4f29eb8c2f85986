import type { Answer } from '../../cli/query/answer.ts';
import type { GivenParameters } from '../../cli/query/parameters.ts';
import { type Parameter, SAVED_QUERIES, withParameters } from '../../sql/saved-queries.ts';
import type { TrinoAnswer } from './trino.ts';

/** A parameter's value as an analyst writes it: only a quote is doubled. */
function literal({ type }: Parameter, value: string): string {
  if (type === 'double') return value;
  const text = `'${value.replaceAll("'", "''")}'`;
  return type === 'date' ? `DATE ${text}` : text;
}

/** A saved query's text after an analyst has written other literals at its top. */
export function savedQuery(name: string, given: GivenParameters = {}): string {
  const query = SAVED_QUERIES.find((one) => one.name === name);
  if (query === undefined) throw new Error(`There is no saved query ${name}.`);
  return withParameters(query, (parameter) => {
    const value = given[parameter.name];
    return value === undefined ? undefined : literal(parameter, value);
  });
}

/** The rows as DuckDB writes them, which ends the fraction of a second at its last digit that is not 0. */
export const comparable = ({ columns, rows }: TrinoAnswer): Answer['rows'] =>
  rows.map((row) =>
    row.map((cell, index) =>
      columns[index]?.type === 'timestamp(3)' && typeof cell === 'string'
        ? cell.replace(/\.?0+$/, '')
        : cell,
    ),
  );
