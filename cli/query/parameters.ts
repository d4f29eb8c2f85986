import { z } from 'zod';
import { ExportFailure } from '../../contract/failure.ts';
import { type Parameter, type SavedQuery, withParameters } from '../../sql/saved-queries.ts';

/** A statement and the values bound to its `$name` placeholders: what a person types never becomes SQL. */
export interface BoundQuery {
  readonly sql: string;
  readonly values: Readonly<Record<string, string | number>>;
}

/** What a person gives for parameters, by name. */
export type GivenParameters = Readonly<Record<string, string>>;

function toValue({ name, type }: Parameter, text: string): string | number {
  if (type === 'varchar') return text;
  if (type === 'double') {
    const number = Number(text);
    if (text.trim() !== '' && Number.isFinite(number)) return number;
    throw new ExportFailure(
      'InvalidRequest',
      `The parameter ${name} takes a number, not "${text}".`,
    );
  }
  if (z.iso.date().safeParse(text).success) return text;
  throw new ExportFailure(
    'InvalidRequest',
    `The parameter ${name} takes a date as yyyy-MM-dd, not "${text}".`,
  );
}

function refuseUnknown(query: SavedQuery, given: GivenParameters): void {
  const known = query.parameters.map(({ name }) => name);
  const unknown = Object.keys(given).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const hint = known.length === 0 ? 'it takes none' : `it takes ${known.join(', ')}`;
  throw new ExportFailure(
    'InvalidRequest',
    `The query ${query.name} has no parameter "${unknown}"; ${hint}.`,
  );
}

/**
 * A saved query with the given parameters in place of its defaults.
 *
 * @throws ExportFailure InvalidRequest where the query has no such parameter or the value is of another type
 */
export function bindParameters(query: SavedQuery, given: GivenParameters): BoundQuery {
  refuseUnknown(query, given);
  const values: Record<string, string | number> = {};
  const sql = withParameters(query, (parameter) => {
    const text = given[parameter.name];
    if (text === undefined) return undefined;
    values[parameter.name] = toValue(parameter, text);
    return `CAST($${parameter.name} AS ${parameter.type})`;
  });
  return { sql, values };
}
