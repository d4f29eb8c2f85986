import { rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { folderStore } from '../../../cli/store/folder-store.ts';
import { inProcesses, processesFor, type Question } from '../../../cli/verify/processes.ts';
import { manifestKey, snapshotKey } from '../../../contract/keys.ts';
import { deriveInstance } from '../../../derive/instance.ts';
import type { Verdict } from '../../../verify/verify-span.ts';
import { verifyStore } from '../../../verify/verify-store.ts';
import { INSTANCE, publish } from '../../derive/history.ts';
import { typeElsewhere } from '../../support/command-process.ts';
import { temporaryFolders } from '../../support/temporary-folder.ts';

const newFolder = temporaryFolders();
const NOW = new Date('2026-11-28T12:00:00Z');
const DATES = ['2026-11-21', '2026-11-22', '2026-11-23', '2026-11-24', '2026-11-25'] as const;

let program: string;

beforeAll(async () => {
  program = join(newFolder(), 'span-process.mjs');
  await build({
    entryPoints: ['cli/verify/span-process.ts'],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'esm',
  });
});

/** A folder with a damaged snapshot among five, and what is derived from them. */
async function folderOfFive(): Promise<string> {
  const folder = newFolder();
  const store = folderStore(folder);
  for (const [run, date] of DATES.entries()) {
    const users = [{ id: `u${run}`, username: 'name', proficiencies: [] }];
    await publish(store, { date, run, users });
  }
  await deriveInstance(store, INSTANCE);
  writeFileSync(join(folder, snapshotKey(INSTANCE, DATES[2])), 'x');
  return folder;
}

const all = async (verdicts: AsyncIterable<Verdict>): Promise<Verdict[]> => {
  const found: Verdict[] = [];
  for await (const verdict of verdicts) found.push(verdict);
  return found;
};

/** One for each day. */
const questionsOf = (folder: string): Question[] =>
  DATES.map((snapshotDate, index) => {
    const day = { snapshotDate, previous: DATES[index - 1], isNewest: index === DATES.length - 1 };
    return { folder, now: NOW, span: { instanceId: INSTANCE, days: [day] } };
  });

it('finds in several processes what one finds, in the same order', async () => {
  const folder = await folderOfFive();
  const apart = await all(inProcesses(questionsOf(folder), 2, program));
  expect(apart).toEqual(await all(verifyStore(folderStore(folder), NOW)));
  expect(apart.map(({ problems, derived }) => [problems.length, derived.length])).toEqual([
    [0, 0],
    [0, 1],
    [1, 0],
    // Against a snapshot that is damaged, nothing can be said.
    [0, 0],
    [0, 2],
  ]);
});

it('fails as a process fails, after what was found before', async () => {
  const folder = await folderOfFive();
  const manifest = join(folder, manifestKey(INSTANCE, DATES[3]));
  rmSync(manifest);
  symlinkSync(manifest, manifest);
  const found: Verdict[] = [];
  const verifying = (async () => {
    for await (const one of inProcesses(questionsOf(folder), 1, program)) found.push(one);
  })();
  await expect(verifying).rejects.toMatchObject({
    name: 'ServiceUnavailable',
    message: expect.stringContaining('ELOOP'),
  });
  expect(found).toHaveLength(3);
});

it('fails with what nobody foresaw', async () => {
  const failing = join(newFolder(), 'failing.mjs');
  const answer = "{ kind: 'error', error: new RangeError('unforeseen') }";
  writeFileSync(failing, `process.on('message', () => process.send(${answer}));`);
  const verdicts = all(inProcesses(questionsOf('unused'), 1, failing));
  await expect(verdicts).rejects.toThrow('unforeseen');
});

it.each([
  ["process.kill(process.pid, 'SIGKILL')", 'SIGKILL'],
  ['process.exit(7)', 'exit code 7'],
])('ends in one sentence where a process dies by %s', async (death, how) => {
  const dying = join(newFolder(), 'dying.mjs');
  writeFileSync(dying, `process.on('message', () => ${death});`);
  const verdicts = all(inProcesses(questionsOf('unused'), 1, dying));
  await expect(verdicts).rejects.toMatchObject({
    name: 'ServiceUnavailable',
    message: `A process of this verification ended before it was done (${how}): verify again, or fewer snapshots at a time, with --instance-id, --date or --since.`,
  });
});

it.each([
  ['a month', [8, 31, 8_000], 1],
  ['no days', [8, 0, 0], 0],
  ['two processors', [2, 400, 8_000], 2],
  ['many processors', [64, 400, 8_000], 4],
  ['many processors and two months', [64, 60, 8_000], 2],
  ['large snapshots', [64, 400, 50_000], 2],
  ['a million users', [64, 400, 1_000_000], 1],
] as const)('chooses the number of processes for %s', (_, [processors, days, largest], number) => {
  expect(processesFor(processors, days, largest)).toBe(number);
});

it('verifies a long history by the command', async () => {
  const folder = newFolder();
  const store = folderStore(folder);
  const dates = Array.from({ length: 33 }, (_, index) =>
    new Date(Date.UTC(2025, 0, 1 + index)).toISOString().slice(0, 10),
  );
  const users = [{ id: 'u1', username: 'name', proficiencies: [] }];
  await Promise.all(dates.map((date) => publish(store, { date, run: 0, users })));
  const { exitCode, stdout, stderr } = await typeElsewhere(['verify', folder]);
  expect([exitCode, stderr]).toEqual([0, '']);
  const lines = stdout.trimEnd().split('\n');
  const named = dates.map((date) => expect.stringMatching(new RegExp(`^ok .*=${date}/`)));
  expect(lines).toEqual([...named, expect.stringMatching(/^note {3}not derived yet: 33;/)]);
});
