import Table from 'cli-table3';
import type { Answer, Cell } from './answer.ts';
import { fitted, type Width, widthOf, wrapped } from './columns.ts';

/** Where a table is printed to. */
export interface Page {
  /** The width of the terminal; absent where it is none: each column is then as wide as it needs to be. */
  readonly width?: Width | undefined;
  /** Print so many rows at most. Default: all. */
  readonly limit?: number | undefined;
}

/** A cell as text; null is empty. */
export const plain = (cell: Cell): string => {
  if (cell === null) return '';
  return typeof cell === 'object' ? JSON.stringify(cell) : String(cell);
};

/**
 * Control characters (line breaks aside) would move the cursor or colour the terminal, and those that turn the direction of what
 * follows would spill into other cells: they are shown by their code.
 */
const visible = (text: string): string =>
  text.replaceAll(
    /(?!\n)\p{Cc}|[\u202a-\u202e\u2066-\u2069]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

type Rows = Answer['rows'];

const isNumeric = (rows: Rows, column: number): boolean =>
  rows.some((row) => typeof row[column] === 'number') &&
  rows.every((row) => row[column] === null || typeof row[column] === 'number');

/** Columns that say where a row is from: usually the same in all rows, and too wide to be said in each. */
const ORIGIN = ['instance_id', 'region', 'snapshot_date', 'run_id'];

/** Whether a column can be said once, below the table. */
const isShared = ({ columns, rows }: Answer, column: number): boolean =>
  rows.length > 1 &&
  ORIGIN.includes(columns[column] ?? '') &&
  rows.every((row) => row[column] === rows[0]?.[column]);

const counted = (rows: number): string => `${rows} ${rows === 1 ? 'row' : 'rows'}`;

function footer(all: number, shown: number, shared: readonly string[]): string {
  const count =
    shown === all
      ? counted(all)
      : `${shown} of ${counted(all)} (all of them: --limit ${all}, or --format csv)`;
  return shared.length === 0 ? count : `${count}, each with ${shared.join(', ')}`;
}

/** The library's time grows with the square of a table's rows: it draws so many at a time. */
const ROWS_AT_A_TIME = 50;

const NO_TOP = { top: '', 'top-mid': '', 'top-left': '', 'top-right': '' };
const NO_BOTTOM = { bottom: '', 'bottom-mid': '', 'bottom-left': '', 'bottom-right': '' };

/** What all parts of a table have in common. */
interface Layout {
  readonly head: readonly string[];
  readonly widths: readonly Width[];
  readonly aligns: ('left' | 'right')[];
}

/** Some rows of a table: the first part has the head, the last one the line below. */
function part(
  { head, widths, aligns }: Layout,
  rows: readonly (readonly string[])[],
  { isFirst, isLast }: { readonly isFirst: boolean; readonly isLast: boolean },
): string {
  const inWidth = (cells: readonly string[]) =>
    cells.map((cell, index) => wrapped(cell, widths[index] ?? cell.length));
  const table = new Table({
    head: isFirst ? inWidth(head) : [],
    colWidths: widths.map((width) => width + 2),
    colAligns: aligns,
    chars: { ...(isFirst ? {} : NO_TOP), ...(isLast ? {} : NO_BOTTOM) },
    style: { head: [], border: [], compact: true },
  });
  for (const row of rows) table.push(inWidth(row));
  return `${table.toString()}\n`;
}

/** An answer for eyes, as text in pieces. */
export function* asTable(answer: Answer, page: Page): Generator<string> {
  const rows = answer.rows.slice(0, page.limit);
  const all = answer.columns.map((_, column) => column);
  const shared = all.filter((column) => isShared(answer, column));
  const shown = shared.length === all.length ? all : all.filter((one) => !shared.includes(one));
  const cells = rows.map((row) => shown.map((column) => visible(plain(row[column] ?? null))));
  const head = shown.map((column) => visible(answer.columns[column] ?? ''));
  const needed = head.map((text, index) =>
    cells.reduce((most, row) => Math.max(most, widthOf(row[index] ?? '')), widthOf(text)),
  );
  const layout: Layout = {
    head,
    widths: page.width === undefined ? needed : fitted(needed, page.width),
    aligns: shown.map((column) => (isNumeric(rows, column) ? 'right' : 'left')),
  };
  for (let from = 0; from === 0 || from < cells.length; from += ROWS_AT_A_TIME) {
    const end = from + ROWS_AT_A_TIME;
    yield part(layout, cells.slice(from, end), {
      isFirst: from === 0,
      isLast: end >= cells.length,
    });
  }
  const below = shared
    .filter((column) => !shown.includes(column))
    .map(
      (column) => `${answer.columns[column]} ${visible(plain(answer.rows[0]?.[column] ?? 'null'))}`,
    );
  yield `${footer(answer.rows.length, rows.length, below)}\n`;
}
