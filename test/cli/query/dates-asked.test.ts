import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import type { GivenParameters } from '../../../cli/query/parameters.ts';
import { changesKey, manifestKey } from '../../../contract/keys.ts';
import { FULL } from '../../support/breadth.ts';
import { type PublishedWorld, writeWorld } from '../../support/published-world.ts';
import { temporaryFolders } from '../../support/temporary-folder.ts';
import { askFolder } from '../bucket/bucket-world.ts';
import { changesBetweenDates } from './expected/changes.ts';
import { published } from './expected/lines.ts';
import { BUSY, EMPTY, KNOWN_WORLD, SMALL } from './known-world.ts';
import { randomWorld } from './random-world.ts';

const QUERY = 'changes-between-dates';

const newFolder = temporaryFolders();

function written(world: PublishedWorld): string {
  const folder = newFolder();
  writeWorld(folder, world);
  return folder;
}

/** Whether an instance with snapshots of these dates has one at both ends of what is asked. */
function isCompared(series: readonly string[], from: string, to: string): boolean {
  const last = series.findLast((date) => date <= to);
  return series.some((date) => last !== undefined && date < last && date <= from);
}

const span = (dates: readonly string[]): string =>
  new Set(dates).size === 1 ? `of ${dates.at(0)}` : `from ${dates.at(0)} to ${dates.at(-1)}`;

/** What is said of an answer without the instances that have no snapshot at both ends of what is asked. */
function notesExpected(world: PublishedWorld, from = '9999', to = '9999'): readonly string[] {
  const instances = Object.entries(world)
    .map(([id, one]) => ({ id, dates: published(one).map(({ date }) => date) }))
    .filter(({ dates }) => dates.length > 0)
    .sort((one, other) => (one.id < other.id ? -1 : 1));
  const others = instances.filter(({ dates }) => !isCompared(dates, from, to));
  if (others.length < instances.length) {
    return others.map(
      ({ id, dates }) =>
        `Nothing is compared of ${id}: it does not have two snapshots for these dates; those published are ${span(dates)}.`,
    );
  }
  const all = others.flatMap(({ dates }) => dates).toSorted();
  return all.length === 0
    ? []
    : [
        `Nothing is compared: no instance has two snapshots for these dates; those published are ${span(all)}.`,
      ];
}

it('a question about some dates answers as if all of them were looked at', async () => {
  const date = fc.option(
    fc.constantFrom('2026-11-17', '2026-11-18', '2026-11-20', '2026-11-21', '2026-11-23'),
    { nil: undefined },
  );
  const dates = fc
    .record({ from: date, to: date })
    .filter(({ from = '', to = '9999' }) => from <= to);
  await fc.assert(
    fc.asyncProperty(
      randomWorld,
      fc.array(dates, { minLength: 2, maxLength: FULL ? 4 : 2 }),
      async (world, asked) => {
        const folder = written(world);
        for (const { from, to } of asked) {
          const given = { ...(from && { from_date: from }), ...(to && { to_date: to }) };
          const { answer, notes } = await askFolder(folder, QUERY, given);
          expect([given, answer.rows]).toEqual([given, changesBetweenDates(world, from, to)]);
          expect([given, notes]).toEqual([given, notesExpected(world, from, to)]);
        }
      },
    ),
    { numRuns: FULL ? 50 : 2 },
  );
});

/** It looks from 2026-11-19 to 2026-11-21. */
const FROM_SECOND: GivenParameters = { from_date: '2026-11-20', to_date: '2026-11-21' };

it('what is of other dates is not read', async () => {
  const folder = written(KNOWN_WORLD);
  const expected = await askFolder(folder, QUERY, FROM_SECOND);
  for (const date of ['2026-11-19', '2026-11-22']) {
    writeFileSync(join(folder, changesKey(BUSY, date)), 'damaged');
  }
  for (const date of ['2026-11-18', '2026-11-22']) {
    writeFileSync(join(folder, manifestKey(BUSY, date)), '{');
  }
  expect(await askFolder(folder, QUERY, FROM_SECOND)).toEqual(expected);
  writeFileSync(join(folder, changesKey(BUSY, '2026-11-21')), 'damaged');
  await expect(askFolder(folder, QUERY, FROM_SECOND)).rejects.toMatchObject({ name: 'DamagedRun' });
});

it('an answer is told not to be complete where it lacks changes, not where others do', async () => {
  const folder = written(KNOWN_WORLD);
  const notesWithout = async (...dates: readonly string[]): Promise<readonly string[]> => {
    for (const date of dates) rmSync(join(folder, changesKey(BUSY, date)));
    return (await askFolder(folder, QUERY, FROM_SECOND)).notes;
  };
  const ofEmpty = expect.stringContaining(`compared of ${EMPTY}`);
  expect(await notesWithout('2026-11-19', '2026-11-22')).toEqual([ofEmpty]);
  expect(await notesWithout('2026-11-21')).toEqual([
    ofEmpty,
    expect.stringMatching(/^The changes of one snapshot are missing/),
  ]);
});

it('an empty answer is not taken for no changes', async () => {
  const folder = written(KNOWN_WORLD);
  for (const given of [
    { from_date: '2026-11-16' },
    { to_date: '2026-11-18' },
    { from_date: '2026-11-01', to_date: '2026-11-02' },
  ]) {
    const { answer, notes } = await askFolder(folder, QUERY, given);
    expect([given, answer.rows]).toEqual([given, []]);
    expect(notes).toEqual([
      'Nothing is compared: no instance has two snapshots for these dates; those published are from 2026-11-18 to 2026-11-22.',
    ]);
  }
});

it('nothing is compared on the first day', async () => {
  const folder = written({ [BUSY]: [{ date: '2026-11-18', users: [] }] });
  expect((await askFolder(folder, QUERY)).notes).toEqual([
    'Nothing is compared: no instance has two snapshots for these dates; those published are of 2026-11-18.',
  ]);
});

it('an instance that is not compared is named where others are', async () => {
  const dates = (...all: string[]) => all.map((date) => ({ date, users: [] }));
  const folder = written({
    [BUSY]: dates('2026-11-18', '2026-11-20'),
    [SMALL]: dates('2026-11-20'),
  });
  expect((await askFolder(folder, QUERY)).notes).toEqual([
    `Nothing is compared of ${SMALL}: it does not have two snapshots for these dates; those published are of 2026-11-20.`,
  ]);
  const bothDays = { from_date: '2026-11-18', to_date: '2026-11-19' };
  expect((await askFolder(folder, QUERY, bothDays)).notes).toEqual([
    'Nothing is compared: no instance has two snapshots for these dates; those published are from 2026-11-18 to 2026-11-20.',
  ]);
});
