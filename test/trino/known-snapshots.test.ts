import { openSnapshots, type Snapshots } from '../../cli/query/snapshots.ts';
import { TABLES } from '../../sql/tables.ts';
import { VIEWS } from '../../sql/views.ts';
import { unordered } from '../cli/query/expected/lines.ts';
import { QUESTIONS, VIEW_LINES } from '../cli/query/expected/questions.ts';
import { exportHealth } from '../cli/query/expected/runs.ts';
import { KNOWN_WORLD } from '../cli/query/known-world.ts';
import { temporaryFolders } from '../support/temporary-folder.ts';
import { comparable, savedQuery } from './asking.ts';
import { type KnownLake, openKnownLake } from './known-lake.ts';

const newFolder = temporaryFolders();
let lake: KnownLake;
let snapshots: Snapshots;

beforeAll(async () => {
  lake = await openKnownLake(newFolder());
  snapshots = await openSnapshots(lake.world);
});

afterAll(async () => {
  snapshots?.close();
  await lake?.close();
});

/** Trino's name for a type of Hive's. */
const trinoType = (hiveType: string): string =>
  hiveType
    .replaceAll('struct<', 'row(')
    .replaceAll('array<', 'array(')
    .replaceAll('map<', 'map(')
    .replaceAll('>', ')')
    .replaceAll(':', ' ')
    .replaceAll(',', ', ')
    .replaceAll('string', 'varchar')
    .replaceAll(/\bint\b/g, 'integer')
    .replaceAll('timestamp', 'timestamp(3)');

describe.each([...TABLES, ...VIEWS].map(({ name }) => name))('%s', (name) => {
  it('is found, with its columns as declared', async () => {
    const { StorageDescriptor, PartitionKeys } = lake.synthesized.table(name);
    const { rows } = await lake.trino.run(`DESCRIBE ${name}`);
    expect(rows.map(([column, type]) => [column, type])).toEqual(
      [...StorageDescriptor.Columns, ...PartitionKeys].map(({ Name, Type }) => [
        Name,
        trinoType(Type),
      ]),
    );
  });

  it('has columns of those types', async () => {
    const { rows } = await lake.trino.run(`DESCRIBE ${name}`);
    const { columns } = await lake.trino.run(`SELECT * FROM ${name} LIMIT 1`);
    expect(columns.map((column) => [column.name, column.type])).toEqual(
      rows.map(([column, type]) => [column, type]),
    );
  });
});

it.each(VIEWS.map(({ name, columns, sql }) => [name, columns, sql] as const))(
  'the statement of the view %s gives the types that are declared, without a conversion',
  async (_, declared, sql) => {
    const { columns } = await lake.trino.run(`SELECT * FROM (\n${sql}\n) LIMIT 1`);
    expect(columns.map(({ name, type }) => [name, type])).toEqual(
      Object.entries(declared).map(([name, { type }]) => [name, trinoType(type)]),
    );
  },
);

it.each(VIEW_LINES)('the view %s has the lines worked out without SQL', async (view, lines) => {
  const answer = await lake.trino.run(`SELECT * FROM ${view}`);
  expect(unordered(comparable(answer))).toEqual(unordered(lines(KNOWN_WORLD)));
});

it.each(QUESTIONS)(
  '%s %j answers what was worked out without SQL, as DuckDB does',
  async (name, given, expected) => {
    const answer = await lake.trino.run(savedQuery(name, given));
    const ours = await snapshots.run(name, given);
    expect(comparable(answer)).toEqual(expected(KNOWN_WORLD));
    expect(answer.columns.map((column) => column.name)).toEqual(ours.columns);
    expect(comparable(answer)).toEqual(ours.rows);
  },
);

it('export-health expects a snapshot up to today where no day is named', async () => {
  const today = () => exportHealth(KNOWN_WORLD, new Date().toISOString().slice(0, 10));
  const before = today();
  const lines = comparable(await lake.trino.run(savedQuery('export-health')));
  // Two answers are right where midnight passes meanwhile.
  expect([before, today()]).toContainEqual(lines);
});
