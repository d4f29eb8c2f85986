import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api';
import { sqlText } from './dialect.ts';

/** Holds the answer on the way: DuckDB's COPY takes no parameters. Nobody's question would have this name in it. */
const ANSWER = '"the answer that is written"';

/** Where an answer goes. */
export interface ToFile {
  /** Of a file that is not there yet. */
  readonly path: string;
  /** Rows at most; default: all. */
  readonly limit?: number | undefined;
}

/** Writes what a statement answers to a Parquet file, lists, structures and maps as such. */
export async function copyToParquet(
  connection: DuckDBConnection,
  sql: string,
  values: Record<string, DuckDBValue>,
  { path, limit }: ToFile,
): Promise<void> {
  const statement = sql.replace(/;\s*$/, '');
  await connection.run(`CREATE OR REPLACE TEMP TABLE ${ANSWER} AS ${statement}`, values);
  const options = 'FORMAT parquet, COMPRESSION zstd';
  const rows = limit === undefined ? '' : ` LIMIT ${limit}`;
  await connection.run(`COPY (FROM ${ANSWER}${rows}) TO ${sqlText(path)} (${options})`);
  await connection.run(`DROP TABLE ${ANSWER}`);
}
