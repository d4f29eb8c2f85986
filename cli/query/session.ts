import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { TRINO_MACROS } from './dialect.ts';
import type { PublishedFiles } from './published-files.ts';
import { fileStatements, schemaStatements } from './tables.ts';

/** DuckDB with the tables and views of Athena. */
export interface Session {
  readonly connection: DuckDBConnection;
  close(): void;
}

/** No extension is looked up on the network, and `current_date` is UTC's, as in Athena. */
const OPTIONS = { autoinstall_known_extensions: 'false', autoload_known_extensions: 'false' };
const SETTINGS = ["SET TimeZone = 'UTC'", ...TRINO_MACROS];

/** Opens tables and views over files. The first file of each table is looked into. */
export async function openSession(files: PublishedFiles): Promise<Session> {
  const instance = await DuckDBInstance.create(':memory:', OPTIONS);
  const connection = await instance.connect();
  const close = () => {
    connection.closeSync();
    instance.closeSync();
  };
  try {
    for (const statement of [...SETTINGS, ...schemaStatements(), ...fileStatements(files)]) {
      await connection.run(statement);
    }
  } catch (error) {
    close();
    throw error;
  }
  return { connection, close };
}
