import { rmSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import type { GivenParameters } from '../../../cli/query/parameters.ts';
import { openSnapshots } from '../../../cli/query/snapshots.ts';
import { readFacts } from '../../../cli/report/read-facts.ts';
import { changesKey } from '../../../contract/keys.ts';
import { chooseEditions, type Edition, type Wanted } from '../../../report/editions.ts';
import type { Facts } from '../../../report/facts.ts';
import type { Trend } from '../../../report/trends.ts';
import { FULL, sampled } from '../../support/breadth.ts';
import {
  type PublishedWorld,
  type WorldSnapshot,
  writeTargets,
  writeWorld,
} from '../../support/published-world.ts';
import { reportWorld } from '../../support/report-world.ts';
import { temporaryFolders } from '../../support/temporary-folder.ts';
import { BUSY, EMPTY, KNOWN_TARGETS, KNOWN_WORLD, SMALL } from '../query/known-world.ts';
import { randomWorld } from '../query/random-world.ts';

const newFolder = temporaryFolders();

function folderOf(world: PublishedWorld): string {
  const folder = newFolder();
  writeWorld(folder, world);
  writeTargets(folder, KNOWN_TARGETS);
  return folder;
}

const factsOf = (world: PublishedWorld, wanted: Wanted = {}) => readFacts(folderOf(world), wanted);

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

async function expectTheQueriesNumbers(world: PublishedWorld, facts: Facts): Promise<void> {
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

const DATES = ['2026-11-18', '2026-11-19', '2026-11-21', '2026-11-22'];

describe('the facts', () => {
  it('are the numbers of the saved queries, for the newest snapshots', async () => {
    const all = await factsOf(KNOWN_WORLD);
    expect(all.map(({ instanceId }) => instanceId)).toEqual(Object.keys(KNOWN_WORLD));
    for (const facts of all) await expectTheQueriesNumbers(KNOWN_WORLD, facts);
  });

  it.each(sampled(DATES, (_, index) => index === 1))(
    'are what the saved queries would have answered on %s',
    async (date) => {
      const wanted = FULL ? { date } : { date, instanceId: BUSY };
      for (const facts of await factsOf(KNOWN_WORLD, wanted)) {
        await expectTheQueriesNumbers(KNOWN_WORLD, facts);
      }
    },
  );

  it('are the numbers of the saved queries over any snapshots', async () => {
    const published = randomWorld.filter((world) =>
      Object.values(world).some((all) => all.some((snapshot) => snapshot.published !== false)),
    );
    await fc.assert(
      fc.asyncProperty(published, async (world) => {
        for (const facts of await factsOf(world)) await expectTheQueriesNumbers(world, facts);
      }),
      { numRuns: FULL ? 4 : 1 },
    );
  });

  it('count users that came and went, with proficiencies or without', async () => {
    const [busy] = await factsOf(KNOWN_WORLD, { instanceId: BUSY, date: '2026-11-22' });
    expect(busy?.changes).toMatchObject({ since: '2026-11-21', created: 2, deleted: 1 });
    expect(busy?.agentsByCount.reduce((sum, { agents }) => sum + agents, 0)).toBe(9);
  });

  it('have no changes where the snapshots have not been compared', async () => {
    const folder = folderOf(KNOWN_WORLD);
    rmSync(join(folder, changesKey(BUSY, '2026-11-22')));
    const [busy, small] = await readFacts(folder, {});
    expect([busy?.previousDate, busy?.changes]).toEqual(['2026-11-21', undefined]);
    expect(small?.changes).toMatchObject({ since: '2026-11-19' });
  });

  it('have no changes where there is no earlier snapshot', async () => {
    const all = await factsOf(KNOWN_WORLD, { date: '2026-11-18' });
    expect(all.map(({ changes, previousDate }) => [changes, previousDate])).toEqual([
      [undefined, undefined],
      [undefined, undefined],
    ]);
  });
});

describe('the trends', () => {
  const heldIn = (users: WorldSnapshot['users'] = [], { attribute_name, attribute_value }: Trend) =>
    users.filter(({ proficiencies }) =>
      proficiencies.some(
        (one) => one.attribute_name === attribute_name && one.attribute_value === attribute_value,
      ),
    ).length;

  /** Counts the agents on each day. */
  function expectCounted(world: PublishedWorld, { instanceId, trends }: Facts): void {
    for (const line of trends?.lines ?? []) {
      const counted = trends?.dates.map((date) => {
        const snapshot = world[instanceId]?.find((one) => one.date === date);
        return heldIn(snapshot?.users, line);
      });
      expect({ line, agents: counted }).toEqual({ line, agents: line.agents });
    }
  }

  it('are the numbers of agents on each date, those of what is gone now included', async () => {
    const [busy, ...others] = await factsOf(KNOWN_WORLD);
    for (const facts of busy ? [busy, ...others] : []) expectCounted(KNOWN_WORLD, facts);
    expect(busy?.trends?.dates).toEqual(['2026-11-18', '2026-11-19', '2026-11-21', '2026-11-22']);
    expect(busy?.trends?.lines).toContainEqual({
      attribute_name: 'Language',
      attribute_value: 'Klingon',
      agents: [2, 1, 0, 0],
    });
    expect(busy?.trends?.lines.length).toBeGreaterThanOrEqual(busy?.coverage.length ?? 1);
  });

  it('are those numbers over all dates, also where these are more than the month of runs', async () => {
    const world = reportWorld({ users: 30, days: 32 });
    const [facts] = await factsOf(world);
    expect(facts?.runs).toHaveLength(30);
    expect(facts?.trends).toMatchObject({ isWhole: true, dates: { length: 32 } });
    for (const one of facts ? [facts] : []) expectCounted(world, one);
  });

  it('begin with the last snapshot that has not been compared with the one before it', async () => {
    const folder = folderOf(KNOWN_WORLD);
    rmSync(join(folder, changesKey(BUSY, '2026-11-19')));
    const told = async (wanted: Wanted) =>
      (await readFacts(folder, { instanceId: BUSY, ...wanted })).map(({ trends }) => trends);
    const [busy] = await readFacts(folder, { instanceId: BUSY });
    expect(busy?.trends).toMatchObject({
      dates: ['2026-11-19', '2026-11-21', '2026-11-22'],
      isWhole: false,
    });
    for (const facts of busy ? [busy] : []) expectCounted(KNOWN_WORLD, facts);
    expect(await told({ date: '2026-11-19' })).toEqual([undefined]);
    rmSync(join(folder, changesKey(BUSY, '2026-11-22')));
    expect(await told({})).toEqual([undefined]);
  });

  it('are not told of a snapshot alone, or of a team', async () => {
    const [first] = await readFacts(folderOf(KNOWN_WORLD), {
      instanceId: BUSY,
      date: '2026-11-18',
    });
    expect(first?.trends).toBeUndefined();
    const [ofTeam] = await readFacts(folderOf(KNOWN_WORLD), { instanceId: BUSY, team: 'Berlin' });
    expect(ofTeam?.trends).toBeUndefined();
  });
});

describe('the choice of snapshots', () => {
  const published = [
    { instanceId: BUSY, date: '2026-11-21' },
    { instanceId: BUSY, date: '2026-11-22' },
    { instanceId: SMALL, date: '2026-11-22' },
  ];
  const newestBusy = {
    instanceId: BUSY,
    date: '2026-11-22',
    previousDate: '2026-11-21',
    isNewest: true,
    alias: undefined,
  };

  it('takes the newest of each instance', () => {
    expect(chooseEditions(published, {})).toEqual([
      newestBusy,
      { instanceId: SMALL, date: '2026-11-22', previousDate: undefined, isNewest: true },
    ]);
  });

  it.each([BUSY, `arn:aws:connect:us-east-1:123456789012:instance/${BUSY}`])(
    'takes the instance %s alone',
    (instanceId) => expect(chooseEditions(published, { instanceId })).toEqual([newestBusy]),
  );

  it('takes a day, of the instances that have it', () => {
    expect(chooseEditions(published, { date: '2026-11-21' })).toEqual([
      { instanceId: BUSY, date: '2026-11-21', previousDate: undefined, isNewest: false },
    ]);
  });

  it.each([
    [
      { date: '2026-11-20' },
      `There is no published snapshot dated 2026-11-20; there are ${BUSY}, ${SMALL}, from 2026-11-21 to 2026-11-22.`,
    ],
    [
      { instanceId: 'nobody' },
      `There is no published snapshot of instance nobody; there are ${BUSY}, ${SMALL}, from 2026-11-21 to 2026-11-22.`,
    ],
  ])('says which snapshots there are when asked for %j', (wanted, message) => {
    expect(() => chooseEditions(published, wanted)).toThrow(message);
  });

  it.each([
    [{ instanceId: BUSY, aliases: { '': 'support' } }, ['support']],
    [{ aliases: { [BUSY]: 'support', [SMALL]: 'sales' } }, ['support', 'sales']],
    [{ aliases: { [SMALL]: 'sales' } }, [undefined, 'sales']],
  ] as const)('knows by %j what the instances are called', (wanted, aliases) => {
    expect(chooseEditions(published, wanted).map(({ alias }) => alias)).toEqual(aliases);
  });

  it.each([
    [
      { '': 'support' },
      `Say which instance is called support, as <instance id>=support: the report is about ${BUSY}, ${SMALL}.`,
    ],
    [
      { [EMPTY]: 'support' },
      `There is no instance ${EMPTY} to call support: the report is about ${BUSY}, ${SMALL}.`,
    ],
  ])('refuses aliases %j', (aliases, message) => {
    expect(() => chooseEditions(published, { aliases })).toThrow(message);
  });

  it('says so where nothing is published yet', () => {
    expect(() => chooseEditions([], {})).toThrow(
      'There is no published snapshot; finish an export first.',
    );
  });
});

describe('narrowed to agents', () => {
  const TEAM = 'Berlin';

  /** The known world with nobody but those who are in a team on one of the last two days of the busy instance. */
  const ofTeam = (): PublishedWorld => ({
    [BUSY]: (KNOWN_WORLD[BUSY] ?? []).map((snapshot) => ({
      ...snapshot,
      users: snapshot.users.filter(({ details }) => details?.hierarchy?.includes(TEAM)),
    })),
  });

  it('says of a team what the queries say of a world without the others, and of its exports what it says of all', async () => {
    const [narrowed, ...others] = (await readFacts(folderOf(KNOWN_WORLD), { team: TEAM })).filter(
      ({ instanceId }) => instanceId === BUSY,
    );
    const [all] = await factsOf(KNOWN_WORLD, { instanceId: BUSY });
    const [alone] = await factsOf(ofTeam());
    expect(others).toEqual([]);
    expect(narrowed?.coverage).toEqual(alone?.coverage);
    expect(narrowed?.coverage).not.toEqual([]);
    expect(narrowed?.singlePoints).toEqual(alone?.singlePoints);
    expect(narrowed?.agentsByCount).toEqual(alone?.agentsByCount);
    expect(narrowed?.runs).toEqual(all?.runs);
    const withoutTargets = newFolder();
    writeWorld(withoutTargets, ofTeam());
    const [training] = (await readFacts(withoutTargets, {})).map((facts) => facts.training);
    expect(narrowed?.training).toEqual(training);
    expect(training).not.toEqual(alone?.training);
    expect(narrowed?.againstTargets).toEqual({ lines: [], problems: [], isBehind: false });
    const members = new Set(ofTeam()[BUSY]?.flatMap(({ users }) => users.map(({ id }) => id)));
    expect(narrowed?.changes?.lines).toEqual(
      all?.changes?.lines.filter(({ user_id }) => members.has(user_id)),
    );
  });

  it.each([
    [{ team: 'Nowhere' }, 'There is no agent in the team "Nowhere" in the snapshot'],
    [
      { team: TEAM, routingProfile: 'Service' },
      'There is no agent in the team "Berlin" with the routing profile "Service" in the snapshot',
    ],
  ])('%j of which there is nobody is refused', async (wanted, message) => {
    await expect(readFacts(folderOf(KNOWN_WORLD), wanted)).rejects.toThrow(message);
  });
});
