import type { DuckDBConnection } from '@duckdb/node-api';
import type { Partition } from '../../contract/keys.ts';
import { type Answer, type TypedAnswer, toAnswer, toTypedAnswer } from './answer.ts';
import { attributesLeftOut } from './attributes-left-out.ts';
import { datesAsked, nothingCompared, type Span, within } from './dates-asked.ts';
import { type Ask, doubtsAbout } from './doubts.ts';
import { changesLeftOut, notCompared } from './not-compared.ts';
import type { BoundQuery, GivenParameters } from './parameters.ts';
import { copyToParquet, type ToFile } from './parquet.ts';
import {
  type Extent,
  inFolder,
  noSnapshot,
  ofTables,
  type PublishedFiles,
  publishedIn,
  snapshotChecker,
} from './published-files.ts';
import { toQuestion } from './question.ts';
import { refusal, refuseSeveral } from './refusal.ts';
import { openSession, type Session } from './session.ts';
import { tablesNeeded, tablesRead } from './tables-read.ts';
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
  /** Answers as `run`, and says which columns hold days and moments. */
  runTyped(query: string, parameters: GivenParameters): Promise<TypedAnswer>;
  /** Writes the answer to a Parquet file. */
  writeParquet(query: string, parameters: GivenParameters, to: ToFile): Promise<void>;
  /**
   * Says what should be known about an answer: parameters of which another value was probably meant, that nothing is compared,
   * changes, targets and predefined attributes that it leaves out.
   *
   * @param place what was asked, as a person named it: a command to type is about that
   */
  notesOn(query: string, parameters: GivenParameters, place: string): Promise<readonly string[]>;
  /** The published snapshots whose changes against the one before are missing or out of date. */
  notCompared(): readonly Partition[];
  /** Whether the coverage targets are not those of people's file. */
  areTargetsBehind(): Promise<boolean>;
  close(): void;
}

const asking =
  (connection: DuckDBConnection): Ask =>
  async (sql) =>
    (await connection.runAndReadAll(sql)).getRows();

/** Does something with a question; what DuckDB says against it is put into words. */
async function inWords<T>(
  connection: DuckDBConnection,
  files: PublishedFiles,
  query: string,
  { sql }: BoundQuery,
  ask: () => Promise<T>,
): Promise<T> {
  try {
    await refuseSeveral(connection, sql);
    return await ask();
  } catch (error) {
    throw refusal(error, files, query);
  }
}

/** What a person asks. */
export interface Asked {
  /** The name of a saved query, or SQL. */
  readonly query: string;
  readonly parameters: GivenParameters;
}

/** What of a folder is opened. */
interface Opening {
  /** Default: `whole`. */
  readonly extent?: Extent;
  /** The only question that will be asked: what it does not name is not looked at. Default: any may be, and whether it compares nothing is not known. */
  readonly about?: Asked;
}

/** What a session looks at. */
interface LookedAt {
  /** Of the dates that are looked at, those of all tables. */
  readonly files: PublishedFiles;
  /** Those dates, where they may not be any. */
  readonly spans: readonly Span[] | undefined;
}

/**
 * Has the tables read what a question is about: those that it names, within the dates that it looks at; all of them where any
 * question may follow.
 *
 * @param keys all that is published in the folder
 */
async function openTables(
  { connection, readFrom }: Session,
  folder: string,
  keys: PublishedFiles,
  about: Asked | undefined,
): Promise<LookedAt> {
  if (about === undefined) {
    const files = inFolder(folder, keys);
    await readFrom(files);
    return { files, spans: undefined };
  }
  const question = toQuestion(about.query, about.parameters);
  const spans = await datesAsked(connection, question, keys.export_runs);
  const files = inFolder(folder, within(keys, spans));
  await readFrom(ofTables(files, tablesNeeded(question.sql, about.parameters)));
  return { files, spans };
}

/**
 * Opens the snapshots below a folder that an export wrote.
 *
 * @throws ExportFailure InvalidRequest where there is no snapshot
 */
export async function openSnapshots(
  folder: string,
  { extent = 'whole', about }: Opening = {},
): Promise<Snapshots> {
  const keys = await publishedIn(folder);
  if (extent === 'whole' && keys.user_proficiencies.length === 0) throw noSnapshot(folder);
  const session = await openSession();
  try {
    const lookedAt = await openTables(session, folder, keys, about);
    const files = inFolder(folder, keys);
    return snapshotsOf(session, { folder, extent, manifests: keys.export_runs, files, lookedAt });
  } catch (error) {
    session.close();
    throw error;
  }
}

/** What was opened. */
interface Opened {
  readonly folder: string;
  readonly extent: Extent;
  /** The keys of all that are published. */
  readonly manifests: readonly string[];
  /** All that is published. */
  readonly files: PublishedFiles;
  readonly lookedAt: LookedAt;
}

function snapshotsOf(
  { connection, close }: Session,
  { folder, extent, manifests, files, lookedAt }: Opened,
): Snapshots {
  const check = snapshotChecker(folder, files, extent);
  async function asked<T>(
    query: string,
    parameters: GivenParameters,
    answer: (question: BoundQuery) => Promise<T>,
  ): Promise<T> {
    const question = toQuestion(query, parameters);
    await check(tablesRead(question.sql));
    return inWords(connection, files, query, question, () => answer(question));
  }
  const read = ({ sql, values }: BoundQuery) => connection.runAndReadAll(sql, { ...values });
  // Of an excerpt, whoever chose it has said so.
  const comparisonsLeftOut = (sql: string, place: string): readonly string[] => [
    ...nothingCompared(manifests, lookedAt.spans),
    ...changesLeftOut(lookedAt.files, sql, place),
  ];
  return {
    run: (query, parameters = {}) =>
      asked(query, parameters, async (question) => toAnswer(await read(question))),
    runTyped: (query, parameters) =>
      asked(query, parameters, async (question) => toTypedAnswer(await read(question))),
    writeParquet: (query, parameters, to) =>
      asked(query, parameters, ({ sql, values }) =>
        copyToParquet(connection, sql, { ...values }, to),
      ),
    notCompared: () => notCompared(lookedAt.files),
    areTargetsBehind: () => areTargetsBehind(folder),
    async notesOn(query, parameters, place) {
      const ask = asking(connection);
      const { sql } = toQuestion(query, parameters);
      return [
        ...(await doubtsAbout(ask, parameters)),
        ...(extent === 'whole' ? comparisonsLeftOut(sql, place) : []),
        ...(await targetsLeftOut(ask, sql, folder, place)),
        ...(await attributesLeftOut(ask, sql)),
      ];
    },
    close,
  };
}
