import { tablesUpToDates } from '../../cli/query/dates-asked.ts';
import { openSnapshots, type Snapshots } from '../../cli/query/snapshots.ts';
import { parseSavedQuery, SAVED_QUERIES, withParameters } from '../../sql/saved-queries.ts';
import { TABLES } from '../../sql/tables.ts';
import { EMPTY } from '../cli/query/known-world.ts';
import { writeWorld } from '../support/published-world.ts';
import { temporaryFolders } from '../support/temporary-folder.ts';
import { described, paragraph, saidReads } from './header.ts';

const newFolder = temporaryFolders();
let snapshots: Snapshots;

beforeAll(async () => {
  const folder = newFolder();
  writeWorld(folder, { [EMPTY]: [{ date: '2026-11-20', users: [] }] });
  snapshots = await openSnapshots(folder);
});
afterAll(() => snapshots.close());

describe.each(SAVED_QUERIES.map((query) => [query.name, query] as const))('%s', (_, query) => {
  it('begins with its question, short enough for a description', () => {
    expect(query.question).toMatch(/^[A-Z].{10,1000}\?$/);
  });

  it('is plain ASCII, for CloudFormation does not keep anything else', () => {
    expect(query.sql).toMatch(/^[\n -~]+$/);
  });

  it('describes in its header exactly the parameters that it has', () => {
    expect(described(query, 'Parameters')).toEqual(
      query.parameters.map(({ name, description }) => [name, description]),
    );
  });

  it('says in its header which tables it reads', () => {
    expect(saidReads(query)).not.toEqual({});
  });

  it('reads by date only what is narrowed to its dates, where it says these', () => {
    const read = TABLES.filter(({ name }) => name in saidReads(query));
    const dated = read.filter(({ partitions }) => 'snapshot_date' in partitions);
    const others = dated.filter(({ name }) => !['export_runs', 'snapshot_changes'].includes(name));
    expect(tablesUpToDates(query.sql) === undefined || others.length === 0).toBe(true);
  });

  it('shows an example answer with columns that it gives', async () => {
    const [titles = '', ...examples] = paragraph(query, 'Example answer');
    const columns = titles.split('|').map((title) => title.trim());
    const answer = await snapshots.run(query.name);
    expect(examples.length).toBeGreaterThan(0);
    expect(answer.columns).toEqual(expect.arrayContaining(columns));
    for (const example of examples) expect(example.split('|')).toHaveLength(columns.length);
  });
});

describe('parameters', () => {
  const withLines = (...lines: string[]) =>
    `-- Why?\n--\n-- Parameters\n--   one  the first\nWITH parameters AS (\n  SELECT\n${lines.join(',\n')}\n)\nSELECT 1`;

  it.each([
    ["    'it''s' AS one", 'varchar', "'it''s'"],
    ['    4 AS one', 'double', '4'],
    ['    -4.5 AS one', 'double', '-4.5'],
    ["    DATE '2026-11-20' AS one", 'date', "DATE '2026-11-20'"],
    ['    CAST(NULL AS varchar) AS one', 'varchar', 'CAST(NULL AS varchar)'],
    ['    CAST(NULL AS date) AS one', 'date', 'CAST(NULL AS date)'],
    ['    CAST(NULL AS double) AS one', 'double', 'CAST(NULL AS double)'],
  ])('%s is read with its type and default', (line, type, defaultLiteral) => {
    expect(parseSavedQuery('q', withLines(line)).parameters).toEqual([
      { name: 'one', type, defaultLiteral, description: 'the first' },
    ]);
  });

  it('are given other values only where they are defined', () => {
    const query = parseSavedQuery('q', withLines('    1 AS one', '    1 AS two'));
    const sql = withParameters(query, ({ name }) => (name === 'two' ? "$& '" : undefined));
    expect(sql).toBe(withLines('    1 AS one', "    $& ' AS two"));
  });

  it.each([
    ['how much, 1 to 5', { least: 1, most: 5 }],
    ['how many, at least 0', { least: 0 }],
    ['how long, one of day, week, month', { choices: ['day', 'week', 'month'] }],
  ])('are kept to what their description ends with: %s', (description, kept) => {
    const sql = withLines("    'day' AS one").replace('the first', description);
    expect(parseSavedQuery('q', sql).parameters[0]).toMatchObject({ description, ...kept });
  });

  it('must be literals', () => {
    expect(() => parseSavedQuery('q', withLines('    now() AS one'))).toThrow(/now\(\) AS one/);
  });
});
