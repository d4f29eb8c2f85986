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

function asTable(answer: Answer): string {
  const table = new Table({
    head: answer.columns.map(visible),
    colAligns: answer.columns.map((_, column) => (isNumeric(answer, column) ? 'right' : 'left')),
    style: { head: [], border: [], compact: true },
  });
  table.push(...answer.rows.map((row) => row.map((cell) => visible(plain(cell)))));
  return `${table.toString()}\n${answer.rows.length} ${answer.rows.length === 1 ? 'row' : 'rows'}\n`;
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
