import writeXlsxFile, { type Row } from 'write-excel-file/node';
import {
  getOrderOfSiblings,
  insertElementMarkupAccordingToOrderOfSiblings,
} from 'write-excel-file/utility';
import { ExportFailure } from '../../contract/failure.ts';
import type { Cell, CellKind, TypedAnswer } from './answer.ts';
import { widthOf } from './columns.ts';
import { plain } from './table.ts';

/** What a sheet of Excel holds at most ("Excel specifications and limits", Microsoft). */
const MOST_ROWS = 1_048_576;
const MOST_CHARACTERS = 32_767;

/** A column is as wide as its name and the first rows need, in characters, and not wider than this. */
const WIDEST = 60;
const ROWS_LOOKED_AT = 200;

/** For the arrows that a filter puts beside a name. */
const ROOM_FOR_ARROW = 3;

const FORMATS: Readonly<Record<Exclude<CellKind, 'other'>, string>> = {
  date: 'yyyy-mm-dd',
  time: 'yyyy-mm-dd hh:mm:ss',
};

/** A day or a moment of UTC, as answers print them. */
const momentOf = (text: string): Date =>
  new Date(text.includes(' ') ? `${text.replace(' ', 'T')}Z` : `${text}T00:00:00Z`);

function toValue(cell: Cell, kind: CellKind): Row[number] {
  if (cell === null || cell === undefined) return null;
  if (typeof cell === 'number' || typeof cell === 'boolean') return cell;
  if (kind !== 'other' && typeof cell === 'string') {
    return { type: Date, value: momentOf(cell), format: FORMATS[kind] };
  }
  const text = plain(cell);
  if (text.length > MOST_CHARACTERS) {
    throw new ExportFailure(
      'InvalidRequest',
      `A cell of the answer has ${text.length} characters, and Excel takes ${MOST_CHARACTERS}: use --format csv or parquet.`,
    );
  }
  return { type: String, value: text };
}

const letters = (column: number): string =>
  (column >= 26 ? letters(Math.floor(column / 26) - 1) : '') +
  String.fromCharCode(65 + (column % 26));

const SHEET = 'xl/worksheets/sheet{id}.xml';

/** The arrows beside the names of the columns, by which a person filters and sorts. */
const filter = (columns: number, rows: number) => ({
  files: {
    transform: {
      [SHEET]: {
        transform: (xml: string) =>
          insertElementMarkupAccordingToOrderOfSiblings(
            xml,
            `<autoFilter ref="A1:${letters(columns - 1)}${rows}"/>`,
            getOrderOfSiblings(SHEET, 'worksheet') ?? [],
            'worksheet',
          ),
      },
    },
  },
});

/**
 * An answer as a workbook of Excel: numbers, days and moments as such, the names of the columns in a row that stays, with filters.
 *
 * @throws ExportFailure InvalidRequest where it is more than a sheet holds
 */
export async function asWorkbook({ columns, rows, kinds }: TypedAnswer): Promise<Buffer> {
  if (rows.length >= MOST_ROWS) {
    throw new ExportFailure(
      'InvalidRequest',
      `The answer has ${rows.length} rows, and a sheet of Excel takes ${MOST_ROWS} with its first one: use --limit, or --format csv or parquet.`,
    );
  }
  const header = columns.map((value) => ({ type: String, value, fontWeight: 'bold' as const }));
  const sheet: Row[] = [
    header,
    ...rows.map((row) => row.map((cell, index) => toValue(cell, kinds[index] ?? 'other'))),
  ];
  const widths = columns.map((name, index) => {
    const texts = rows.slice(0, ROWS_LOOKED_AT).map((row) => widthOf(plain(row[index] ?? null)));
    return { width: Math.min(WIDEST, Math.max(name.length + ROOM_FOR_ARROW, ...texts) + 1) };
  });
  const options = { sheet: 'Answer', stickyRowsCount: 1, columns: widths };
  const features = [filter(columns.length, sheet.length)];
  return writeXlsxFile(sheet, options, { features }).toBuffer();
}
