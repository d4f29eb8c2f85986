import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { queryCommand } from '../../../cli/query/command.ts';
import { COVERAGE_TARGETS_KEY, manifestKey, TARGETS_FILE_KEY } from '../../../contract/keys.ts';
import { SAVED_QUERIES } from '../../../sql/saved-queries.ts';
import { writeTargets, writeWorld } from '../../support/published-world.ts';
import { temporaryFolders } from '../../support/temporary-folder.ts';
import { BUSY, EMPTY, KNOWN_TARGETS, KNOWN_WORLD } from './known-world.ts';

const newFolder = temporaryFolders();
let folder: string;
let printed: string;

beforeAll(() => {
  folder = newFolder();
  writeWorld(folder, KNOWN_WORLD);
});
beforeEach(() => {
  printed = '';
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
});
afterEach(() => jest.restoreAllMocks());

const query = (...args: readonly string[]) =>
  queryCommand()
    .exitOverride()
    .configureOutput({ writeErr: () => undefined })
    .parseAsync([...args], { from: 'user' });

it.each([[[]], [['--list']], [['coverage-matrix', '--list']]])(
  'lists the saved queries where it is given %j',
  async (args) => {
    await query(...args, '--format', 'json');
    const listed: { name: string }[] = JSON.parse(printed);
    expect(listed.map(({ name }) => name)).toEqual(SAVED_QUERIES.map(({ name }) => name));
  },
);

it('lists defaults, and leaves those empty that are null', async () => {
  await query('--list');
  expect(printed).toContain("attribute_value='French'");
  expect(printed).toMatch(/from_date= /);
});

it('runs a saved query with several parameters', async () => {
  const parameters = ['--param', 'attribute_value=English', '--param', 'minimum_level=3'];
  await query('agents-with-proficiency', ...parameters, '--out', folder, '--format', 'csv');
  expect(printed.split('\r\n')[1]).toBe(
    'bob,5,user-ben,11111111-1111-4111-8111-111111111111,2026-11-22',
  );
});

it('passes on a value that holds an equals sign, or is empty', async () => {
  await query('agent-history', '--param', 'agent=a=b', '--out', folder);
  await query('agent-history', '--param', 'agent=', '--out', folder);
  expect(printed.match(/0 rows/g)).toHaveLength(2);
});

it('names no default in its help but those that can be typed', () => {
  expect(queryCommand().helpInformation()).not.toContain('{}');
});

it('runs SQL that ends with a semicolon', async () => {
  await query("SELECT ';' AS n; -- one", '--out', folder, '--format', 'csv');
  expect(printed).toBe('n\r\n;\r\n');
});

describe('in a folder of an earlier version, which has no changes', () => {
  let earlier: string;
  let said: string[];
  beforeAll(() => {
    earlier = newFolder();
    writeWorld(earlier, KNOWN_WORLD);
    for (const derived of ['latest', 'changes'])
      rmSync(join(earlier, derived), { recursive: true });
  });
  beforeEach(() => {
    said = [];
    jest.spyOn(console, 'error').mockImplementation((sentence) => said.push(String(sentence)));
  });

  it.each([
    // The newest ones of two instances: the third has no other date.
    ['changes-between-dates', 2],
    ['agent-history', 5],
    ['SELECT * FROM user_changes', 5],
  ])('%s says that it is not complete, and how to change that', async (question, snapshots) => {
    await query(question, '--out', earlier);
    expect(said).toContain(
      `The changes of ${snapshots} snapshots are missing or out of date, and the answer is not complete: run npx proficiencies derive --out ${earlier}.`,
    );
  });

  it('what is about the newest snapshots is answered without a word', async () => {
    await query('agents-without-proficiencies', '--out', earlier, '--format', 'csv');
    expect(printed).toContain('user-gus');
    expect(said).toEqual([]);
  });
});

it('says of changes that are between other runs that they are out of date', async () => {
  const again = newFolder();
  writeWorld(again, KNOWN_WORLD);
  const manifest = join(again, manifestKey(BUSY, '2026-11-21'));
  const replaced = readFileSync(manifest, 'utf8').replace(/"run_id":"[^"]*"/, '"run_id":"another"');
  writeFileSync(manifest, replaced);
  const said = jest.spyOn(console, 'error').mockReturnValue();
  await query('SELECT * FROM proficiency_changes', '--out', again);
  expect(said.mock.calls.flat().join()).toContain('The changes of 2 snapshots are');
});

it('says where all changes are there of which instance nothing is compared, and no more', async () => {
  const said = jest.spyOn(console, 'error').mockReturnValue();
  await query('changes-between-dates', '--out', folder);
  expect(said.mock.calls).toEqual([[expect.stringContaining(`compared of ${EMPTY}`)]]);
  said.mockClear();
  await query('agent-history', '--out', folder);
  expect(said).not.toHaveBeenCalled();
});

describe('about coverage targets', () => {
  let own: string;
  let said: string[];
  beforeEach(() => {
    own = newFolder();
    writeWorld(own, { [BUSY]: [{ date: '2026-11-18', users: [] }] });
    writeTargets(own, KNOWN_TARGETS.slice(0, 5));
    said = [];
    jest.spyOn(console, 'error').mockImplementation((sentence) => said.push(String(sentence)));
  });

  it('says how many lines of the file cannot be read', async () => {
    await query('coverage-against-targets', '--out', own);
    expect(said).toEqual([
      `One line of ${TARGETS_FILE_KEY} cannot be read: npx proficiencies derive --out ${own} says why.`,
    ]);
  });

  it.each([
    ['was changed', () => writeFileSync(join(own, TARGETS_FILE_KEY), '')],
    ['was never derived', () => rmSync(join(own, COVERAGE_TARGETS_KEY))],
    ['has gone', () => rmSync(join(own, TARGETS_FILE_KEY))],
  ])('says that the file %s', async (_, happen) => {
    happen();
    await query('coverage-against-targets', '--out', own);
    expect(said).toEqual([
      `The targets in ${TARGETS_FILE_KEY} are not those of the answer: run npx proficiencies derive --out ${own}.`,
    ]);
  });

  it('answers with no line and without a word where there are none', async () => {
    await query('coverage-against-targets', '--out', folder, '--format', 'csv');
    expect(printed.trim().split('\r\n')).toHaveLength(1);
    expect(said).toEqual([]);
  });
});

it('runs SQL', async () => {
  await query('SELECT count(*) AS n FROM export_runs', '--out', folder);
  expect(printed).toMatch(/│ n │.*│ 8 │.*1 row\n$/s);
});

it.each([[[]], [['--bom']]])(
  'begins CSV with a byte order mark only where told to: %j',
  async (bom) => {
    await query("SELECT 'Türkçe' AS language", '--format', 'csv', ...bom, '--out', folder);
    expect(printed).toBe(`${bom.length === 0 ? '' : '\u{FEFF}'}language\r\nTürkçe\r\n`);
  },
);

describe('on a terminal', () => {
  const terminal = { isTTY: true, columns: 40 };
  const nothing = { isTTY: process.stdout.isTTY, columns: process.stdout.columns };
  beforeEach(() => Object.assign(process.stdout, terminal));
  afterEach(() => Object.assign(process.stdout, nothing));

  const long = 'SELECT range AS n FROM range(250)';

  it('shows the first rows of a long table, and how to see all', async () => {
    await query(long, '--out', folder);
    expect(printed).toMatch(/│ 199 │\n└─+┘\n200 of 250 rows \(all of them: --limit 250, /);
  });

  it('shows as many rows as are asked for', async () => {
    await query(long, '--limit', '250', '--out', folder);
    expect(printed).toMatch(/│ 249 │\n└─+┘\n250 rows\n$/);
  });

  it('leaves a table as it is where the terminal does not know its width', async () => {
    Object.assign(process.stdout, { columns: 0 });
    await query("SELECT repeat('x', 100) AS x", '--out', folder);
    expect(printed).toContain(`│ ${'x'.repeat(100)} │`);
  });

  it('fits tables to it, and nothing else', async () => {
    await query("SELECT repeat('x', 100) AS x, repeat('y', 5) AS y", '--out', folder);
    expect(Math.max(...printed.split('\n').map((line) => line.length))).toBe(40);
    await query(long, '--format', 'csv', '--out', folder);
    expect(printed).toMatch(/\r\n249\r\n$/);
  });
});

it('leaves failures to its caller', async () => {
  await expect(query('nonsense', '--out', folder)).rejects.toMatchObject({
    name: 'WrongUsage',
  });
  await expect(query('coverage-matrix', '--out', newFolder())).rejects.toMatchObject({
    name: 'InvalidRequest',
  });
  expect(printed).toBe('');
});

it.each([
  [['--param', 'level'], /name=value/],
  [['--param', '=4'], /name=value/],
  [['--format', 'xml'], /table, csv, json/],
  [['a', 'b'], /too many arguments/],
  [['--limit', '0'], /whole number from 1/],
  [['--nonsense'], /unknown option/],
])('%j is wrong usage', async (args, message) => {
  await expect(query(...args)).rejects.toMatchObject({
    code: expect.stringMatching(/^commander\./),
    message: expect.stringMatching(message),
  });
});
