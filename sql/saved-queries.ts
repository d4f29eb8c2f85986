import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readSql } from './sql-file.ts';

type ParameterType = 'varchar' | 'double' | 'date';

/** A value an analyst may change: one line of the query's `parameters` table. */
export interface Parameter {
  readonly name: string;
  readonly type: ParameterType;
  /** The value in the file, as an SQL literal. */
  readonly defaultLiteral: string;
  /** What the header comment says about it. */
  readonly description: string;
  /** The bounds of a number, where the description ends with "1 to 5" or "at least 1"; both are included. */
  readonly least?: number;
  readonly most?: number;
  /** The texts that it takes, where the description ends with "one of day, week, month". */
  readonly choices?: readonly string[];
}

/** A query an analyst finds in the workgroup: one .sql file. */
export interface SavedQuery {
  /** The file's name without its ending. */
  readonly name: string;
  /** What it answers: the first line of the header comment. */
  readonly question: string;
  readonly parameters: readonly Parameter[];
  /** The whole file: Trino SQL that runs as it stands. */
  readonly sql: string;
}

/** One line of the `parameters` table: a literal, and the parameter's name. */
const PARAMETER_LINE =
  /^ {4}(?<literal>'(?:[^']|'')*'|-?\d+(?:\.\d+)?|DATE '[\d-]+'|CAST\(NULL AS (?<nullType>varchar|double|date)\)) AS (?<name>[a-z_]+),?$/;

/** The table of literals that a query with parameters begins with. */
const PARAMETERS_TABLE = /^WITH parameters AS \(\n {2}SELECT\n(?<lines>[^;]*?)\n\)/m;

function typeOf(literal: string, nullType: string | undefined): ParameterType {
  if (nullType === 'double' || nullType === 'date') return nullType;
  if (literal.startsWith('DATE')) return 'date';
  return /^[-\d]/.test(literal) ? 'double' : 'varchar';
}

function described(sql: string, name: string): string {
  const line = sql.split('\n').find((candidate) => candidate.startsWith(`--   ${name} `));
  return line?.slice(`--   ${name}`.length).trim() ?? '';
}

/** How a description ends that has the bounds of a number. */
const BOUNDS = /, (?:at least (?<least>\d+)|(?<from>\d+) to (?<to>\d+))$/;

/** How a description ends that has all the texts a parameter takes. */
const CHOICES = /, one of (?<choices>\w+(?:, \w+)+)$/;

function choicesIn(description: string): Pick<Parameter, 'choices'> {
  const choices = CHOICES.exec(description)?.groups?.choices?.split(', ');
  return choices === undefined ? {} : { choices };
}

function boundsIn(description: string): Pick<Parameter, 'least' | 'most'> {
  const { least, from, to } = BOUNDS.exec(description)?.groups ?? {};
  if (least !== undefined) return { least: Number(least) };
  return from === undefined ? {} : { least: Number(from), most: Number(to) };
}

function parseParameter(sql: string, line: string): Parameter {
  const groups = PARAMETER_LINE.exec(line)?.groups;
  const { literal, name, nullType } = groups ?? {};
  if (literal === undefined || name === undefined) {
    throw new Error(`"${line}" is not a parameter; write 4 spaces, a literal, AS and a name.`);
  }
  const description = described(sql, name);
  return {
    name,
    type: typeOf(literal, nullType),
    defaultLiteral: literal,
    description,
    ...boundsIn(description),
    ...choicesIn(description),
  };
}

function parseParameters(sql: string): readonly Parameter[] {
  const lines = PARAMETERS_TABLE.exec(sql)?.groups?.lines;
  return lines?.split('\n').map((line) => parseParameter(sql, line)) ?? [];
}

/** Takes a .sql file's text apart. @throws Error where its table of parameters is not as it should be */
export function parseSavedQuery(name: string, sql: string): SavedQuery {
  const [firstLine = ''] = sql.split('\n');
  return { name, question: firstLine.replace(/^-- /, ''), parameters: parseParameters(sql), sql };
}

/**
 * The query with the literals of some parameters replaced by expressions.
 *
 * @param expression gives what stands for a parameter, or `undefined` to keep its default
 */
export function withParameters(
  query: SavedQuery,
  expression: (parameter: Parameter) => string | undefined,
): string {
  return query.sql.replace(PARAMETERS_TABLE, (table) =>
    query.parameters.reduce((text, parameter) => {
      const { defaultLiteral, name } = parameter;
      const replacement = expression(parameter) ?? defaultLiteral;
      return text.replace(
        `    ${defaultLiteral} AS ${name}`,
        () => `    ${replacement} AS ${name}`,
      );
    }, table),
  );
}

const QUERIES_FOLDER = fileURLToPath(new URL('queries', import.meta.url));

/** All saved queries, by name. */
export const SAVED_QUERIES: readonly SavedQuery[] = readdirSync(QUERIES_FOLDER)
  .filter((file) => file.endsWith('.sql'))
  .sort()
  .map((file) => parseSavedQuery(file.slice(0, -'.sql'.length), readSql(`queries/${file}`)));
