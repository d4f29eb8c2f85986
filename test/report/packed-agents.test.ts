import type { Agent } from '../../report/facts.ts';
import { packedAgents, withoutCommonBeginnings } from '../../report/packed-agents.ts';
import { createDataset } from '../../simulator/people/dataset.ts';
import { pathOf } from '../../simulator/people/hierarchy.ts';

const NOBODY: Agent = {
  user_id: '0a1b2c3d-4e5f-4000-8000-0000000000ff',
  username: null,
  first_name: null,
  last_name: null,
  routing_profile_name: null,
  hierarchy: null,
  proficiencies: [],
};

const speaks = (attribute_value: string, level: number) => ({
  attribute_name: 'Language',
  attribute_value,
  level,
});

it('writes once what agents have in common, the commonest first, and keeps the order of the agents', () => {
  const inBerlin = { ...NOBODY, hierarchy: ['Berlin', 'Team 1'], routing_profile_name: 'Sales' };
  const agents: readonly Agent[] = [
    { ...inBerlin, username: 'ann', proficiencies: [speaks('French', 4.5)] },
    { ...NOBODY, user_id: 'no-uuid' },
    { ...inBerlin, username: 'bob', proficiencies: [speaks('English', 3)] },
    { ...inBerlin, username: 'eve', proficiencies: [speaks('English', 3), speaks('French', 4)] },
  ];
  expect(packedAgents(agents)).toEqual({
    ids: ['ChssPU5fQACAAAAAAAAA_w', '=no-uuid', 'ChssPU5fQACAAAAAAAAA_w', 'ChssPU5fQACAAAAAAAAA_w'],
    logins: ['0ann', null, '0bob', '0eve'],
    routingProfiles: ['Sales'],
    routingProfileOf: [0, -1, 0, 0],
    hierarchies: [['Berlin', 'Team 1']],
    hierarchyOf: [0, -1, 0, 0],
    held: [
      ['Language', 'English', 3],
      ['Language', 'French', 4.5],
      ['Language', 'French', 4],
    ],
    heldBy: [[1], [], [0], [0, 2]],
  });
});

it('writes of a name what it has not in common with the one before it', () => {
  const smiley = '😀';
  const names = [
    'ann',
    'ann',
    null,
    'anna',
    'bob',
    `bob${smiley}`,
    'bob😁',
    'x'.repeat(40),
    'x'.repeat(41),
  ];
  const written = withoutCommonBeginnings(names);
  expect(written.slice(0, 6)).toEqual(['0ann', '3', null, '3a', '0bob', `3${smiley}`]);
  expect(written.at(-1)).toBe(`z${'x'.repeat(6)}`);
});

it('has first and last names where a row has them', () => {
  const agents = [{ ...NOBODY, first_name: 'Zoë', last_name: "O'Hara" }, NOBODY];
  expect(packedAgents(agents).names).toEqual(["0Zoë O'Hara", '0']);
  expect(packedAgents([NOBODY])).not.toHaveProperty('names');
});

it('takes 75 bytes for each of 1,000 users, what they have in common included', () => {
  const dataset = createDataset({ users: 1000 });
  const inOrder = [...dataset.truth()].toSorted((one, other) =>
    one.username < other.username ? -1 : 1,
  );
  const agents = inOrder.map(({ userId, username, proficiencies }): Agent => {
    const placement = dataset.placement(dataset.indexOf(userId) ?? -1);
    return {
      ...NOBODY,
      user_id: userId,
      username,
      routing_profile_name: placement?.routingProfile.name ?? null,
      hierarchy: placement?.hierarchyGroup
        ? pathOf(placement.hierarchyGroup).map(({ name }) => name)
        : null,
      proficiencies: [...proficiencies],
    };
  });
  const bytes = Buffer.byteLength(JSON.stringify(packedAgents(agents)));
  expect(bytes / agents.length).toBeLessThan(75);
});
