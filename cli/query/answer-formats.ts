import type { Answer, Cell } from './answer.ts';
import { asTable, type Page, plain } from './table.ts';

/** How an answer can be written. */
export const FORMATS = ['table', 'csv', 'json'] as const;

export type Format = (typeof FORMATS)[number];

/** What an answer can be written to a file as. */
export const FILE_FORMATS = ['xlsx', 'parquet'] as const;

export type FileFormat = (typeof FILE_FORMATS)[number];

export const isFileFormat = (format: Format | FileFormat): format is FileFormat =>
  FILE_FORMATS.some((one) => one === format);

/** Quoted as RFC 4180 says; an empty text is quoted, so that it can be told from null. */
const csvField = (cell: Cell): string => {
  const text = plain(cell);
  const quoted = cell === '' || /[",\r\n]/.test(text);
  return quoted ? `"${text.replaceAll('"', '""')}"` : text;
};

const csvLine = (cells: readonly Cell[]): string => `${cells.map(csvField).join(',')}\r\n`;

function* asCsv({ columns, rows }: Answer, { limit }: Page): Generator<string> {
  yield csvLine(columns);
  for (const row of rows.slice(0, limit)) yield csvLine(row);
}

const asObject = (columns: readonly string[], row: readonly Cell[]): Record<string, Cell> =>
  Object.fromEntries(columns.map((column, index) => [column, row[index] ?? null]));

const indented = (json: string): string => `  ${json.replaceAll('\n', '\n  ')}`;

function* asJson({ columns, rows }: Answer, { limit }: Page): Generator<string> {
  let before = '[';
  for (const row of rows.slice(0, limit)) {
    yield `${before}\n${indented(JSON.stringify(asObject(columns, row), null, 2))}`;
    before = ',';
  }
  yield before === '[' ? '[]\n' : '\n]\n';
}

const WRITERS: Readonly<Record<Format, (answer: Answer, page: Page) => Iterable<string>>> = {
  table: asTable,
  csv: asCsv,
  json: asJson,
};

/**
 * An answer as text that ends with a line break, in pieces: for eyes, for a spreadsheet, for a program.
 *
 * @param page its width is a table's alone
 */
export const formatAnswer = (answer: Answer, format: Format, page: Page = {}): Iterable<string> =>
  WRITERS[format](answer, page);
