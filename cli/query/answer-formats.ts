import Table from 'cli-table3';
import type { Answer, Cell } from './answer.ts';

/** How an answer can be written. */
export const FORMATS = ['table', 'csv', 'json'] as const;

export type Format = (typeof FORMATS)[number];

const plain = (cell: Cell): string => {
  if (cell === null) return '';
  return typeof cell === 'object' ? JSON.stringify(cell) : String(cell);
};

/** Control characters (line breaks aside) would move the cursor or colour the terminal: they are shown by their code. */
const visible = (text: string): string =>
  text.replaceAll(
    /(?!\n)\p{Cc}/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

const isNumeric = ({ rows }: Answer, column: number): boolean =>
  rows.some((row) => typeof row[column] === 'number') &&
  rows.every((row) => row[column] === null || typeof row[column] === 'number');

/** Columns that say where a row is from: usually the same in all rows, and too wide to be said in each. */
const ORIGIN = ['instance_id', 'region', 'snapshot_date', 'run_id'];

/** Whether a column can be said once, below the table. */
const isShared = ({ columns, rows }: Answer, column: number): boolean =>
  rows.length > 1 &&
  ORIGIN.includes(columns[column] ?? '') &&
  rows.every((row) => row[column] === rows[0]?.[column]);

const pick = <T>(items: readonly T[], indexes: readonly number[]): T[] =>
  items.filter((_, index) => indexes.includes(index));

function footer(rows: number, shared: readonly string[]): string {
  const count = `${rows} ${rows === 1 ? 'row' : 'rows'}`;
  return shared.length === 0 ? count : `${count}, each with ${shared.join(', ')}`;
}

function asTable(answer: Answer): string {
  const all = answer.columns.map((_, column) => column);
  const shared = all.filter((column) => isShared(answer, column));
  const shown = shared.length === all.length ? all : all.filter((one) => !shared.includes(one));
  const table = new Table({
    head: pick(answer.columns, shown).map(visible),
    colAligns: shown.map((column) => (isNumeric(answer, column) ? 'right' : 'left')),
    style: { head: [], border: [], compact: true },
  });
  for (const row of answer.rows) table.push(pick(row, shown).map((cell) => visible(plain(cell))));
  const below = shared
    .filter((column) => !shown.includes(column))
    .map(
      (column) => `${answer.columns[column]} ${visible(plain(answer.rows[0]?.[column] ?? 'null'))}`,
    );
  return `${table.toString()}\n${footer(answer.rows.length, below)}\n`;
}

/** Quoted as RFC 4180 says; an empty text is quoted, so that it can be told from null. */
const csvField = (cell: Cell): string => {
  const text = plain(cell);
  const quoted = cell === '' || /[",\r\n]/.test(text);
  return quoted ? `"${text.replaceAll('"', '""')}"` : text;
};

const csvLine = (cells: readonly Cell[]): string => `${cells.map(csvField).join(',')}\r\n`;

const asCsv = ({ columns, rows }: Answer): string => [columns, ...rows].map(csvLine).join('');

const asObject = (columns: readonly string[], row: readonly Cell[]): Record<string, Cell> =>
  Object.fromEntries(columns.map((column, index) => [column, row[index] ?? null]));

const asJson = ({ columns, rows }: Answer): string =>
  `${JSON.stringify(
    rows.map((row) => asObject(columns, row)),
    null,
    2,
  )}\n`;

const WRITERS: Readonly<Record<Format, (answer: Answer) => string>> = {
  table: asTable,
  csv: asCsv,
  json: asJson,
};

/** An answer as text that ends with a line break: for eyes, for a spreadsheet, for a program. */
export const formatAnswer = (answer: Answer, format: Format): string => WRITERS[format](answer);
