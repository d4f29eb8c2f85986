import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { TRINO_MACROS } from './dialect.ts';
import type { PublishedFiles } from './published-files.ts';
import { fileStatements, schemaStatements } from './tables.ts';

/** DuckDB with the tables and views of Athena. */
export interface Session {
  readonly connection: DuckDBConnection;
  /** Has the tables read these files and no others from now on. DuckDB looks into the first file of each table. */
  readFrom(files: PublishedFiles): Promise<void>;
  close(): void;
}

/** No extension is looked up on the network, and `current_date` is UTC's, as in Athena. */
const OPTIONS = { autoinstall_known_extensions: 'false', autoload_known_extensions: 'false' };
const SETTINGS = ["SET TimeZone = 'UTC'", ...TRINO_MACROS];

async function runAll(connection: DuckDBConnection, statements: readonly string[]): Promise<void> {
  for (const statement of statements) await connection.run(statement);
}

/** Opens tables and views over no files yet. */
export async function openSession(): Promise<Session> {
  const instance = await DuckDBInstance.create(':memory:', OPTIONS);
  const connection = await instance.connect();
  const close = () => {
    connection.closeSync();
    instance.closeSync();
  };
  const readFrom = (files: PublishedFiles) => runAll(connection, fileStatements(files));
  try {
    await runAll(connection, [...SETTINGS, ...schemaStatements()]);
  } catch (error) {
    close();
    throw error;
  }
  return { connection, readFrom, close };
}
