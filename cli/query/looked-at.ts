import { datesAsked, within } from './dates-asked.ts';
import type { GivenParameters } from './parameters.ts';
import { inFolder, ofTables, type PublishedFiles } from './published-files.ts';
import { toQuestion } from './question.ts';
import type { Session } from './session.ts';
import { tablesNeeded } from './tables-read.ts';

/** What a person asks. */
export interface Asked {
  /** The name of a saved query, or SQL. */
  readonly query: string;
  readonly parameters: GivenParameters;
}

/**
 * Has the tables read what a question is about: those that it names, within the dates that it looks at.
 *
 * @param keys all that is published in the folder
 * @returns the files of those dates, of all tables
 */
export async function readForQuestion(
  { connection, readFrom }: Session,
  folder: string,
  keys: PublishedFiles,
  { query, parameters }: Asked,
): Promise<PublishedFiles> {
  const question = toQuestion(query, parameters);
  const spans = await datesAsked(connection, question, keys.export_runs);
  const files = inFolder(folder, within(keys, spans));
  await readFrom(ofTables(files, tablesNeeded(question.sql, parameters)));
  return files;
}
