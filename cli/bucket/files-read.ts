import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type DuckDBConnection, StatementType } from '@duckdb/node-api';
import * as z from 'zod';
import { parse } from '../../contract/parse.ts';
import { parseJson } from '../../export/files/json.ts';
import type { TableName } from '../../sql/tables.ts';
import { datesAsked, type Span, within } from '../query/dates-asked.ts';
import type { BoundQuery } from '../query/parameters.ts';
import { inFolder, type PublishedFiles } from '../query/published-files.ts';
import { refusal, refuseSeveral } from '../query/refusal.ts';
import { openSession, type Session } from '../query/session.ts';
import { tableStatement } from '../query/tables.ts';
import { inWords } from '../store/folder-failure.ts';
import { withTemporaryFolder } from '../store/temporary-folder.ts';

/** Of these tables a question may read some dates and instances only. */
const DATED = [
  'user_proficiencies',
  'export_runs',
  'snapshot_changes',
  'predefined_attributes',
] as const satisfies TableName[];

const nodeSchema = z.object({
  name: z.string(),
  extra_info: z.object({ 'Scanning Files': z.string().optional() }),
  get children() {
    return z.array(nodeSchema).optional();
  },
});

type Node = z.infer<typeof nodeSchema>;

const withAllBelow = (node: Node): Node[] => [node, ...(node.children ?? []).flatMap(withAllBelow)];

/** How many files each scan of the table that is read by `read_ndjson` takes; all where the plan does not say. */
async function scans(
  connection: DuckDBConnection,
  { sql, values }: BoundQuery,
): Promise<readonly number[]> {
  const explained = await connection.runAndReadAll(`EXPLAIN (FORMAT json) ${sql}`, { ...values });
  const plan = parseJson(String(explained.getRows()[0]?.[1]));
  return parse(z.array(nodeSchema), plan, "DuckDB's plan")
    .flatMap(withAllBelow)
    .filter(({ name }) => name.trim() === 'READ_NDJSON')
    .map((node) => {
      const [files] = node.extra_info['Scanning Files']?.split('/') ?? [];
      return files === undefined ? Number.POSITIVE_INFINITY : Number(files);
    });
}

/** Those of some files of a table that a question reads: halves are looked at until a plan takes all of one, or nothing. */
async function readAmong(
  connection: DuckDBConnection,
  table: TableName,
  files: readonly string[],
  question: BoundQuery,
): Promise<readonly string[]> {
  if (files.length === 0) return [];
  await connection.run(tableStatement(table, files, 'read_ndjson'));
  const most = Math.max(0, ...(await scans(connection, question)));
  if (most === 0) return [];
  if (most >= files.length) return files;
  const middle = Math.ceil(files.length / 2);
  return [
    ...(await readAmong(connection, table, files.slice(0, middle), question)),
    ...(await readAmong(connection, table, files.slice(middle), question)),
  ];
}

/** Files without a line, where those that are asked about would lie. */
async function writePlaceholders(files: PublishedFiles): Promise<void> {
  const nothing = gzipSync('');
  for (const file of new Set(Object.values(files).flat())) {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, file.endsWith('.gz') ? nothing : '{}\n');
  }
}

/** Uses a session, and a folder that is gone afterwards. */
const planning = <T>(use: (session: Session, folder: string) => Promise<T>): Promise<T> =>
  withTemporaryFolder(join(tmpdir(), 'proficiencies-plan-'), async (folder) => {
    const session = await openSession();
    try {
      return await use(session, folder);
    } finally {
      session.close();
    }
  });

const isSelect = async (connection: DuckDBConnection, sql: string): Promise<boolean> =>
  (await connection.prepare(sql)).statementType === StatementType.SELECT;

/** Those of the keys that the plan of a question takes. */
async function keysPlanned(
  { connection, readFrom }: Session,
  folder: string,
  keys: PublishedFiles,
  question: BoundQuery,
): Promise<PublishedFiles> {
  const files = inFolder(folder, keys);
  await inWords(folder, 'written to', writePlaceholders(files), 'temporary');
  await readFrom(files);
  const read = { ...keys };
  for (const table of DATED.filter((one) => keys[one].length > 0)) {
    const paths = new Set(await readAmong(connection, table, files[table], question));
    await connection.run(tableStatement(table, files[table]));
    read[table] = keys[table].filter((_, index) => paths.has(files[table][index] ?? ''));
  }
  return read;
}

/** What a question reads. */
interface Read {
  readonly keys: PublishedFiles;
  /** The dates that it looks at, where it may not be any. */
  readonly spans: readonly Span[] | undefined;
}

/**
 * Those of the keys that a question reads: DuckDB itself says which dates and instances its plan takes, before anything is
 * fetched. What it would learn only from the lines it takes whole.
 *
 * @param published keys of the tables that the question names
 * @param query as the person put it, for the messages
 * @throws WrongUsage where the SQL is wrong
 */
export const keysRead = (
  published: PublishedFiles,
  question: BoundQuery,
  query: string,
): Promise<Read> =>
  planning(async (session, folder) => {
    const { connection } = session;
    try {
      await refuseSeveral(connection, question.sql);
      if (!(await isSelect(connection, question.sql))) return { keys: published, spans: undefined };
      const spans = await datesAsked(connection, question, published.export_runs);
      const keys = await keysPlanned(session, folder, within(published, spans), question);
      return { keys, spans };
    } catch (error) {
      throw refusal(error, inFolder(folder, published), query);
    }
  });
