import type { GivenParameters } from '../../../cli/query/parameters.ts';
import { openSnapshots } from '../../../cli/query/snapshots.ts';
import type { Edition } from '../../../report/editions.ts';
import type { Facts } from '../../../report/facts.ts';
import { type PublishedWorld, writeTargets, writeWorld } from '../../support/published-world.ts';
import { temporaryFolders } from '../../support/temporary-folder.ts';
import { KNOWN_TARGETS } from '../query/known-world.ts';

const newFolder = temporaryFolders();

/** A folder with a world in it, and with targets. */
export function folderOf(world: PublishedWorld): string {
  const folder = newFolder();
  writeWorld(folder, world);
  writeTargets(folder, KNOWN_TARGETS);
  return folder;
}

/** The world as it was on a day, with one instance only. */
const asOf = (world: PublishedWorld, { instanceId, date }: Edition): PublishedWorld => ({
  [instanceId]: (world[instanceId] ?? []).filter((snapshot) => snapshot.date <= date),
});

/** What the saved queries themselves answer about that world, as objects. */
async function answers(world: PublishedWorld, edition: Edition) {
  const snapshots = await openSnapshots(folderOf(asOf(world, edition)));
  const ask = async (query: string, parameters?: GivenParameters) => {
    const { columns, rows } = await snapshots.run(query, parameters);
    return rows.map((row) =>
      Object.fromEntries(columns.map((column, index) => [column, row[index]])),
    );
  };
  const upTo = edition.isNewest ? {} : { as_of: edition.date };
  try {
    return {
      coverage: await ask('coverage-matrix'),
      singlePoints: await ask('single-points-of-failure'),
      targets: await ask('coverage-against-targets'),
      training: await ask('agents-to-train-next'),
      changes: await ask('changes-between-dates'),
      runs: await ask('export-health', upTo),
      without: (await ask('agents-without-proficiencies')).length,
    };
  } finally {
    snapshots.close();
  }
}

/** Facts have the numbers that the saved queries answer. */
export async function expectTheQueriesNumbers(world: PublishedWorld, facts: Facts): Promise<void> {
  const expected = await answers(world, facts);
  expect(expected.coverage).toEqual(facts.coverage.map(expect.objectContaining));
  expect(expected.singlePoints).toEqual(facts.singlePoints.map(expect.objectContaining));
  expect(expected.targets).toEqual(facts.againstTargets.lines.map(expect.objectContaining));
  expect(expected.training).toEqual(facts.training.map(expect.objectContaining));
  expect(facts.againstTargets.problems).toHaveLength(1);
  expect(expected.changes).toEqual((facts.changes?.lines ?? []).map(expect.objectContaining));
  expect(expected.runs).toEqual(facts.runs.map(expect.objectContaining));
  const without = facts.agentsByCount.find(({ proficiencies }) => proficiencies === 0);
  expect(without?.agents ?? 0).toBe(expected.without);
}
