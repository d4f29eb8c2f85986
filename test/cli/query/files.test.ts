import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { openSnapshots } from '../../../cli/query/snapshots.ts';
import { asWorkbook } from '../../../cli/query/spreadsheet.ts';
import { writeTargets, writeWorld } from '../../support/published-world.ts';
import { temporaryFolders } from '../../support/temporary-folder.ts';
import { type } from '../../support/terminal.ts';
import { KNOWN_TARGETS, KNOWN_WORLD } from './known-world.ts';

const newFolder = temporaryFolders();
let out: string;

beforeAll(() => {
  out = newFolder();
  writeWorld(out, KNOWN_WORLD);
  writeTargets(out, KNOWN_TARGETS);
});

const textIn = (workbook: Uint8Array, name: string): string =>
  Buffer.from(unzipSync(workbook)[name] ?? []).toString('utf8');

describe('a workbook', () => {
  it('has numbers, texts, days and moments, a first row that stays, and filters', async () => {
    const workbook = await asWorkbook({
      columns: ['text', 'number', 'day', 'moment', 'list', 'nothing'],
      kinds: ['other', 'other', 'date', 'time', 'other', 'other'],
      rows: [['=1+1 & <b>', 4.5, '2026-11-18', '2026-11-18 06:00:00.5', ['a', 'b'], null]],
    });
    const sheet = textIn(workbook, 'xl/worksheets/sheet1.xml');
    expect(sheet).toContain('<v>4.5</v>');
    // Days since 1899-12-30, of which Excel shows the day and the moment.
    expect(sheet).toMatch(/<c r="C2" s="\d+"><v>46344<\/v>/);
    expect(sheet).toMatch(/<c r="D2" s="\d+"><v>46344\.2500/);
    expect(sheet).toContain('<autoFilter ref="A1:F2"/>');
    expect(sheet).toContain('state="frozen"');
    expect(sheet).not.toContain('<f>');
    const texts = textIn(workbook, 'xl/sharedStrings.xml');
    expect(texts).toContain('=1+1 &amp; &lt;b&gt;');
    expect(texts).toContain('["a","b"]');
    expect(textIn(workbook, 'xl/styles.xml')).toContain('yyyy-mm-dd hh:mm:ss');
  });

  it.each([
    ['rows', [['text']], Array(1_048_576).fill(['x']), '1048576 rows'],
    ['characters', [['text']], [['x'.repeat(32_768)]], '32768 characters'],
  ])('of more %s than Excel takes is refused', async (_, __, rows, what) => {
    await expect(asWorkbook({ columns: ['text'], kinds: ['other'], rows })).rejects.toThrow(what);
  });

  it('is written by a command', async () => {
    const path = join(newFolder(), 'answer.xlsx');
    const words = ['query', 'coverage-against-targets', '--out', out, '--format', 'xlsx'];
    expect(await type(...words, '--to', path)).toMatchObject({
      exitCode: 0,
      stdout: `Answer written to ${path}\n`,
    });
    const texts = textIn(readFileSync(path), 'xl/sharedStrings.xml');
    expect(texts).toContain('who_is_one_level_short');
  });
});

describe('a Parquet file', () => {
  const SQL = `SELECT user_id, snapshot_date, level, username FROM proficiencies_flat ORDER BY ALL`;

  async function read(path: string): Promise<unknown> {
    const snapshots = await openSnapshots(out);
    try {
      return (await snapshots.run(`SELECT * FROM read_parquet('${path}')`)).rows;
    } finally {
      snapshots.close();
    }
  }

  it('holds the answer, of a saved query with parameters too', async () => {
    const path = join(newFolder(), "it's.parquet");
    const words = ['--out', out, '--format', 'parquet', '--to', path];
    expect((await type('query', SQL, ...words)).exitCode).toBe(0);
    const snapshots = await openSnapshots(out);
    const expected = (await snapshots.run(SQL)).rows;
    const named = await snapshots.run('agents-with-proficiency', { minimum_level: '3' });
    snapshots.close();
    expect(await read(path.replaceAll("'", "''"))).toEqual(expected);

    const saved = ['query', 'agents-with-proficiency', '--param', 'minimum_level=3'];
    expect((await type(...saved, ...words)).exitCode).toBe(0);
    expect(await read(path.replaceAll("'", "''"))).toEqual(named.rows);
  });

  it('holds so many rows at most', async () => {
    const path = join(newFolder(), 'answer.parquet');
    await type('query', SQL, '--out', out, '--format', 'parquet', '--to', path, '--limit', '2');
    expect(await read(path)).toHaveLength(2);
  });

  it('is not there where the question is wrong, and what was there stays', async () => {
    const folder = newFolder();
    const path = join(folder, 'answer.parquet');
    const words = ['--out', out, '--format', 'parquet', '--to', path];
    expect(await type('query', 'SELECT nonsense', ...words)).toMatchObject({ exitCode: 2 });
    expect(existsSync(path)).toBe(false);
    await type('query', SQL, ...words);
    const before = readFileSync(path);
    await type('query', 'SELECT nonsense', ...words);
    expect(readFileSync(path)).toEqual(before);
    expect(readdirSync(folder)).toEqual(['answer.parquet']);
  });
});
