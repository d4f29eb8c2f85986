import {
  DuckDBDecimalValue,
  type DuckDBResultReader,
  DuckDBTypeId,
  type DuckDBValueConverter,
  type Json,
  JsonDuckDBValueConverter,
} from '@duckdb/node-api';

/** A value in an answer: dates and times are text as Athena prints them. */
export type Cell = Json;

/** What a query answers: rows hold their cells in the order of the columns. */
export interface Answer {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

/** DuckDB's own JSON form, with numbers as numbers: whole ones too large for that stay text. */
const toCell: DuckDBValueConverter<Cell> = (value, type, converter) => {
  if (typeof value === 'bigint') {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : String(value);
  }
  if (value instanceof DuckDBDecimalValue) return value.toDouble();
  return JsonDuckDBValueConverter(value, type, converter);
};

export const toAnswer = (result: DuckDBResultReader): Answer => ({
  columns: result.deduplicatedColumnNames(),
  rows: result.convertRows(toCell),
});

/** What the texts of a column are: days, moments of UTC, or just what they say. */
export type CellKind = 'date' | 'time' | 'other';

/** An answer of which the text of days and moments is told from other text. */
export interface TypedAnswer extends Answer {
  /** Of each column. */
  readonly kinds: readonly CellKind[];
}

const KINDS: Partial<Record<DuckDBTypeId, CellKind>> = {
  [DuckDBTypeId.DATE]: 'date',
  [DuckDBTypeId.TIMESTAMP]: 'time',
  [DuckDBTypeId.TIMESTAMP_S]: 'time',
  [DuckDBTypeId.TIMESTAMP_MS]: 'time',
};

export const toTypedAnswer = (result: DuckDBResultReader): TypedAnswer => ({
  ...toAnswer(result),
  kinds: result.columnTypes().map(({ typeId }) => KINDS[typeId] ?? 'other'),
});
