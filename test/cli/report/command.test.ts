import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { reportCommand } from '../../../cli/report/command.ts';
import { writeWorld } from '../../support/published-world.ts';
import { reportWorld } from '../../support/report-world.ts';
import { temporaryFolders } from '../../support/temporary-folder.ts';

const WORLD = reportWorld({ users: 1, days: 1 });
const [ID = ''] = Object.keys(WORLD);

const newFolder = temporaryFolders();

const run = (...words: string[]) =>
  reportCommand()
    .exitOverride()
    .configureOutput({ writeErr: () => undefined })
    .parseAsync(words, { from: 'user' });

afterEach(() => jest.restoreAllMocks());

it('writes report.html into the folder, with the alias that is given, and prints its path', async () => {
  const out = newFolder();
  writeWorld(out, WORLD);
  const log = jest.spyOn(console, 'log').mockReturnValue();
  await run('--out', out, '--alias', 'support');
  const path = join(out, 'report.html');
  expect(log.mock.calls).toEqual([[`Report written to ${path}`]]);
  expect(readFileSync(path, 'utf8')).toContain('Instance support <span');
});

it('writes to the file that is asked for, of those who are asked for, with the alias of the instance', async () => {
  const out = newFolder();
  writeWorld(out, WORLD);
  const to = join(newFolder(), 'skills.html');
  jest.spyOn(console, 'log').mockReturnValue();
  const { hierarchy, routing_profile_name: profile } = WORLD[ID]?.[0]?.users[0]?.details ?? {};
  const among = ['--team', String(hierarchy?.[0]), '--routing-profile', String(profile)];
  await run('--out', out, '--to', to, ...among, '--alias', `${ID}=support`);
  const report = readFileSync(to, 'utf8');
  expect(report).toContain('Instance support <span');
  expect(report).toMatch(/Only agents in the team .* with the routing profile /);
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
