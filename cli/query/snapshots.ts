import { isNativeError } from 'node:util/types';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { ExportFailure } from '../../contract/failure.ts';
import type { Partition } from '../../contract/keys.ts';
import { WrongUsage } from '../arguments.ts';
import { type Answer, toAnswer } from './answer.ts';
import { TRINO_MACROS } from './dialect.ts';
import { type Ask, doubtsAbout } from './doubts.ts';
import { changesLeftOut, notCompared } from './not-compared.ts';
import type { BoundQuery, GivenParameters } from './parameters.ts';
import {
  damagedFile,
  type PublishedFiles,
  publishedFiles,
  snapshotChecker,
} from './published-files.ts';
import { nameMeant, toQuestion } from './question.ts';
import { schemaStatements } from './tables.ts';
import { tablesRead } from './tables-read.ts';
import { areTargetsBehind, targetsLeftOut } from './targets-behind.ts';

/** The tables and views of Athena over a folder's snapshots, as they were when it was opened. */
export interface Snapshots {
  /**
   * Runs a saved query by its name, or any SQL of DuckDB.
   *
   * @param parameters replace the defaults of a saved query
   * @throws WrongUsage for an unknown name, a wrong parameter or wrong SQL
   * @throws ExportFailure InvalidRequest where DuckDB cannot answer, DamagedRun where a file is truncated or cannot be read
   */
  run(query: string, parameters?: GivenParameters): Promise<Answer>;
  /** Says what should be known about an answer: parameters of which another value was probably meant, changes and targets that it leaves out. */
  notesOn(query: string, parameters: GivenParameters): Promise<readonly string[]>;
  /** The published snapshots whose changes against the one before are missing or out of date. */
  notCompared(): Promise<readonly Partition[]>;
  /** Whether the coverage targets are not those of people's file. */
  areTargetsBehind(): Promise<boolean>;
  close(): void;
}

/** DuckDB would run all statements and answer one. */
async function refuseSeveral(connection: DuckDBConnection, sql: string): Promise<void> {
  const { count } = await connection.extractStatements(sql);
  if (count <= 1) return;
  throw new WrongUsage(
    `There are ${count} statements in the SQL, but only one would be answered; ask one at a time.`,
  );
}

const asking =
  (connection: DuckDBConnection): Ask =>
  async (sql) =>
    (await connection.runAndReadAll(sql)).getRows();

/** How DuckDB calls what is not the fault of the SQL. All others are: it says what is wrong with it. */
const OF_THE_WORLD =
  /^(?:IO|Out of Memory|Internal|FATAL|INTERRUPT|Permission|Connection|HTTP|Network) Error/i;

/** What a person can do about an error of DuckDB. */
function refusal(error: unknown, files: PublishedFiles, query: string): Error {
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

async function execute(
  connection: DuckDBConnection,
  files: PublishedFiles,
  query: string,
  { sql, values }: BoundQuery,
): Promise<Answer> {
  try {
    await refuseSeveral(connection, sql);
    return toAnswer(await connection.runAndReadAll(sql, { ...values }));
  } catch (error) {
    throw error instanceof WrongUsage ? error : refusal(error, files, query);
  }
}

/** No extension is looked up on the network, and `current_date` is UTC's, as in Athena. */
const OPTIONS = { autoinstall_known_extensions: 'false', autoload_known_extensions: 'false' };
const SESSION = ["SET TimeZone = 'UTC'", ...TRINO_MACROS];

/**
 * Opens the snapshots below a folder that an export wrote.
 *
 * @throws ExportFailure InvalidRequest where there is no snapshot
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
  const check = snapshotChecker(folder, files);
  return {
    async run(query, parameters = {}) {
      const question = toQuestion(query, parameters);
      await check(tablesRead(question.sql));
      return execute(connection, files, query, question);
    },
    notCompared: () => notCompared(files),
    areTargetsBehind: () => areTargetsBehind(folder),
    async notesOn(query, parameters) {
      const ask = asking(connection);
      const { sql } = toQuestion(query, parameters);
      return [
        ...(await doubtsAbout(ask, parameters)),
        ...(await changesLeftOut(files, sql, folder)),
        ...(await targetsLeftOut(ask, sql, folder)),
      ];
    },
    close,
  };
}
