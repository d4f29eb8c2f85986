import type { Column } from '../../contract/row.ts';
import { TABLES, type Table, type TableName } from '../../sql/tables.ts';
import { VIEWS } from '../../sql/views.ts';
import { duckDbType, sqlText, toDuckDb } from './dialect.ts';
import type { PublishedFiles } from './published-files.ts';

/**
 * Taken from the path, as Athena does, whatever the lines say. The files of every table with partitions lie in a folder of an instance
 * and a date: those of the newest rows, too, are the snapshots themselves.
 */
const PARTITION_TYPES = { instance_id: 'VARCHAR', snapshot_date: 'DATE' };

type Columns = Readonly<Record<string, Column>>;

/** DuckDB takes every path for a pattern: brackets make its special characters ordinary ones. */
const path = (file: string): string => sqlText(file.replaceAll(/[[*?]/g, '[$&]'));

const struct = (types: Readonly<Record<string, string>>): string =>
  `{${Object.entries(types)
    .map(([name, type]) => `${sqlText(name)}: ${sqlText(type)}`)
    .join(', ')}}`;

const typesOf = (columns: Columns): Record<string, string> =>
  Object.fromEntries(
    Object.entries(columns).map(([name, column]) => [name, duckDbType(column.type)]),
  );

/** Every key of the lines that is not a partition key too. */
const lineTypes = (columns: Columns): Record<string, string> =>
  Object.fromEntries(
    Object.entries(typesOf(columns)).filter(([name]) => !(name in PARTITION_TYPES)),
  );

const partitioning = (types: Readonly<Record<string, string>>): string =>
  Object.keys(types).length === 0
    ? 'hive_partitioning = false'
    : `hive_partitioning = true, hive_types = ${struct(types)}`;

const emptyTable = (types: Readonly<Record<string, string>>): string =>
  `SELECT ${Object.entries(types)
    .map(([name, type]) => `CAST(NULL AS ${type}) AS "${name}"`)
    .join(', ')} WHERE false`;

/** Functions of DuckDB that read the same lines; its plans call them by their names. */
type Reader = 'read_json' | 'read_ndjson';

/** The compression is stated, because DuckDB looks for it in the name and is misled by a "?" in a folder's. */
function select(
  { name, columns, partitions }: Table,
  files: readonly string[],
  reader: Reader,
): string {
  const partitionTypes = Object.keys(partitions).length === 0 ? {} : PARTITION_TYPES;
  const types = { ...typesOf(columns), ...partitionTypes };
  if (files.length === 0) return emptyTable(types);
  const names = Object.keys(types).map((name) => `"${name}"`);
  return `SELECT ${names.join(', ')} FROM ${reader}(
    [${files.map(path).join(', ')}],
    format = 'newline_delimited',
    compression = '${name === 'export_runs' ? 'uncompressed' : 'gzip'}',
    columns = ${struct(lineTypes(columns))},
    ${partitioning(partitionTypes)}
  )`;
}

/** Makes a table over other files than before. */
export function tableStatement(
  name: TableName,
  files: readonly string[],
  reader: Reader = 'read_json',
): string {
  const table = TABLES.find((one) => one.name === name);
  if (table === undefined) throw new Error(`There is no table ${name}.`);
  return `CREATE OR REPLACE VIEW ${name} AS ${select(table, files, reader)}`;
}

/** Makes the tables and views that Athena has, over no files yet. No type is guessed. */
export const schemaStatements = (): readonly string[] => [
  ...TABLES.map(({ name }) => tableStatement(name, [])),
  ...VIEWS.map(({ name, sql }) => `CREATE VIEW ${name} AS ${toDuckDb(sql)}`),
];

/** Has the tables read these files alone. */
export const fileStatements = (files: PublishedFiles): readonly string[] =>
  TABLES.map(({ name }) => tableStatement(name, files[name]));
