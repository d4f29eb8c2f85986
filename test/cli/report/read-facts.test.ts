import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readFacts } from '../../../cli/report/read-facts.ts';
import { readTrends } from '../../../cli/report/read-trends.ts';
import { openScopedSnapshots } from '../../../cli/report/scoped-snapshots.ts';
import { changesKey, TARGETS_FILE_KEY } from '../../../contract/keys.ts';
import { chooseEditions, type Wanted } from '../../../report/editions.ts';
import type { Facts } from '../../../report/facts.ts';
import type { Trend } from '../../../report/trends.ts';
import { FULL, sampled } from '../../support/breadth.ts';
import {
  type PublishedWorld,
  type WorldSnapshot,
  writeWorld,
} from '../../support/published-world.ts';
import { reportWorld } from '../../support/report-world.ts';
import { temporaryFolders } from '../../support/temporary-folder.ts';
import { BUSY, EMPTY, KNOWN_WORLD, SMALL } from '../query/known-world.ts';
import { expectTheQueriesNumbers, folderOf } from './queries-numbers.ts';

const newFolder = temporaryFolders();

const factsOf = (world: PublishedWorld, wanted: Wanted = {}) => readFacts(folderOf(world), wanted);

const DATES = ['2026-11-18', '2026-11-19', '2026-11-21', '2026-11-22'];

/** What is read of the known world. */
let known: readonly Facts[];
let busy: Facts | undefined;

beforeAll(async () => {
  known = await factsOf(KNOWN_WORLD);
  busy = known.find(({ instanceId }) => instanceId === BUSY);
});

describe('the facts', () => {
  it('are the numbers of the saved queries, for the newest snapshots', async () => {
    expect(known.map(({ instanceId }) => instanceId)).toEqual(Object.keys(KNOWN_WORLD));
    for (const facts of sampled(known, (one) => one === busy)) {
      await expectTheQueriesNumbers(KNOWN_WORLD, facts);
    }
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

  it('count users that came and went, with proficiencies or without', () => {
    expect(busy?.changes).toMatchObject({ since: '2026-11-21', created: 2, deleted: 1 });
    expect(busy?.agentsByCount.reduce((sum, { agents }) => sum + agents, 0)).toBe(9);
    expect(busy?.names).toBe('shown');
  });

  it('have no changes, trends or targets that have not been derived, and no names where a snapshot has none', async () => {
    const world = reportWorld({ users: 1, days: 2, usernames: false });
    const [instanceId = ''] = Object.keys(world);
    const [first, second] = world[instanceId] ?? [];
    const folder = folderOf(world);
    rmSync(join(folder, changesKey(instanceId, second?.date ?? '')));
    writeFileSync(join(folder, TARGETS_FILE_KEY), 'attribute_name');
    const [facts] = await readFacts(folder, {});
    expect(facts).toMatchObject({ previousDate: first?.date, changes: undefined });
    expect(facts?.trends).toBeUndefined();
    expect(facts?.againstTargets.isBehind).toBe(true);
    expect(facts?.names).toBe('not in the snapshot');
  });

  it('have no changes or trends where there is no earlier snapshot', () => {
    const facts = known.find(({ instanceId }) => instanceId === EMPTY);
    expect([facts?.changes, facts?.previousDate, facts?.trends]).toEqual([
      undefined,
      undefined,
      undefined,
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

  it('are the numbers of agents on each date, those of what is gone now included', () => {
    for (const facts of known) expectCounted(KNOWN_WORLD, facts);
    expect(busy?.trends?.dates).toEqual(DATES);
    expect(busy?.trends?.lines).toContainEqual({
      attribute_name: 'Language',
      attribute_value: 'Klingon',
      agents: [2, 1, 0, 0],
    });
    expect(busy?.trends?.lines.length).toBeGreaterThanOrEqual(busy?.coverage.length ?? 1);
  });

  it('are those numbers over all dates, also where these are more than the month of runs', async () => {
    const world = reportWorld({ users: 3, days: 32 });
    const [facts] = await factsOf(world);
    expect(facts?.runs).toHaveLength(30);
    expect(facts?.trends).toMatchObject({ isWhole: true, dates: { length: 32 } });
    for (const one of facts ? [facts] : []) expectCounted(world, one);
  });

  it('begin with the last snapshot that has not been compared with the one before it', async () => {
    const folder = folderOf(KNOWN_WORLD);
    rmSync(join(folder, changesKey(BUSY, '2026-11-19')));
    const snapshots = await openScopedSnapshots(folder, {});
    const trends = busy && (await readTrends(snapshots, busy, busy.coverage));
    snapshots.close();
    expect(trends).toMatchObject({ dates: DATES.slice(1), isWhole: false });
    if (busy) expectCounted(KNOWN_WORLD, { ...busy, trends });
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

  it('says of a team what it says of a world without the others and without targets, and of its exports what it says of all', async () => {
    const wanted = { instanceId: BUSY, team: TEAM };
    const [narrowed] = await readFacts(folderOf(KNOWN_WORLD), wanted);
    const withoutTargets = newFolder();
    writeWorld(withoutTargets, ofTeam());
    const [alone] = await readFacts(withoutTargets, {});
    expect(narrowed?.coverage).not.toEqual([]);
    expect(narrowed?.training).not.toEqual(busy?.training);
    for (const same of [
      'coverage',
      'againstTargets',
      'singlePoints',
      'agentsByCount',
      'training',
      'agents',
    ] as const)
      expect(narrowed?.[same]).toEqual(alone?.[same]);
    expect(narrowed?.againstTargets).toEqual({ lines: [], problems: [], isBehind: false });
    expect(narrowed?.runs).toEqual(busy?.runs);
    expect(narrowed?.trends).toBeUndefined();
    const members = new Set(ofTeam()[BUSY]?.flatMap(({ users }) => users.map(({ id }) => id)));
    expect(narrowed?.changes?.lines).toEqual(
      busy?.changes?.lines.filter(({ user_id }) => members.has(user_id)),
    );
  });

  it('of whom there is nobody is refused', async () => {
    const wanted = { instanceId: SMALL, team: TEAM, routingProfile: 'Service' };
    await expect(readFacts(folderOf(KNOWN_WORLD), wanted)).rejects.toThrow(
      'There is no agent in the team "Berlin" with the routing profile "Service" in the snapshot',
    );
  });
});
