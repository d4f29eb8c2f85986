import fc from 'fast-check';
import { ROW_COLUMNS, type Row } from '../../../contract/row.ts';
import { gunzipLines } from '../../../export/files/ndjson.ts';
import { limitFor } from '../../../export/plan/extras.ts';
import { ExtraFailure, type HierarchyGroup, type UserDetails } from '../../../export/ports.ts';
import { unfinishedRun } from '../../../export/publish/visible.ts';
import { FULL } from '../../support/breadth.ts';
import {
  detailsOf,
  GROUP,
  PROFILE,
  type ScriptedConnect,
  scriptedConnect,
  userId,
} from '../../support/scripted-connect.ts';
import { INSTANCE, unlimited, until, type World, world } from '../../support/world.ts';

const TEAM_KEYS = [
  'routing_profile_id',
  'routing_profile_name',
  'hierarchy_group_id',
  'hierarchy',
  'tags',
] as const;
const NAME_KEYS = ['first_name', 'last_name'] as const;

const UNKNOWN = {
  routing_profile_id: null,
  routing_profile_name: null,
  hierarchy_group_id: null,
  hierarchy: null,
  tags: null,
};
const IN_TEAM_1 = {
  routing_profile_id: PROFILE.id,
  routing_profile_name: PROFILE.name,
  hierarchy_group_id: GROUP.id,
  hierarchy: GROUP.path,
  tags: { site: 'Berlin' },
};

const DENIED = new ExtraFailure('Amazon Connect refused connect:SearchUsers.');

const teamOf = (row: Row | undefined) =>
  Object.fromEntries(TEAM_KEYS.map((key) => [key, row?.[key]]));

const teams = async (w: World) => (await w.rows()).map(teamOf);

const reported = (w: World) => w.published.at(-1)?.user_details;

it('rows say who is in which team, and no names', async () => {
  const w = world(scriptedConnect(3));
  await w.slice();
  expect(await teams(w)).toEqual([IN_TEAM_1, IN_TEAM_1, IN_TEAM_1]);
  expect(Object.keys((await w.rows())[0] ?? {})).toEqual(
    Object.keys(ROW_COLUMNS).filter((key) => !NAME_KEYS.some((name) => name === key)),
  );
  expect(reported(w)).toEqual({ status: 'complete', reason: null, users_unknown: 0 });
  expect(w.missing).toEqual([]);
});

it('rows say names where that is switched on', async () => {
  const w = world(scriptedConnect(1));
  await w.slice({}, {}, { includeUserDetails: 'names' });
  expect(await w.rows()).toMatchObject([
    { ...IN_TEAM_1, first_name: `First ${userId(0)}`, last_name: `Last ${userId(0)}` },
  ]);
});

it('keeps names that no row will carry nowhere, not even in working files', async () => {
  const w = world(scriptedConnect(1));
  await w.slice();
  for (const [key, bytes] of w.store.objects) {
    const text = key.endsWith('.gz') ? await unzipped(w, key) : Buffer.from(bytes).toString();
    expect(text).not.toMatch(/First|Last user/);
  }
});

async function unzipped(w: World, key: string): Promise<string> {
  const object = await w.store.get(key);
  const lines: string[] = [];
  if (object) for await (const line of gunzipLines(object.body)) lines.push(line);
  return lines.join('\n');
}

it('switched off, rows have no such keys, and Connect is not asked', async () => {
  const connect = scriptedConnect(2);
  const w = world(connect);
  await w.slice({}, {}, { includeUserDetails: 'off', includePredefinedAttributes: false });
  expect(Object.keys((await w.rows())[0] ?? {})).not.toEqual(
    expect.arrayContaining([expect.stringMatching(/^(routing|hierarchy|tags)/)]),
  );
  expect(reported(w)).toEqual({ status: 'off', reason: null, users_unknown: 0 });
  expect(Object.keys(w.published[0]?.requests ?? {})).toEqual([
    'list_users',
    'list_user_proficiencies',
  ]);
});

it('the rows of a snapshot are all alike, whatever the setting says when it goes on', async () => {
  const w = world(scriptedConnect(10));
  const { runId } = await w.slice({}, { deadline: until(() => w.connect.asked.length >= 4) });
  w.connect.extras.users.pages = [];
  await w.slice({ runId }, {}, { includeUserDetails: 'off' });
  expect(new Set((await teams(w)).map((team) => JSON.stringify(team)))).toEqual(
    new Set([JSON.stringify(IN_TEAM_1)]),
  );
});

describe('what is not to be had costs no snapshot', () => {
  it('denied half way: those who are known keep their team, and it is told once', async () => {
    const connect = scriptedConnect(4);
    connect.extras.users.pages = [[detailsOf(userId(1)), detailsOf(userId(2))], DENIED];
    const w = world(connect);
    const { runId } = await w.slice({}, { deadline: until(() => connect.asked.length >= 2) });
    expect(await w.slice({ runId })).toMatchObject({ status: 'PUBLISHED', usersFailed: 0 });
    expect(await teams(w)).toEqual([UNKNOWN, IN_TEAM_1, IN_TEAM_1, UNKNOWN]);
    expect(reported(w)).toEqual({ status: 'partial', reason: DENIED.message, users_unknown: 2 });
    expect(w.missing).toMatchObject([{ what: "users' details", reason: DENIED.message }]);
  });

  it('denied altogether: everyone is there, without a team', async () => {
    const connect = scriptedConnect(2);
    connect.extras.users.pages = [DENIED];
    const w = world(connect);
    expect(await w.slice()).toMatchObject({ status: 'PUBLISHED' });
    expect(await teams(w)).toEqual([UNKNOWN, UNKNOWN]);
    expect(reported(w)).toEqual({ status: 'none', reason: DENIED.message, users_unknown: 2 });
  });

  it('names of groups and profiles that are denied are null beside their ids, and each reason is said', async () => {
    const connect = scriptedConnect(1);
    connect.extras.profiles.pages = [new ExtraFailure('No profiles.')];
    connect.extras.groups.pages = [new ExtraFailure('No groups.')];
    const w = world(connect);
    await w.slice();
    expect(await teams(w)).toEqual([{ ...IN_TEAM_1, routing_profile_name: null, hierarchy: null }]);
    expect(reported(w)).toEqual({
      status: 'partial',
      reason: 'No profiles. No groups.',
      users_unknown: 0,
    });
  });

  it('an error of ours is not taken for one of Connect', async () => {
    const connect = scriptedConnect(1);
    connect.extras.users.pages = [new TypeError('ours')];
    await expect(world(connect).slice()).rejects.toThrow('ours');
  });
});

it('an index that lags: who is listed counts, and whom the search does not know has nulls', async () => {
  const connect = scriptedConnect(3);
  const renamedTeam = { ...detailsOf(userId(0)), routingProfileId: 'not listed yet' };
  connect.extras.users.pages = [[renamedTeam], [detailsOf('gone')], [detailsOf(userId(2))]];
  const w = world(connect);
  await w.slice();
  expect((await w.rows()).map((row) => row.user_id)).toEqual([0, 1, 2].map(userId));
  expect(await teams(w)).toEqual([
    { ...IN_TEAM_1, routing_profile_id: 'not listed yet', routing_profile_name: null },
    UNKNOWN,
    IN_TEAM_1,
  ]);
  expect(reported(w)).toEqual({ status: 'complete', reason: null, users_unknown: 1 });
});

it('a user deleted meanwhile has no row, whatever the search says', async () => {
  const w = world(scriptedConnect(2, { [userId(0)]: 'deleted' }));
  await w.slice();
  expect((await w.rows()).map((row) => row.user_id)).toEqual([userId(1)]);
});

describe('time', () => {
  /** Answers a page of one user, and then no more until it is given up on. */
  const stuck = (connect: ScriptedConnect): ScriptedConnect => ({
    ...connect,
    async *searchUsers(_, signal) {
      yield [detailsOf(userId(0))];
      await new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason));
      });
    },
  });

  it('a search that does not end is given up on, and the run goes on', async () => {
    const w = world(scriptedConnect(2));
    const asked: number[] = [];
    const cut = new AbortController();
    const deadline = {
      ...unlimited(),
      within(milliseconds: number) {
        asked.push(milliseconds);
        setImmediate(() => cut.abort());
        return cut.signal;
      },
    };
    const result = await w.slice({}, { connect: stuck(w.connect), deadline });
    expect(result).toMatchObject({ status: 'PUBLISHED' });
    expect(asked).toEqual([120_000]);
    expect(await teams(w)).toEqual([IN_TEAM_1, UNKNOWN]);
    expect(reported(w)).toEqual({
      status: 'partial',
      reason:
        'SearchUsers had not come to an end when its time was over, after 120 seconds at most.',
      users_unknown: 1,
    });
  });

  it('a slice that is cut off meanwhile begins no run; the next one reads it all', async () => {
    const w = world(scriptedConnect(2));
    const cut = new AbortController();
    const deadline = {
      ...unlimited(),
      signal: cut.signal,
      within() {
        setImmediate(() => cut.abort());
        return cut.signal;
      },
    };
    await expect(w.slice({}, { connect: stuck(w.connect), deadline })).rejects.toMatchObject({
      name: 'ServiceUnavailable',
    });
    const runId = (await unfinishedRun(w.store, INSTANCE)) ?? '';
    expect(await w.slice({ runId })).toMatchObject({ status: 'PUBLISHED', runId });
    expect(await teams(w)).toEqual([IN_TEAM_1, IN_TEAM_1]);
  });

  it.each([
    ['two minutes for an instance of usual size', 20, 120],
    ['twice the documented time for a large one', 200, 200],
    ['never more than half of the lease', 5_000, 600],
  ])('%s', (_, requests, seconds) => {
    expect(limitFor(requests)).toBe(seconds * 1000);
  });

  it('a search for users that do not exist is not followed for ever', async () => {
    const connect = scriptedConnect(1);
    let pages = 0;
    const endless: ScriptedConnect = {
      ...connect,
      async *searchUsers() {
        for (;;) {
          pages++;
          yield Array.from({ length: 500 }, (_, index) => detailsOf(`stranger-${pages}-${index}`));
        }
      },
    };
    const w = world(connect);
    expect(await w.slice({}, { connect: endless })).toMatchObject({ status: 'PUBLISHED' });
    expect(pages).toBeLessThan(5);
    expect(reported(w)).toMatchObject({
      status: 'none',
      reason: 'SearchUsers gave more than 502 entries, so that it would never end.',
    });
  });
});

it('adds less than one per cent to the requests of 1,000 users', async () => {
  const connect = scriptedConnect(1_000);
  const everyone = connect.users.map(({ id }) => detailsOf(id));
  connect.extras.users.pages = [everyone.slice(0, 500), everyone.slice(500)];
  const w = world(connect);
  await w.slice();
  const { list_users: _, list_user_proficiencies, ...extras } = w.published[0]?.requests ?? {};
  const added = Object.values(extras).reduce((total, { ok }) => total + ok, 0);
  expect(Object.keys(extras)).toHaveLength(4);
  expect(added).toBe(5);
  expect(added).toBeLessThan(0.01 * (list_user_proficiencies?.ok ?? 0));
});

it('everyone has the team that the search says, over all pages of the plan', async () => {
  const users = FULL ? 20_000 : 2_100;
  const connect = scriptedConnect(users);
  connect.extras.users.pages = [];
  for (let from = 0; from < users; from += 500) {
    const page = connect.users.slice(from, from + 500);
    connect.extras.users.pages.unshift(
      page.map(({ id }) => ({ ...detailsOf(id), tags: { own: id } })),
    );
  }
  const w = world(connect);
  await w.slice();
  const rows = await w.rows();
  expect(rows).toHaveLength(users);
  expect(rows.filter((row) => row.tags?.own !== row.user_id)).toEqual([]);
});

describe('the join', () => {
  const ids = fc.constantFrom('a', 'b', 'c', 'd');
  const profileId = fc.constantFrom('p1', 'p2', 'p3');
  const groupId = fc.constantFrom('g1', 'g2', 'g3');
  const tags = fc.dictionary(fc.constantFrom('z', 'a', '10', '9'), fc.constantFrom('x', 'y'));
  const details: fc.Arbitrary<UserDetails> = fc.record(
    { id: ids, routingProfileId: profileId, hierarchyGroupId: groupId, tags, firstName: ids },
    { requiredKeys: ['id', 'tags'] },
  );
  const group: fc.Arbitrary<HierarchyGroup> = fc.record({
    id: groupId,
    path: fc.array(fc.constantFrom('Site', 'Team'), { maxLength: 5 }),
  });
  const pagesOf = <T>(entry: fc.Arbitrary<T>) =>
    fc.array(fc.array(entry, { maxLength: 3 }), { maxLength: 3 });

  it('says of each listed user what was said last, with the names of its ids', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(ids),
        pagesOf(details),
        pagesOf(fc.record({ id: profileId, name: fc.constantFrom('Sales', 'Care') })),
        pagesOf(group),
        async (listed, users, profiles, groups) => {
          const connect = scriptedConnect(0);
          connect.users.push(...listed.map((id) => ({ id })));
          for (const id of listed) connect.answers.set(id, { proficiencies: [] });
          Object.assign(connect.extras, {
            users: { pages: users },
            profiles: { pages: profiles },
            groups: { pages: groups },
          });
          const w = world(connect);
          await w.slice();
          const last = <T extends { id: string }>(pages: T[][], id: string | undefined) =>
            pages.flat().findLast((entry) => entry.id === id);
          const expected = listed.map((id) => {
            const user = last(users, id);
            return {
              routing_profile_id: user?.routingProfileId ?? null,
              routing_profile_name: last(profiles, user?.routingProfileId)?.name ?? null,
              hierarchy_group_id: user?.hierarchyGroupId ?? null,
              hierarchy: last(groups, user?.hierarchyGroupId)?.path ?? null,
              tags: user?.tags ?? null,
            };
          });
          const rows = await w.rows();
          expect(rows.map((row) => row.user_id)).toEqual(listed);
          expect(rows.map(teamOf)).toEqual(expected);
          for (const row of rows) expect(row).not.toHaveProperty('first_name');
        },
      ),
      { numRuns: FULL ? 500 : 60 },
    );
  });
});
