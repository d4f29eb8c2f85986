import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { folderStore } from '../../../cli/store/folder-store.ts';
import {
  COVERAGE_TARGETS_KEY,
  changesKey,
  latestKey,
  snapshotKey,
  TARGETS_FILE_KEY,
} from '../../../contract/keys.ts';
import { INSTANCE, publish } from '../../derive/history.ts';
import { temporaryFolders } from '../../support/temporary-folder.ts';
import { type } from '../../support/terminal.ts';

const newFolder = temporaryFolders();
const DATES = ['2026-11-01', '2026-11-02', '2026-11-03'] as const;

let original: string;

beforeAll(async () => {
  original = newFolder();
  for (const [run, date] of DATES.entries()) {
    const users = [{ id: `u${run}`, username: `name ${run}`, proficiencies: [] }];
    await publish(folderStore(original), { date, run, users, undated: true });
  }
});

/** A folder with three snapshots, as an earlier version left it. */
function exported(): string {
  const folder = newFolder();
  cpSync(original, folder, { recursive: true });
  return folder;
}

it('makes what is missing, says what it did, and does it once', async () => {
  const folder = exported();
  const first = await type('derive', '--out', folder);
  expect(first.exitCode).toBe(0);
  expect(first.stdout.split('\n')).toEqual([
    `written  ${join(folder, latestKey(INSTANCE))}`,
    `written  ${join(folder, changesKey(INSTANCE, '2026-11-03'))}`,
    `written  ${join(folder, changesKey(INSTANCE, '2026-11-02'))}`,
    '3 objects written, derived from 1 instance.',
    '',
  ]);
  const second = await type('derive', '--out', folder);
  expect(second.stdout).toBe('Nothing to write: what is derived from 1 instance is up to date.\n');
});

it('names what is damaged after it has made the rest', async () => {
  const folder = exported();
  writeFileSync(join(folder, snapshotKey(INSTANCE, '2026-11-01')), 'x');
  const { exitCode, stdout, stderr } = await type('derive', '--out', folder);
  expect(exitCode).toBe(1);
  expect(stdout).toContain('2 objects written');
  expect(stderr).toMatch(
    /^\S+snapshot_date=2026-11-01\S+ is not what its manifest describes .*\n$/,
  );
  // What the damage kept back is not there, so that nothing may be called up to date.
  const again = await type('derive', '--out', folder);
  expect(again).toEqual({ exitCode: 1, stdout: '', stderr });
});

/** As a planner does it, in a spreadsheet. */
async function setTargets(folder: string, ...lines: readonly string[]): Promise<void> {
  const header = 'attribute_name;attribute_value;minimum_level;minimum_agents';
  const text = `\uFEFF${[header, ...lines].join('\r\n')}\r\n`;
  await folderStore(folder).put(TARGETS_FILE_KEY, Buffer.from(text));
}

it('brings coverage targets up to date, and names the lines that cannot be read', async () => {
  const folder = exported();
  await type('derive', '--out', folder);
  await setTargets(folder, 'Language;French;4;2', 'Language;German;x;2');
  const { exitCode, stdout, stderr } = await type('derive', '--out', folder);
  expect({ exitCode, stdout, stderr }).toEqual({
    exitCode: 0,
    stdout: `written  ${join(folder, COVERAGE_TARGETS_KEY)}\n1 object written, derived from 1 instance.\n`,
    stderr: `${join(folder, TARGETS_FILE_KEY)}, line 3: minimum_level is "x", which is no level from 1 to 5.\n`,
  });
  writeFileSync(join(folder, TARGETS_FILE_KEY), 'Language,French,4,2');
  expect((await type('derive', '--out', folder)).stderr).toMatch(
    /^\S+coverage\.csv: its first line does not name attribute_name, .*\n$/,
  );
  await setTargets(folder, ...Array.from({ length: 30 }, (_, n) => `a;b;x;${n}`));
  const many = (await type('derive', '--out', folder)).stderr.trim().split('\n');
  expect(many).toHaveLength(21);
  expect(many.at(-1)).toMatch(/coverage\.csv: 10 more lines cannot be read\.$/);
});

describe('verify', () => {
  it('notes targets that were changed since they were derived, and fails for nothing', async () => {
    const folder = exported();
    await setTargets(folder, 'Language;French;4;2');
    await type('derive', '--out', folder);
    expect((await type('verify', folder)).stdout).toContain('4 of 4 objects');
    await setTargets(folder, 'Language;French;4;3');
    const { exitCode, stdout } = await type('verify', folder);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/note {3}not derived yet: 1; run npx proficiencies derive/);
  });

  it('notes what is not derived yet, and fails for nothing', async () => {
    const { exitCode, stdout } = await type('verify', exported());
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/note {3}not derived yet: 3; run npx proficiencies derive/);
  });

  it.each([
    ['changes', (folder: string) => join(folder, changesKey(INSTANCE, '2026-11-02'))],
    ['the newest', (folder: string) => join(folder, latestKey(INSTANCE))],
  ])('finds %s changed by somebody else, until they are derived anew', async (_, fileIn) => {
    const folder = exported();
    await type('derive', '--out', folder);
    expect(await type('verify', folder)).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('ok     derived from the snapshots: 3 of 3 objects'),
    });
    const file = fileIn(folder);
    const text = gunzipSync(readFileSync(file)).toString();
    writeFileSync(file, gzipSync(text.replaceAll(/name \d/g, 'somebody')));
    const { exitCode, stdout, stderr } = await type('verify', folder);
    expect(exitCode).toBe(1);
    expect(stdout).toContain(`WRONG  ${file}: it is not what the snapshots give`);
    expect(stderr).toMatch(
      /^Derived objects that are not what the snapshots give: 1; delete them, then run npx .*\n$/,
    );
    rmSync(file);
    await type('derive', '--out', folder);
    expect(existsSync(file)).toBe(true);
    expect((await type('verify', folder)).exitCode).toBe(0);
  });
});
