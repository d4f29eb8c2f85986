import {
  DuckDBDecimalValue,
  type DuckDBResultReader,
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
