import type { Target, TargetProblem, Targets } from '../../contract/target.ts';
import { type CsvRecord, isBlank, recordAt, recordsFrom, textOf, Unreadable } from './records.ts';

/** Larger files are not read: they would hold the most targets that are read, of 100 bytes each. */
export const MOST_BYTES = 1024 * 1024;

/** More than any contact centre has, and no more than are counted in seconds. */
const MOST_TARGETS = 10_000;

const COLUMNS = ['attribute_name', 'attribute_value', 'minimum_level', 'minimum_agents'] as const;
type ColumnName = (typeof COLUMNS)[number];

const SEPARATORS = [',', ';', '\t'];

/** How a file is to be read. */
interface Layout {
  readonly separator: string;
  /** What the columns are called, in lower case; other columns than ours are passed over. */
  readonly names: readonly string[];
  /** The index of the first line after the header. */
  readonly body: number;
}

const listed = (names: readonly string[]): string =>
  names.length < 2 ? names.join() : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;

/** The separator that the header, whose names hold none, has most of. */
const separatorIn = (line: string): string =>
  SEPARATORS.toSorted((a, b) => line.split(b).length - line.split(a).length)[0] ?? '';

/** @throws Unreadable where the first line is no header */
function layoutOf(lines: readonly string[]): Layout {
  const begin = `begin it with ${COLUMNS.join(',')}`;
  const first = lines.findIndex((line) => !isBlank(line));
  if (first === -1) throw new Unreadable(`it is empty; ${begin}`);
  const separator = separatorIn(lines[first] ?? '');
  const { fields = [], height } = recordAt(lines, first, separator);
  const names = fields.map((field) => field.toLowerCase());
  const missing = COLUMNS.filter((column) => !names.includes(column));
  if (missing.length > 0) {
    throw new Unreadable(`its first line does not name ${listed(missing)}; ${begin}`);
  }
  const twice = COLUMNS.filter((column) => names.indexOf(column) !== names.lastIndexOf(column));
  if (twice.length > 0) {
    throw new Unreadable(`its first line names ${listed(twice)} twice; leave one out`);
  }
  return { separator, names, body: first + height };
}

const MOST_SHOWN = 40;

const shown = (text: string): string =>
  JSON.stringify(text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}…`.toWellFormed() : text);

/** In some countries a spreadsheet writes 3,5. */
const levelOf = (text: string): number => Number(text.replace(',', '.'));

/** Connect's levels. */
const isLevel = (text: string): boolean =>
  /^\d+(?:[.,]\d+)?$/.test(text) && levelOf(text) >= 1 && levelOf(text) <= 5;

const isCount = (text: string): boolean =>
  /^\d+$/.test(text) && Number(text) >= 1 && Number(text) <= 1_000_000;

/** Of a name or a value in Connect. */
const MOST_CHARACTERS = 100;

function lengthProblem(text: string): string | undefined {
  const { length } = [...text];
  return length > MOST_CHARACTERS
    ? `has ${length} characters, and Connect takes ${MOST_CHARACTERS} at most`
    : undefined;
}

/** What may be wrong with the value of a column that is not empty. */
const CHECKS: Readonly<Record<ColumnName, (text: string) => string | undefined>> = {
  attribute_name: lengthProblem,
  attribute_value: lengthProblem,
  minimum_level: (text) =>
    isLevel(text) ? undefined : `is ${shown(text)}, which is no level from 1 to 5`,
  minimum_agents: (text) =>
    isCount(text) ? undefined : `is ${shown(text)}, which is no whole number from 1 to 1,000,000`,
};

const QUOTES =
  'its quotation marks are not in order; put the value in quotation marks, and write two for each one within it';

/** @returns the target, or why there is none */
function targetIn({ line, fields }: CsvRecord, { names }: Layout): Target | string {
  if (fields === undefined) return QUOTES;
  if (fields.slice(names.length).some((field) => field !== '')) {
    return `it has ${fields.length} values for ${names.length} columns; put a value that holds the separator in quotation marks`;
  }
  const text = (column: ColumnName): string => fields[names.indexOf(column)] ?? '';
  const wrong = COLUMNS.flatMap((column) => {
    const problem = text(column) === '' ? 'is missing' : CHECKS[column](text(column));
    return problem === undefined ? [] : [`${column} ${problem}`];
  });
  if (wrong.length > 0) return wrong.join('; ');
  return {
    line_number: line,
    attribute_name: text('attribute_name'),
    attribute_value: text('attribute_value'),
    minimum_level: levelOf(text('minimum_level')),
    minimum_agents: Number(text('minimum_agents')),
  };
}

/** @throws Unreadable */
function readLines(lines: readonly string[]): Targets {
  const layout = layoutOf(lines);
  const targets = new Map<string, Target>();
  const problems: TargetProblem[] = [];
  for (const record of recordsFrom(lines, layout.body, layout.separator)) {
    if (targets.size + problems.length === MOST_TARGETS) {
      throw new Unreadable('it has more than 10,000 targets; remove those that you do not need');
    }
    const target = targetIn(record, layout);
    if (typeof target === 'string') {
      problems.push({ line_number: record.line, problem: target });
      continue;
    }
    const { attribute_name, attribute_value, minimum_level } = target;
    const key = JSON.stringify([attribute_name, attribute_value, minimum_level]);
    const first = targets.get(key);
    if (first) {
      const problem = `it is about the same proficiency and level as line ${first.line_number}, which counts; remove one of them`;
      problems.push({ line_number: record.line, problem });
    } else targets.set(key, target);
  }
  return { targets: [...targets.values()], problems };
}

/** A file that counts for nothing. */
export const nothingRead = (problem: string): Targets => ({
  targets: [],
  problems: [{ line_number: null, problem }],
});

/**
 * Reads targets as spreadsheets save them: CSV in UTF-8, separated by commas, semicolons or tabs, with a header that names the
 * columns in any order and any case. What cannot be read is a problem, and nothing is thrown.
 */
export function readTargets(bytes: Uint8Array): Targets {
  try {
    return readLines(textOf(bytes).split(/\r\n|\n|\r/));
  } catch (error) {
    if (error instanceof Unreadable) return nothingRead(error.message);
    throw error;
  }
}
