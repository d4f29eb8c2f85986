import fc from 'fast-check';
import type { Proficiency } from '../../../contract/row.ts';
import type {
  PublishedWorld,
  WorldAttribute,
  WorldSnapshot,
  WorldUser,
} from '../../support/published-world.ts';
import { BUSY, ODD, SMALL } from './known-world.ts';

const DATES = ['2026-11-18', '2026-11-19', '2026-11-21', '2026-11-22'];
const USER_IDS = ['user-1', 'user-2', 'user-3', 'user-4'];

/** Few names, so that they meet: users swap login names, skills come and go. */
const proficiencies: fc.Arbitrary<Proficiency[]> = fc.uniqueArray(
  fc.record({
    attribute_name: fc.constantFrom('Language', 'language', ODD),
    attribute_value: fc.oneof(
      fc.constantFrom('French', 'German', '\u{1F600}', '\uFF5E'),
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 5 }),
    ),
    level: fc.constantFrom(1, 2, 2.5, 3, 4, 4.5, 5),
  }),
  { selector: (one) => JSON.stringify([one.attribute_name, one.attribute_value]), maxLength: 4 },
);

const groupName = fc.constantFrom('Berlin', 'Team 1', ODD, '\u{1F600}');
const nullable = fc.option(groupName);

/** Names and values that people may have, and others. */
const attributes: fc.Arbitrary<WorldAttribute[]> = fc.uniqueArray(
  fc.record({
    name: fc.constantFrom('Language', 'language', ODD, 'Empty'),
    values: fc.uniqueArray(fc.constantFrom('French', 'German', 'Finnish', '\u{1F600}')),
    purposes: fc.subarray(['Contacts', 'Routing']),
  }),
  { selector: ({ name }) => name },
);

const user: fc.Arbitrary<WorldUser> = fc.record(
  {
    id: fc.constantFrom(...USER_IDS),
    username: fc.constantFrom('ann', 'bob', ODD, '\u{1F600}', '\uFF5E'),
    proficiencies,
    details: fc.record({
      routing_profile_id: nullable,
      routing_profile_name: nullable,
      hierarchy_group_id: nullable,
      hierarchy: fc.option(fc.array(groupName, { maxLength: 5 })),
      tags: fc.option(fc.dictionary(groupName, groupName, { maxKeys: 3 })),
    }),
    changedAt: fc.constantFrom('2026-11-17T08:30:00.250Z', '2026-11-20T23:59:59.999Z'),
  },
  { requiredKeys: ['id', 'proficiencies'] },
);

const snapshot: fc.Arbitrary<WorldSnapshot> = fc.record(
  {
    date: fc.constantFrom(...DATES),
    users: fc.uniqueArray(user, { selector: ({ id }) => id }),
    attributes,
    published: fc.constant<false>(false),
    manifest: fc.record({
      next_due: fc.constantFrom('none', '2026-11-20', '2026-11-22', '2026-11-30'),
    }),
  },
  { requiredKeys: ['date', 'users'] },
);

const snapshots = fc
  .uniqueArray(snapshot, { selector: ({ date }) => date })
  .map((all) => all.toSorted((a, b) => a.date.localeCompare(b.date)));

/** Any few users of two instances over a few days; at least one snapshot. */
export const randomWorld: fc.Arbitrary<PublishedWorld> = fc
  .record({ [BUSY]: snapshots, [SMALL]: snapshots })
  .filter((world) => Object.values(world).some((all) => all.length > 0));
