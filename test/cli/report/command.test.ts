import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { reportCommand } from '../../../cli/report/command.ts';
import { writeWorld } from '../../support/published-world.ts';
import { reportWorld } from '../../support/report-world.ts';
import { temporaryFolders } from '../../support/temporary-folder.ts';

const ID = '11111111-1111-4111-8111-111111111111';

const newFolder = temporaryFolders();

const run = (...words: string[]) =>
  reportCommand()
    .exitOverride()
    .configureOutput({ writeErr: () => undefined })
    .parseAsync(words, { from: 'user' });

afterEach(() => jest.restoreAllMocks());

it('writes report.html into the folder, and prints its path', async () => {
  const out = newFolder();
  writeWorld(out, reportWorld({ users: 3, days: 1 }));
  const log = jest.spyOn(console, 'log').mockReturnValue();
  await run('--out', out);
  expect(log.mock.calls).toEqual([[`Report written to ${join(out, 'report.html')}`]]);
  expect(existsSync(join(out, 'report.html'))).toBe(true);
});

it('writes to the file that is asked for', async () => {
  const out = newFolder();
  writeWorld(out, reportWorld({ users: 3, days: 1 }));
  const to = join(newFolder(), 'skills.html');
  jest.spyOn(console, 'log').mockReturnValue();
  await run('--out', out, '--to', to);
  expect(existsSync(to)).toBe(true);
  expect(existsSync(join(out, 'report.html'))).toBe(false);
});

it('says what to do where there is no snapshot, and writes nothing', async () => {
  const out = newFolder();
  await expect(run('--out', out)).rejects.toThrow(
    `There is no snapshot in ${out}; export one first, or name another place with --out.`,
  );
  expect(existsSync(join(out, 'report.html'))).toBe(false);
});

test.each([
  ['--date', '23.11.2026'],
  ['--date', '2026-02-30'],
  ['--instance-id', 'mine'],
  ['--alias', 'no spaces'],
  ['--alias', 'mine=support'],
  ['--alias', ''],
])('refuses %s %s', async (option, value) => {
  await expect(run(option, value)).rejects.toMatchObject({
    code: 'commander.invalidArgument',
    message: expect.stringContaining(option),
  });
});

test.each([
  ['twice', 'support', 'sales'],
  ['of the only instance beside another', 'support', `${ID}=sales`],
  ['of one instance twice', `${ID}=support`, `${ID}=sales`],
])('refuses an alias %s', async (_, one, other) => {
  await expect(run('--alias', one, '--alias', other)).rejects.toMatchObject({
    code: 'commander.invalidArgument',
  });
});

it('shows the aliases that are given', async () => {
  const out = newFolder();
  const world = reportWorld({ users: 3, days: 1 });
  const [id = ''] = Object.keys(world);
  writeWorld(out, world);
  jest.spyOn(console, 'log').mockReturnValue();
  for (const alias of ['support', `${id}=support`]) {
    await run('--out', out, '--alias', alias);
    expect(readFileSync(join(out, 'report.html'), 'utf8')).toContain('Instance support <span');
  }
});
