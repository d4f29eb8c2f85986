import { openSnapshots, type Snapshots } from '../../cli/query/snapshots.ts';
import { VIEWS } from '../../sql/views.ts';
import { unordered } from '../cli/query/expected/lines.ts';
import { QUESTIONS, VIEW_LINES } from '../cli/query/expected/questions.ts';
import { exportHealth } from '../cli/query/expected/runs.ts';
import { BUSY, EMPTY, KNOWN_WORLD, SMALL } from '../cli/query/known-world.ts';
import { synthesize } from '../lib/catalog/synthesized.ts';
import { writeWorld } from '../support/published-world.ts';
import { temporaryFolders } from '../support/temporary-folder.ts';
import { comparable, savedQuery } from './asking.ts';
import { type Lake, openLake, upload } from './lake.ts';

const synthesized = synthesize({
  instanceIds: [BUSY, SMALL, EMPTY],
  firstSnapshotDate: '2026-11-17',
});

/** These days stay where they are, and a query would list more days each year. */
const LAST_DAY = '2026-11-24';

const newFolder = temporaryFolders();
let lake: Lake;
let snapshots: Snapshots;

beforeAll(async () => {
  lake = await openLake(newFolder(), synthesized, (table) => ({
    ...table,
    Parameters: Object.fromEntries(
      Object.entries(table.Parameters).map(([name, value]) => [
        name,
        value.replace('NOW+1DAY', LAST_DAY),
      ]),
    ),
  }));
  const world = newFolder();
  writeWorld(world, KNOWN_WORLD);
  await upload(lake.s3, world);
  snapshots = await openSnapshots(world);
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
    .replaceAll('>', ')')
    .replaceAll(':', ' ')
    .replaceAll(',', ', ')
    .replaceAll('string', 'varchar')
    .replaceAll(/\bint\b/g, 'integer')
    .replaceAll('timestamp', 'timestamp(3)');

describe.each(['user_proficiencies', 'export_runs', ...VIEWS.map(({ name }) => name)])(
  '%s',
  (name) => {
    it('is found, with its columns as declared', async () => {
      const { StorageDescriptor, PartitionKeys } = synthesized.table(name);
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
