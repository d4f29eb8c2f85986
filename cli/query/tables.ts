import type { Column } from '../../contract/row.ts';
import { TABLES } from '../../sql/tables.ts';
import { VIEWS } from '../../sql/views.ts';
import { duckDbType, sqlText, toDuckDb } from './dialect.ts';
import type { PublishedFiles } from './published-files.ts';

/** Taken from the path, as Athena does, whatever the lines say. All files lie in a folder of an instance and a date. */
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

const emptyTable = (types: Readonly<Record<string, string>>): string =>
  `SELECT ${Object.entries(types)
    .map(([name, type]) => `CAST(NULL AS ${type}) AS "${name}"`)
    .join(', ')} WHERE false`;

/** The compression is stated, because DuckDB looks for it in the name and is misled by a "?" in a folder's. */
function select(
  columns: Columns,
  files: readonly string[],
  compression: 'gzip' | 'uncompressed',
): string {
  const types = { ...typesOf(columns), ...PARTITION_TYPES };
  if (files.length === 0) return emptyTable(types);
  const names = Object.keys(types).map((name) => `"${name}"`);
  return `SELECT ${names.join(', ')} FROM read_json(
    [${files.map(path).join(', ')}],
    format = 'newline_delimited',
    compression = '${compression}',
    columns = ${struct(lineTypes(columns))},
    hive_partitioning = true,
    hive_types = ${struct(PARTITION_TYPES)}
  )`;
}

/** Makes the tables and views that Athena has, over the files of a folder. No type is guessed. */
export const schemaStatements = (files: PublishedFiles): readonly string[] => [
  ...TABLES.map(
    ({ name, columns }) =>
      `CREATE VIEW ${name} AS ${select(columns, files[name], name === 'export_runs' ? 'uncompressed' : 'gzip')}`,
  ),
  ...VIEWS.map(({ name, sql }) => `CREATE VIEW ${name} AS ${toDuckDb(sql)}`),
];
