import { isNativeError } from 'node:util/types';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { ExportFailure } from '../../contract/failure.ts';
import type { Partition } from '../../contract/keys.ts';
import { SAVED_QUERIES, type SavedQuery } from '../../sql/saved-queries.ts';
import { type Answer, toAnswer } from './answer.ts';
import { TRINO_MACROS, toDuckDb } from './dialect.ts';
import { type Ask, doubtsAbout, queryMeant } from './did-you-mean.ts';
import { changesLeftOut, notCompared } from './not-compared.ts';
import { type BoundQuery, bindParameters, type GivenParameters } from './parameters.ts';
import { damagedFile, type PublishedFiles, publishedFiles } from './published-files.ts';
import { schemaStatements } from './tables.ts';

/** The tables and views of Athena over a folder's snapshots, as they were when it was opened. */
export interface Snapshots {
  /**
   * Runs a saved query by its name, or any SQL of DuckDB.
   *
   * @param parameters replace the defaults of a saved query
   * @throws ExportFailure InvalidRequest for an unknown name, a wrong parameter or wrong SQL
   */
  run(query: string, parameters?: GivenParameters): Promise<Answer>;
  /** Says what should be known about an answer: parameters of which another value was probably meant, changes that it leaves out. */
  notesOn(query: string, parameters: GivenParameters): Promise<readonly string[]>;
  /** The published snapshots whose changes against the one before are missing or out of date. */
  notCompared(): Promise<readonly Partition[]>;
  close(): void;
}

/** SQL always has a space or a bracket; a name never. */
const isName = (query: string): boolean => /^[\w-]*$/.test(query.trim());

async function savedQuery(name: string, ask: Ask): Promise<SavedQuery> {
  const found = SAVED_QUERIES.find((query) => query.name === name);
  if (found !== undefined) return found;
  const names = SAVED_QUERIES.map((query) => query.name);
  const meant = await queryMeant(ask, name, names);
  throw new ExportFailure(
    'InvalidRequest',
    `There is no saved query "${name}"; ${meant === undefined ? `there are ${names.join(', ')}.` : `did you mean ${meant}?`}`,
  );
}

async function bound(query: string, parameters: GivenParameters, ask: Ask): Promise<BoundQuery> {
  if (isName(query)) {
    const { sql, values } = bindParameters(await savedQuery(query.trim(), ask), parameters);
    return { sql: toDuckDb(sql), values };
  }
  if (Object.keys(parameters).length === 0) return { sql: query, values: {} };
  throw new ExportFailure(
    'InvalidRequest',
    'SQL takes no parameters; write the values into it, or run a saved query by its name.',
  );
}

const withoutComments = (sql: string): string => sql.replaceAll(/--.*$|\/\*[\s\S]*?\*\//gm, '');

const isEmpty = (sql: string): boolean => /^[;\s]*$/.test(withoutComments(sql));

/** DuckDB would run all statements and answer one. */
async function refuseSeveral(connection: DuckDBConnection, sql: string): Promise<void> {
  if (isEmpty(sql)) {
    throw new ExportFailure('InvalidRequest', 'There is no statement in the SQL; write one.');
  }
  const { count } = await connection.extractStatements(sql);
  if (count > 1) {
    throw new ExportFailure(
      'InvalidRequest',
      `There are ${count} statements in the SQL, but only one would be answered; ask one at a time.`,
    );
  }
}

const asking =
  (connection: DuckDBConnection): Ask =>
  async (sql) =>
    (await connection.runAndReadAll(sql)).getRows();

async function execute(
  connection: DuckDBConnection,
  files: PublishedFiles,
  query: string,
  parameters: GivenParameters,
) {
  const { sql, values } = await bound(query, parameters, asking(connection));
  try {
    await refuseSeveral(connection, sql);
    return toAnswer(await connection.runAndReadAll(sql, { ...values }));
  } catch (error) {
    if (error instanceof ExportFailure) throw error;
    const [firstLine = ''] = (isNativeError(error) ? error.message : String(error)).split('\n');
    const reason = firstLine.replace('Failed to extract statements: ', '');
    const unreadable = Object.values(files)
      .flat()
      .find((file) => reason.includes(file));
    if (unreadable !== undefined)
      throw damagedFile(unreadable, `cannot be read (${reason})`, error);
    throw new ExportFailure('InvalidRequest', `DuckDB refused the query: ${reason}`, {
      cause: error,
    });
  }
}

/** No extension is looked up on the network, and `current_date` is UTC's, as in Athena. */
const OPTIONS = { autoinstall_known_extensions: 'false', autoload_known_extensions: 'false' };
const SESSION = ["SET TimeZone = 'UTC'", ...TRINO_MACROS];

/**
 * Opens the snapshots below a folder that an export wrote.
 *
 * @throws ExportFailure InvalidRequest where there is no snapshot, DamagedRun where one is truncated
 */
export async function openSnapshots(folder: string): Promise<Snapshots> {
  const files = await publishedFiles(folder);
  if (files.user_proficiencies.length === 0) {
    throw new ExportFailure(
      'InvalidRequest',
      `There is no snapshot in ${folder}; export one first, or name another folder with --out.`,
    );
  }
  const instance = await DuckDBInstance.create(':memory:', OPTIONS);
  const connection = await instance.connect();
  const close = () => {
    connection.closeSync();
    instance.closeSync();
  };
  try {
    for (const statement of [...SESSION, ...schemaStatements(files)])
      await connection.run(statement);
  } catch (error) {
    close();
    throw error;
  }
  return {
    run: (query, parameters = {}) => execute(connection, files, query, parameters),
    notCompared: () => notCompared(files),
    async notesOn(query, parameters) {
      const ask = asking(connection);
      const { sql } = await bound(query, parameters, ask);
      return [
        ...(await doubtsAbout(ask, parameters)),
        ...(await changesLeftOut(files, withoutComments(sql), folder)),
      ];
    },
    close,
  };
}
