import * as z from 'zod';
import { type Parameter, type SavedQuery, withParameters } from '../../sql/saved-queries.ts';
import { decimal, WrongUsage } from '../arguments.ts';
import { didYouMean } from './did-you-mean.ts';

/** A statement and the values bound to its `$name` placeholders: what a person types never becomes SQL. */
export interface BoundQuery {
  readonly sql: string;
  readonly values: Readonly<Record<string, string | number>>;
  /** The tables with which it begins, the last of which says at which dates it looks; absent where it may look at any. */
  readonly upToDates?: string | undefined;
}

/** What a person gives for parameters, by name. */
export type GivenParameters = Readonly<Record<string, string>>;

const wrongValue = ({ name }: Parameter, text: string, expected: string): WrongUsage =>
  new WrongUsage(`The parameter ${name} takes ${expected}, not "${text}".`);

/** What a parameter takes, as it stands after "takes". */
function expectedNumber({ least, most }: Parameter): string {
  if (least === undefined) return 'a number';
  return most === undefined ? `a number of at least ${least}` : `a number from ${least} to ${most}`;
}

function toNumber(parameter: Parameter, text: string): number {
  const { least = Number.NEGATIVE_INFINITY, most = Number.POSITIVE_INFINITY } = parameter;
  const number = decimal(text);
  if (Number.isFinite(number) && number >= least && number <= most) return number;
  throw wrongValue(parameter, text, expectedNumber(parameter));
}

function toText(parameter: Parameter, text: string): string {
  const { choices } = parameter;
  if (choices === undefined || choices.includes(text)) return text;
  throw wrongValue(
    parameter,
    text,
    new Intl.ListFormat('en', { type: 'disjunction' }).format(choices),
  );
}

function toValue(parameter: Parameter, text: string): string | number {
  switch (parameter.type) {
    case 'varchar':
      return toText(parameter, text);
    case 'double':
      return toNumber(parameter, text);
    case 'date':
      if (z.iso.date().safeParse(text).success) return text;
      throw wrongValue(parameter, text, 'a date as yyyy-MM-dd');
  }
}

function refuseUnknown(query: SavedQuery, given: GivenParameters): void {
  const known = query.parameters.map(({ name }) => name);
  const unknown = Object.keys(given).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const takes = known.length === 0 ? 'it takes none.' : `it takes ${known.join(', ')}.`;
  throw new WrongUsage(
    `The query ${query.name} has no parameter "${unknown}"; ${didYouMean(unknown, known) ?? takes}`,
  );
}

/** No query looks back in time. */
function refuseTurnedRound({ from_date, to_date }: GivenParameters): void {
  if (from_date === undefined || to_date === undefined || from_date <= to_date) return;
  throw new WrongUsage(
    `The parameter from_date is "${from_date}", which is after to_date, "${to_date}"; give the earlier date as from_date.`,
  );
}

/**
 * A saved query with the given parameters in place of its defaults.
 *
 * @throws WrongUsage where the query has no such parameter, or the value is of another type or out of its bounds
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
  refuseTurnedRound(given);
  return { sql, values };
}
