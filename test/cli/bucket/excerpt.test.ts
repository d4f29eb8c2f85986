import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { neededForReport } from '../../../cli/bucket/needed.ts';
import { withExcerpt } from '../../../cli/bucket/with-excerpt.ts';
import type { GivenParameters } from '../../../cli/query/parameters.ts';
import { openSnapshots, type Snapshots } from '../../../cli/query/snapshots.ts';
import { tablesRead } from '../../../cli/query/tables-read.ts';
import {
  COVERAGE_TARGETS_KEY,
  changesKey,
  manifestKey,
  snapshotKey,
  TARGETS_FILE_KEY,
} from '../../../contract/keys.ts';
import { SAVED_QUERIES, type SavedQuery } from '../../../sql/saved-queries.ts';
import { awsEnvironment } from '../../support/aws-environment.ts';
import { FULL, firstOfKind, sampled } from '../../support/breadth.ts';
import { type FakeS3, startFakeS3 } from '../../support/fake-s3/server.ts';
import { writeTargets, writeWorld } from '../../support/published-world.ts';
import { temporaryFolders } from '../../support/temporary-folder.ts';
import { BUSY, EMPTY, KNOWN_TARGETS, KNOWN_WORLD, SMALL } from '../query/known-world.ts';
import {
  askBucket,
  askFolder,
  fetched,
  filesBelow,
  neededBy,
  neededByReport,
  upload,
} from './bucket-world.ts';

const newFolder = temporaryFolders();
const ownTemporary = tmpdir();

let folder: string;
let files: ReturnType<typeof filesBelow>;
/** All that the folder holds. */
let whole: Snapshots;
let cache: string;
let s3: FakeS3;

beforeAll(async () => {
  folder = newFolder();
  writeWorld(folder, KNOWN_WORLD);
  writeTargets(folder, KNOWN_TARGETS);
  files = filesBelow(folder);
  whole = await openSnapshots(folder);
});

afterAll(() => whole.close());

beforeEach(async () => {
  s3 = await startFakeS3();
  cache = newFolder();
  Object.assign(process.env, awsEnvironment(s3.url), { XDG_CACHE_HOME: cache });
  upload(s3, files);
});

afterEach(async () => {
  await s3.close();
  // Not by another `process.env`: the operating system's is what Node.js looks for TMPDIR in.
  process.env.TMPDIR = ownTemporary;
});

const kept = (name: string): string => join(cache, 'connect-proficiency-exporter', name);

/** One byte in the middle is another one. */
function damaged(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  const middle = copy.length >> 1;
  copy[middle] = (copy[middle] ?? 0) ^ 1;
  return copy;
}

const DAY = '2026-11-21';
const inBoth = (instanceId: string, date: string): readonly string[] => [
  snapshotKey(instanceId, date),
  manifestKey(instanceId, date),
];
const NEWEST = [
  ...inBoth(BUSY, '2026-11-22'),
  ...inBoth(SMALL, '2026-11-20'),
  ...inBoth(EMPTY, '2026-11-21'),
];

/** The objects that are laid out for a report on the small instance, without asking DuckDB anything. */
const laidOut = ({ prefix = '', keep = true } = {}): Promise<ReturnType<typeof filesBelow>> =>
  withExcerpt(
    { location: { bucket: s3.bucket, prefix }, region: undefined, keep },
    (bucket) => neededForReport(bucket, { instanceId: SMALL }),
    async (excerpt) => filesBelow(excerpt),
  );

describe('a bucket answers as a folder does', () => {
  const PARAMETERS: Readonly<Record<string, GivenParameters>> = {
    'agent-history': { agent: 'ann' },
  };

  /** The tables decide what is read. */
  const isOfAKind = firstOfKind(({ sql }: SavedQuery) => [...tablesRead(sql)].toSorted().join());
  /** The command's test asks of the newest rows; those below, of targets and of the changes between dates. */
  const ASKED_ELSEWHERE = [
    'agents-lacking-proficiency',
    'agents-to-train-next',
    'changes-between-dates',
  ];
  const asked = sampled(
    SAVED_QUERIES,
    (query) => isOfAKind(query) && !ASKED_ELSEWHERE.includes(query.name),
  );

  it.each(asked.map(({ name }) => name))('%s', async (name) => {
    const told = await askBucket(s3, name, PARAMETERS[name]);
    const expected = await askFolder(folder, name, PARAMETERS[name]);
    expect(told.answer).toEqual(expected.answer);
    expect(told.answer.columns).not.toEqual([]);
    expect(told.notes.map((note) => note.replace(/--out \S+/, ''))).toEqual(
      expected.notes.map((note) => note.replace(/--out \S+/, '')),
    );
  });

  it('for whatever dates and instances a question names', async () => {
    const date = fc.constantFrom('2026-11-17', '2026-11-18', '2026-11-19', DAY, '2026-11-23');
    const condition = fc.oneof(
      date.map((day) => `snapshot_date = DATE '${day}'`),
      date.map((day) => `snapshot_date <> '${day}'`),
      fc.tuple(date, date).map(([from, to]) => `snapshot_date BETWEEN '${from}' AND '${to}'`),
      fc.constantFrom(
        `instance_id = '${BUSY}'`,
        `instance_id IN ('${SMALL}', 'another')`,
        'snapshot_date = (SELECT max(snapshot_date) FROM export_runs)',
        "CAST(snapshot_date AS varchar) LIKE '%8'",
        'false',
        "run_id >= '20261120'",
      ),
    );
    const conditions = fc.array(condition, { minLength: 1, maxLength: 3 });
    const joined = fc.tuple(conditions, fc.constantFrom(' AND ', ' OR '));
    const table = fc.constantFrom('user_proficiencies', 'export_runs', 'snapshot_changes');
    const question = fc.tuple(table, joined).map(
      ([name, [parts, word]]) =>
        `SELECT instance_id, snapshot_date, run_id, count(*) AS lines FROM ${name}
         WHERE ${parts.join(word)} GROUP BY ALL ORDER BY ALL`,
    );
    await fc.assert(
      fc.asyncProperty(question, async (sql) => {
        const { answer } = await askBucket(s3, sql);
        expect(answer).toEqual(await whole.run(sql));
      }),
      { numRuns: FULL ? 100 : 2 },
    );
  });

  const DATES: readonly GivenParameters[] = [
    { from_date: '2026-11-18' },
    { from_date: '2026-11-20', to_date: DAY },
    { to_date: '2026-11-17' },
  ];
  it.each(sampled(DATES, (_, index) => index === 2))(
    'for the changes between %j',
    async (dates) => {
      const told = await askBucket(s3, 'changes-between-dates', dates);
      expect(told).toEqual(await askFolder(folder, 'changes-between-dates', dates));
    },
  );

  it('below a prefix', async () => {
    upload(s3, files, 'team/eu west/');
    expect(await laidOut({ prefix: 'team/eu west/' })).toEqual(await laidOut());
  });
});

describe('only what a question needs is read', () => {
  const NEEDED: readonly (readonly [query: string, keys: readonly string[]])[] = [
    ['coverage-matrix', NEWEST],
    ['coverage-against-targets', [...NEWEST, COVERAGE_TARGETS_KEY, TARGETS_FILE_KEY]],
    [
      `SELECT * FROM proficiencies_flat WHERE snapshot_date = DATE '${DAY}' AND instance_id = '${BUSY}'`,
      inBoth(BUSY, DAY),
    ],
    [
      `SELECT * FROM proficiency_changes WHERE snapshot_date = DATE '${DAY}'`,
      [changesKey(BUSY, DAY)],
    ],
    [
      'changes-between-dates',
      [
        ...[
          manifestKey(BUSY, DAY),
          manifestKey(BUSY, '2026-11-22'),
          changesKey(BUSY, '2026-11-22'),
        ],
        manifestKey(SMALL, '2026-11-19'),
        ...[manifestKey(SMALL, '2026-11-20'), changesKey(SMALL, '2026-11-20')],
      ],
    ],
    [
      // What holds for one side of a join holds for the other.
      `SELECT f.user_id, r.trigger FROM proficiencies_flat AS f JOIN export_runs AS r USING (instance_id, snapshot_date)
       WHERE f.snapshot_date = '2026-11-18' AND instance_id = '${SMALL}'`,
      inBoth(SMALL, '2026-11-18'),
    ],
    ["SELECT 'user_proficiencies'", []],
  ];
  /** A join is planned many times; what goes through it is up to DuckDB. */
  it.each(sampled(NEEDED, ([query]) => !query.includes(' JOIN ')))('by %s', async (query, keys) => {
    const needed = await neededBy(s3, query);
    expect(needed.keys).toEqual([...new Set(keys)].toSorted());
  });

  it('by a report: the rows of a month, and the changes of all days, up to its date', async () => {
    for (let day = 0; day < 34; day++) {
      const date = new Date(Date.UTC(2026, 9, 21 + day)).toISOString().slice(0, 10);
      for (const keyOf of [snapshotKey, manifestKey, changesKey])
        s3.write(`long/${keyOf(BUSY, date)}`, 'of no interest');
    }
    const keys = await neededByReport(s3, { date: '2026-11-22' }, 'long/');
    const needed = (prefix: string) => keys.filter((key) => key.startsWith(prefix)).length;
    expect([needed('snapshots/'), needed('changes/')]).toEqual([30, 33]);
    // That it is not the newest is seen by a manifest.
    expect(needed('manifests/')).toBe(33 + 1);
  });

  it('once, until it is replaced', async () => {
    await laidOut();
    const before = s3.requests.length;
    await laidOut();
    expect(fetched(s3, before)).toEqual([]);

    const [key] = inBoth(SMALL, '2026-11-20');
    const another = s3.objects.get(inBoth(BUSY, DAY)[0] ?? '')?.bytes ?? Buffer.from('');
    s3.write(key ?? '', another);
    const again = s3.requests.length;
    expect((await laidOut())[key ?? '']).toEqual(another);
    expect(fetched(s3, again)).toEqual([key]);
    await expect(askBucket(s3, 'coverage-matrix')).rejects.toThrow(`s3://${s3.bucket}/${key} has `);
  });

  it('and nothing for wrong SQL', async () => {
    await expect(askBucket(s3, 'SELECT nonsense FROM user_proficiencies')).rejects.toMatchObject({
      name: 'WrongUsage',
      message: expect.stringContaining('nonsense'),
    });
    await expect(askBucket(s3, 'SELECT 1; SELECT 2')).rejects.toMatchObject({
      name: 'WrongUsage',
      message:
        'There are 2 statements in the SQL, but only one would be answered; ask one at a time.',
    });
    expect(fetched(s3, 0)).toEqual([]);
  });
});

describe('what is kept', () => {
  it('is for its owner alone, and leaves no folder that was asked', async () => {
    await laidOut();
    const files = readdirSync(kept('objects'));
    expect(files).toHaveLength(fetched(s3, 0).length);
    expect(statSync(kept('objects')).mode & 0o777).toBe(0o700);
    for (const file of files)
      expect(statSync(join(kept('objects'), file)).mode & 0o777).toBe(0o600);
    expect(readdirSync(kept('asked'))).toEqual([]);
  });

  it('is nothing of a question that failed, but for what was read by then', async () => {
    s3.failNext({ with: 'access-denied', operation: 'GetObject', key: /snapshots/, times: 99 });
    await expect(laidOut()).rejects.toMatchObject({ name: 'AccessDenied' });
    expect(readdirSync(kept('asked'))).toEqual([]);
    process.env.TMPDIR = newFolder();
    await expect(laidOut({ keep: false })).rejects.toMatchObject({ name: 'AccessDenied' });
    expect(readdirSync(process.env.TMPDIR)).toEqual([]);
  });

  it('is nothing where nothing is to be kept', async () => {
    await laidOut({ keep: false });
    expect(existsSync(kept(''))).toBe(false);
  });

  it.each([
    ['is gone', (file: string) => rmSync(file)],
    ['has lost its end', (file: string) => truncateSync(file, statSync(file).size - 1)],
    ['has another byte', (file: string) => writeFileSync(file, damaged(readFileSync(file)))],
  ])('is read again where it %s', async (_, happen) => {
    const whole = await laidOut();
    const [file = ''] = readdirSync(kept('objects'));
    happen(join(kept('objects'), file));
    const before = s3.requests.length;
    expect(await laidOut()).toEqual(whole);
    expect(fetched(s3, before)).toHaveLength(1);
  });
});

describe('what goes wrong is told of the bucket', () => {
  it('nothing is there', async () => {
    await expect(askBucket(s3, 'SELECT 1', {}, { prefix: 'elsewhere/' })).rejects.toMatchObject({
      name: 'InvalidRequest',
      message: `There is no snapshot in s3://${s3.bucket}/elsewhere/; export one first, or name another place with --out.`,
    });
  });

  it('a snapshot is gone', async () => {
    const [key = ''] = inBoth(BUSY, DAY);
    s3.remove(key);
    const sql = 'SELECT count(*) FROM user_proficiencies';
    await expect(neededBy(s3, sql)).rejects.toThrow(
      `s3://${s3.bucket}/${key} is missing, but its manifest is there`,
    );
    await neededBy(s3, `${sql} WHERE snapshot_date <> '${DAY}'`);
  });

  it('the newest snapshot is gone', async () => {
    const [key = ''] = inBoth(BUSY, '2026-11-22');
    s3.remove(key);
    const gone = `s3://${s3.bucket}/${key} is missing, but its manifest is there`;
    await expect(neededBy(s3, 'coverage-matrix')).rejects.toThrow(gone);
    await expect(neededByReport(s3, {})).rejects.toThrow(gone);
    expect(await neededByReport(s3, { instanceId: SMALL })).not.toEqual([]);
  });

  it('coverage targets were changed', async () => {
    s3.write(TARGETS_FILE_KEY, 'attribute_name,attribute_value,minimum_level,minimum_agents\n');
    const { notes } = await askBucket(s3, 'coverage-against-targets');
    expect(notes).toEqual([
      `The targets in targets/coverage.csv are not those of the answer: run npx proficiencies derive --out s3://${s3.bucket}/.`,
    ]);
  });

  it('the temporary folder cannot be used', async () => {
    // So long that the folder fits into a path, and no key below it.
    const length = (process.platform === 'darwin' ? 1024 : 4096) - 96;
    const root = newFolder();
    const names = Math.floor((length - root.length) / 200);
    const deep = join(root, ...Array.from({ length: names }, () => 'x'.repeat(199)));
    process.env.TMPDIR = join(deep, 'x'.repeat(length - deep.length - 1));
    mkdirSync(process.env.TMPDIR, { recursive: true });
    await expect(askBucket(s3, 'coverage-matrix')).rejects.toMatchObject({
      name: 'InvalidRequest',
      message: expect.stringMatching(
        /^The temporary folder .* would hold a name that is too long: set TMPDIR to another folder \(ENAMETOOLONG/,
      ),
    });
  });

  it('access is denied', async () => {
    s3.failNext({ with: 'access-denied', operation: 'GetObject', times: 99 });
    await expect(laidOut()).rejects.toMatchObject({
      name: 'AccessDenied',
      message: expect.stringContaining('s3:GetObject'),
    });
    s3.clearFaults();
    s3.failNext({ with: 'access-denied', operation: 'ListObjectsV2' });
    await expect(laidOut()).rejects.toThrow('s3:ListBucket');
  });

  it('an answer that is cut off is asked for again, or nothing is kept of it', async () => {
    const whole = await laidOut({ keep: false });
    s3.failNext({ with: 'drop-mid-body', operation: 'GetObject', key: /snapshots/ });
    await laidOut().catch(() => undefined);
    expect(await laidOut()).toEqual(whole);
  });

  it('changes are missing', async () => {
    s3.remove(changesKey(BUSY, DAY));
    const { notes: ofNewest } = await neededBy(s3, 'changes-between-dates');
    expect(ofNewest).toEqual([expect.stringContaining(`compared of ${EMPTY}`)]);
    const { notes } = await askBucket(s3, 'SELECT count(*) FROM proficiency_changes');
    expect(notes).toEqual([
      `The changes of one snapshot are missing or out of date, and the answer is not complete: run npx proficiencies derive --out s3://${s3.bucket}/.`,
    ]);
  });
});
