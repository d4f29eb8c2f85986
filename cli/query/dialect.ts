import { type HiveType, parseHiveType, type ScalarName } from '../../sql/column-type.ts';

/**
 * What makes the Trino SQL of sql/ run on DuckDB. It is all there is: a shipped statement that
 * needs more fails its test.
 */

/** Functions of Trino that DuckDB has under another name, or not at all. */
export const TRINO_MACROS: readonly string[] = [
  'CREATE MACRO array_join(list, separator) AS array_to_string(list, separator)',
  'CREATE MACRO from_iso8601_timestamp(text) AS CAST(text AS TIMESTAMPTZ)',
  'CREATE MACRO slice(list, first, length) AS list_slice(list, first, first + length - 1)',
];

/** What a macro cannot give: a macro takes no lambda, and UNNEST is built in. */
const REWRITTEN: readonly (readonly [RegExp, string])[] = [
  [
    // Every field of one list side by side. In SELECT, conditions on dates pass through DuckDB's UNNEST to the files; through a join they do not.
    /FROM (\w+) (\w+)\nLEFT JOIN UNNEST\(\s*transform\(\w+\.(\w+),[\s\S]*?\) AS (\w+) \([^)]*\) ON TRUE/g,
    'FROM (SELECT *, unnest(CASE WHEN len($3) > 0 THEN $3 ELSE [NULL] END) AS $4 FROM $1) $2',
  ],
  [/\btransform\(/g, 'list_transform('],
  // Null beyond the end of a list; DuckDB's own function of this name is for maps.
  [/\belement_at\(/g, 'list_extract('],
];

/** A shipped statement in DuckDB's words. Not for SQL that a person types: that is DuckDB's already. */
export const toDuckDb = (trinoSql: string): string =>
  REWRITTEN.reduce((sql, [pattern, name]) => sql.replace(pattern, name), trinoSql);

/** A text as a literal of SQL. */
export const sqlText = (value: string): string => `'${value.replaceAll("'", "''")}'`;

const SCALARS: Readonly<Record<ScalarName, string>> = {
  string: 'VARCHAR',
  int: 'INTEGER',
  bigint: 'BIGINT',
  double: 'DOUBLE',
  date: 'DATE',
  timestamp: 'TIMESTAMP_MS',
};

function write(type: HiveType): string {
  switch (type.kind) {
    case 'scalar':
      return SCALARS[type.name];
    case 'array':
      return `${write(type.element)}[]`;
    case 'map':
      return `MAP(${write(type.key)}, ${write(type.value)})`;
    case 'struct':
      return `STRUCT(${type.fields.map(([name, field]) => `"${name}" ${write(field)}`).join(', ')})`;
  }
}

/** DuckDB's name for a Hive column type. */
export const duckDbType = (hiveType: string): string => write(parseHiveType(hiveType));
