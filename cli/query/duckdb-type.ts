import { type HiveType, parseHiveType, type ScalarName } from '../../sql/column-type.ts';

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
    case 'struct':
      return `STRUCT(${type.fields.map(([name, field]) => `"${name}" ${write(field)}`).join(', ')})`;
  }
}

/** DuckDB's name for a Hive column type. */
export const duckDbType = (hiveType: string): string => write(parseHiveType(hiveType));
