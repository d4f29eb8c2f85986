import { z } from 'zod';
import { openSnapshots, type Snapshots } from '../../cli/query/snapshots.ts';
import { trinoType } from '../../lib/catalog/view-table.ts';
import { VIEWS } from '../../sql/views.ts';
import { INSTANCES, synthesize } from '../lib/catalog/synthesized.ts';
import { writeWorld } from '../support/published-world.ts';
import { temporaryFolders } from '../support/temporary-folder.ts';

const definitionSchema = z.strictObject({
  originalSql: z.string(),
  catalog: z.string(),
  schema: z.string(),
  columns: z.array(z.strictObject({ name: z.string(), type: z.string() })),
});

const { table, catalog } = synthesize();

const definitionOf = (name: string) => {
  const [, encoded = ''] =
    /^\/\* Presto View: (\S+) \*\/$/.exec(table(name).ViewOriginalText ?? '') ?? [];
  return definitionSchema.parse(JSON.parse(Buffer.from(encoded, 'base64').toString('utf8')));
};

/** What Athena calls a Hive type in SQL, and DuckDB (docs.aws.amazon.com/athena, "Data types in Amazon Athena"). */
const TYPES: Record<string, { trino: string; duckDb: string }> = {
  string: { trino: 'varchar', duckDb: 'VARCHAR' },
  int: { trino: 'integer', duckDb: 'INTEGER' },
  double: { trino: 'double', duckDb: 'DOUBLE' },
  date: { trino: 'date', duckDb: 'DATE' },
  timestamp: { trino: 'timestamp(3)', duckDb: 'TIMESTAMP_MS' },
};

const newFolder = temporaryFolders();
let snapshots: Snapshots;
beforeAll(async () => {
  const folder = newFolder();
  writeWorld(folder, { [INSTANCES[0] ?? '']: [{ date: '2026-11-20', users: [] }] });
  snapshots = await openSnapshots(folder);
});
afterAll(() => snapshots.close());

describe.each(VIEWS.map(({ name, sql }) => [name, sql] as const))('%s', (name, sql) => {
  it('is what Athena itself would keep of it', () => {
    expect(table(name)).toMatchObject({
      TableType: 'VIRTUAL_VIEW',
      Parameters: { presto_view: 'true', comment: 'Presto View' },
      PartitionKeys: [],
      ViewExpandedText: '/* Presto View */',
      StorageDescriptor: { SerdeInfo: {} },
    });
    expect(definitionOf(name)).toMatchObject({
      originalSql: sql,
      catalog: 'awsdatacatalog',
      schema: catalog.databaseName,
    });
  });

  it('has the same columns for Hive and for Trino', () => {
    const hive = table(name).StorageDescriptor.Columns;
    expect(definitionOf(name).columns).toEqual(
      hive.map(({ Name, Type }) => ({ name: Name, type: TYPES[Type]?.trino })),
    );
  });

  it('has the columns that its statement gives', async () => {
    const { rows } = await snapshots.run(`DESCRIBE ${name}`);
    const hive = table(name).StorageDescriptor.Columns;
    expect(rows.map((row) => row.slice(0, 2))).toEqual(
      hive.map(({ Name, Type }) => [Name, TYPES[Type]?.duckDb]),
    );
  });
});

it('the newest lines are those of all snapshots, read from another table', () => {
  const [flat = '', latest = ''] = ['proficiencies_flat', 'latest_proficiencies'].map((name) =>
    VIEWS.find((view) => view.name === name)?.sql.replaceAll(/^--.*\n/gm, ''),
  );
  expect(latest).toBe(flat.replace('FROM user_proficiencies ', 'FROM latest_user_proficiencies '));
});

it('a nested type is refused in a view', () => {
  expect(() => trinoType('array<string>')).toThrow(/"array<string>"/);
});
