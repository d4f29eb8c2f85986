import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { openSnapshots, type Snapshots } from '../../../cli/query/snapshots.ts';
import { tablesRead } from '../../../cli/query/tables-read.ts';
import { ExportFailure } from '../../../contract/failure.ts';
import { changesKey, manifestKey, snapshotKey } from '../../../contract/keys.ts';
import { TABLES } from '../../../sql/tables.ts';
import { VIEWS } from '../../../sql/views.ts';
import { type PublishedWorld, writeWorld } from '../../support/published-world.ts';
import { temporaryFolders } from '../../support/temporary-folder.ts';
import { BUSY, EMPTY, KNOWN_WORLD, ODD } from './known-world.ts';

const newFolder = temporaryFolders();

const ANN: PublishedWorld = {
  [BUSY]: [
    {
      date: '2026-11-18',
      users: [
        {
          id: 'ann',
          proficiencies: [{ attribute_name: ODD, attribute_value: "it's", level: 4.5 }],
        },
      ],
    },
  ],
};

/** Of whom nobody is Ann. */
const BOB: PublishedWorld = {
  [BUSY]: [{ date: '2026-11-18', users: [{ id: 'bob', proficiencies: [] }] }],
};

async function withSnapshots<T>(
  folder: string,
  use: (snapshots: Snapshots) => Promise<T>,
): Promise<T> {
  const snapshots = await openSnapshots(folder);
  try {
    return await use(snapshots);
  } finally {
    snapshots.close();
  }
}

const ask = (folder: string, query: string, parameters?: Record<string, string>) =>
  withSnapshots(folder, (snapshots) => snapshots.run(query, parameters));

function written(world: PublishedWorld, folder = newFolder()): string {
  writeWorld(folder, world);
  return folder;
}

describe('where there is nothing to ask', () => {
  it.each([
    ['a folder that does not exist', () => join(newFolder(), 'nowhere')],
    ['an empty folder', newFolder],
    [
      'a folder that holds a file where snapshots would be',
      () => {
        const folder = newFolder();
        writeFileSync(join(folder, 'snapshots'), '');
        return folder;
      },
    ],
    [
      'a snapshot that is still being written, and one in the wrong place',
      () => {
        const folder = newFolder();
        for (const key of [
          `${snapshotKey(BUSY, '2026-11-18')}.tmp`,
          `snapshots/instance_id=${BUSY}/proficiencies.ndjson.gz`,
          `snapshots/old/${snapshotKey(BUSY, '2026-11-18')}`,
        ]) {
          mkdirSync(join(folder, key, '..'), { recursive: true });
          writeFileSync(join(folder, key), gzipSync('{}\n'));
        }
        return folder;
      },
    ],
  ])('%s is refused with one sentence', async (_, folderOf) => {
    const folder = folderOf();
    const failure = await openSnapshots(folder).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ExportFailure);
    expect(failure).toMatchObject({
      name: 'InvalidRequest',
      message: `There is no snapshot in ${folder}; export one first, or name another place with --out.`,
    });
  });
});

describe('odd but legal folders', () => {
  it.each(["a 'quoted' [x]* folder?", 'region=us-east-1', '名前 👩‍💻', 'a%20b'])(
    'a folder called %s is read',
    async (name) => {
      const folder = written(ANN, join(newFolder(), name));
      expect(
        await ask(folder, 'SELECT user_id, instance_id, snapshot_date FROM user_proficiencies'),
      ).toEqual({
        columns: ['user_id', 'instance_id', 'snapshot_date'],
        rows: [['ann', BUSY, '2026-11-18']],
      });
    },
  );

  it.each([
    ['a*', 'ab'],
    ['c[d]', 'cd'],
    ['e?', 'ef'],
  ])('a folder called %s is not taken for the one called %s', async (name, neighbour) => {
    const parent = newFolder();
    written(ANN, join(parent, name));
    written(BOB, join(parent, neighbour));
    const { rows } = await ask(join(parent, name), 'SELECT user_id FROM user_proficiencies');
    expect(rows).toEqual([['ann']]);
  });

  it('an instance without users has no rows, but a run', async () => {
    const folder = written({ [EMPTY]: [{ date: '2026-11-18', users: [] }] });
    expect((await ask(folder, 'SELECT * FROM user_proficiencies')).rows).toEqual([]);
    expect((await ask(folder, 'SELECT users_exported FROM export_runs')).rows).toEqual([[0]]);
  });

  it('without any manifest there is a table of runs all the same', async () => {
    const folder = written({ [BUSY]: [{ date: '2026-11-18', users: [], published: false }] });
    expect((await ask(folder, 'SELECT * FROM export_runs')).rows).toEqual([]);
    expect((await ask(folder, 'export-health')).rows).toEqual([]);
  });

  it('the partition comes from the path, whatever a line says', async () => {
    const folder = newFolder();
    const key = snapshotKey(BUSY, '2026-11-18');
    mkdirSync(join(folder, key, '..'), { recursive: true });
    const line = { instance_id: 'another', snapshot_date: '1999-01-01', user_id: '0017', extra: 1 };
    writeFileSync(join(folder, key), gzipSync(`${JSON.stringify(line)}\n`));
    const sql = 'SELECT instance_id, snapshot_date, user_id, username FROM user_proficiencies';
    expect((await ask(folder, sql)).rows).toEqual([[BUSY, '2026-11-18', '0017', null]]);
  });
});

describe('SQL', () => {
  let snapshots: Snapshots;
  beforeAll(async () => {
    snapshots = await openSnapshots(written(KNOWN_WORLD));
  });
  afterAll(() => snapshots.close());

  it('answers with names, numbers, text and nested values', async () => {
    const sql = `SELECT count(*) AS users, sum(1.5) AS decimal, 9007199254740993 AS large, NULL AS none,
      DATE '2026-11-18' AS day, TIMESTAMP '2026-11-18 01:02:03.25' AS time, [1, 2] AS list, {'a': 1} AS struct
      FROM user_proficiencies WHERE snapshot_date = '2026-11-23'`;
    expect(await snapshots.run(sql)).toEqual({
      columns: ['users', 'decimal', 'large', 'none', 'day', 'time', 'list', 'struct'],
      rows: [
        [
          1,
          1.5,
          '9007199254740993',
          null,
          '2026-11-18',
          '2026-11-18 01:02:03.25',
          [1, 2],
          { a: 1 },
        ],
      ],
    });
  });

  it('keeps columns apart that have the same name', async () => {
    const { columns } = await snapshots.run('SELECT 1 AS a, 2 AS a');
    expect(new Set(columns).size).toBe(2);
  });

  it.each([
    ['wrong SQL', 'SELEC 1', /^DuckDB refused the query: .*syntax error at or near "SELEC"$/],
    ['an unknown table', 'SELECT 1 FROM nowhere', /nowhere does not exist/],
    ['an unknown name', 'xyzzy', /"xyzzy"; there are abandoned-.*, values-not-defined-any-more\.$/],
    ['no name at all', ' ', /There is no saved query ""/],
  ])('%s is refused with one sentence', async (_, query, message) => {
    await expect(snapshots.run(query)).rejects.toMatchObject({
      name: 'WrongUsage',
      message: expect.stringMatching(message),
    });
  });

  it('takes no parameters', async () => {
    await expect(snapshots.run('SELECT 1', { a: 'b' })).rejects.toThrow('SQL takes no parameters');
  });
});

describe('of one question', () => {
  const about = async <T>(query: string, use: (snapshots: Snapshots) => Promise<T>) => {
    const opening = { about: { query, parameters: {} } };
    const snapshots = await openSnapshots(written(ANN), opening);
    try {
      return await use(snapshots);
    } finally {
      snapshots.close();
    }
  };
  const answer = (query: string) => about(query, async (one) => (await one.run(query)).rows);

  it.each([
    "'--'",
    "'it''s --'",
    "E'it\\'s --'",
    "'/*' || '*/'",
    '$$ -- $$',
    "$a$ $$ /* ' $a$",
    '1 AS "--"',
    '1 /* one */',
  ])('what is named behind %s is read', (column) => {
    expect([...tablesRead(`SELECT ${column}, user_id FROM user_proficiencies`)]).toEqual([
      'user_proficiencies',
    ]);
  });

  it('only the tables that it names are looked at, and all are there', async () => {
    const sql = 'SELECT count(*) FROM latest_proficiencies -- FROM user_proficiencies';
    await about(sql, async (snapshots) => {
      expect((await snapshots.run(sql)).rows).toEqual([[1]]);
      expect((await snapshots.run('SELECT * FROM user_proficiencies')).rows).toEqual([]);
    });
    const tables = (await answer('SHOW TABLES')).flat();
    expect(tables).toEqual([...TABLES, ...VIEWS].map(({ name }) => name).toSorted());
  });
});

describe('parameters', () => {
  let snapshots: Snapshots;
  beforeAll(async () => {
    snapshots = await openSnapshots(written(ANN));
  });
  afterAll(() => snapshots.close());
  const run = (parameters: Record<string, string>) =>
    snapshots.run('agents-with-proficiency', parameters);

  it('are values, never SQL', async () => {
    const { rows } = await run({ attribute_name: ODD, attribute_value: "it's" });
    expect(rows).toHaveLength(1);
    const injected = await run({ attribute_name: ODD, attribute_value: "' OR 1=1 OR ''='" });
    expect(injected.rows).toEqual([]);
  });

  it('may be given in part', async () => {
    const given = { attribute_name: ODD, attribute_value: "it's" };
    expect((await run({ ...given, minimum_level: '4.5' })).rows).toHaveLength(1);
    expect((await run({ ...given, minimum_level: '4.6' })).rows).toHaveLength(0);
  });

  it.each([
    [
      { minimum_level: 'high' },
      'The parameter minimum_level takes a number from 1 to 5, not "high".',
    ],
    [{ minimum_level: '' }, 'The parameter minimum_level takes a number from 1 to 5, not "".'],
    [
      { minimum_level: 'Infinity' },
      'The parameter minimum_level takes a number from 1 to 5, not "Infinity".',
    ],
    [
      { level: '4' },
      'The query agents-with-proficiency has no parameter "level"; did you mean minimum_level?',
    ],
  ])('%j is refused with one sentence', async (parameters, message) => {
    await expect(run(parameters)).rejects.toMatchObject({ name: 'WrongUsage', message });
  });

  it('a date must be one', async () => {
    await expect(snapshots.run('export-health', { as_of: '2026-02-30' })).rejects.toThrow(
      'The parameter as_of takes a date as yyyy-MM-dd, not "2026-02-30".',
    );
  });

  it('a query without any takes none', async () => {
    await expect(snapshots.run('abandoned-proficiencies', { a: '1' })).rejects.toThrow(
      'it takes none',
    );
  });
});

const TWO_DAYS: PublishedWorld = { [BUSY]: KNOWN_WORLD[BUSY]?.slice(0, 2) ?? [] };

const refused = (folder: string, table: string, why: RegExp): Promise<void> =>
  withSnapshots(folder, async (snapshots) => {
    await expect(snapshots.run(`SELECT * FROM ${table}`)).rejects.toMatchObject({
      name: 'DamagedRun',
      message: expect.stringMatching(why),
    });
  });

it('refuses a snapshot that is missing, and a manifest that is no JSON', async () => {
  const folder = written(TWO_DAYS);
  const manifest = join(folder, manifestKey(BUSY, '2026-11-18'));
  const said = readFileSync(manifest);
  writeFileSync(manifest, said.subarray(0, 300));
  await refused(folder, 'user_proficiencies', /2026-11-18\S*manifest\.json is not JSON: get it/);
  writeFileSync(manifest, said);
  rmSync(join(folder, snapshotKey(BUSY, '2026-11-18')));
  const missing = /2026-11-18\S* is missing, but its manifest is there: get it/;
  await refused(folder, 'user_proficiencies', missing);
});

it.each([
  ['a snapshot that is no gzip file', 'user_proficiencies', snapshotKey(BUSY, '2026-11-18')],
  ['changes that are cut short', 'snapshot_changes', changesKey(BUSY, '2026-11-19')],
])('names %s when it is read', async (_, table, key) => {
  const folder = written(TWO_DAYS);
  const file = join(folder, key);
  const bytes = readFileSync(file);
  writeFileSync(file, table === 'snapshot_changes' ? bytes.subarray(0, 200) : bytes.fill(0));
  await withSnapshots(folder, async (snapshots) => {
    await expect(snapshots.run(`SELECT count(username) FROM ${table}`)).rejects.toMatchObject({
      name: 'DamagedRun',
      message: expect.stringContaining(`${file} cannot be read (`),
    });
  });
});

it.each([
  ['cut short', (bytes: Buffer) => bytes.subarray(0, 20)],
  // A gzip file without its last member is a gzip file.
  ['without its last member', (bytes: Buffer) => bytes.subarray(0, bytes.length - 20)],
  ['longer than it was', (bytes: Buffer) => Buffer.concat([bytes, gzipSync('')])],
])('refuses a snapshot that is %s', async (_, change) => {
  const folder = written(TWO_DAYS);
  const file = join(folder, snapshotKey(BUSY, '2026-11-18'));
  writeFileSync(file, change(readFileSync(file)));
  const size = /2026-11-18\S* has \d+ bytes, but its manifest says \d+: get it/;
  await refused(folder, 'proficiencies_flat', size);
});

it('looks at no snapshot that a question does not read', async () => {
  const folder = written(TWO_DAYS);
  const [before, newest] = ['2026-11-18', '2026-11-19'];
  const cut = (date: string): void => writeFileSync(join(folder, snapshotKey(BUSY, date)), 'x');
  cut(before);
  await withSnapshots(folder, (snapshots) => snapshots.run('agents-with-proficiency'));
  await refused(folder, 'user_proficiencies', new RegExp(`${before}\\S* has 1 bytes`));
  cut(newest);
  await withSnapshots(folder, (snapshots) => snapshots.run('changes-between-dates'));
  await refused(folder, 'LATEST_PROFICIENCIES', new RegExp(`${newest}\\S* has 1 bytes`));
});
