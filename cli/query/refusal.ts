import { isNativeError } from 'node:util/types';
import type { DuckDBConnection } from '@duckdb/node-api';
import { ExportFailure } from '../../contract/failure.ts';
import { WrongUsage } from '../arguments.ts';
import { damagedFile, type PublishedFiles } from './published-files.ts';
import { nameMeant } from './question.ts';

/** How DuckDB calls what is not the fault of the SQL. All others are: it says what is wrong with it. */
const OF_THE_WORLD =
  /^(?:IO|Out of Memory|Internal|FATAL|INTERRUPT|Permission|Connection|HTTP|Network) Error/i;

/** What a person can do about an error of DuckDB. What is told in a sentence already is handed back as it is. */
export function refusal(error: unknown, files: PublishedFiles, query: string): Error {
  if (error instanceof WrongUsage || error instanceof ExportFailure) return error;
  const [firstLine = ''] = (isNativeError(error) ? error.message : String(error)).split('\n');
  const reason = firstLine.replace('Failed to extract statements: ', '');
  const unreadable = Object.values(files)
    .flat()
    .find((file) => reason.includes(file));
  if (unreadable !== undefined) {
    return damagedFile(unreadable, `cannot be read (${reason})`, error);
  }
  const sentence = `DuckDB refused the query: ${reason}`;
  if (OF_THE_WORLD.test(reason)) {
    return new ExportFailure('InvalidRequest', sentence, { cause: error });
  }
  const meant = nameMeant(query);
  return new WrongUsage(meant === undefined ? sentence : `${sentence}; ${meant}`);
}

/** DuckDB would run all statements and answer one. */
export async function refuseSeveral(connection: DuckDBConnection, sql: string): Promise<void> {
  const { count } = await connection.extractStatements(sql);
  if (count <= 1) return;
  throw new WrongUsage(
    `There are ${count} statements in the SQL, but only one would be answered; ask one at a time.`,
  );
}
