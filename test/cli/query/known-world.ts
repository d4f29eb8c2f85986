import type { Proficiency } from '../../../contract/row.ts';
import type { PublishedWorld, WorldTarget, WorldUser } from '../../support/published-world.ts';

/** The instance to which everything happens. */
export const BUSY = '11111111-1111-4111-8111-111111111111';
/** The instance that has nobody on one of its days. */
export const SMALL = '22222222-2222-4222-8222-222222222222';
/** The instance without users. */
export const EMPTY = '33333333-3333-4333-8333-333333333333';

/** Quotes, separators, line breaks, scripts from left and right, and beyond 16 bits. */
export const ODD = `"it's", a\tb\\c\nd; 日本語 עברית 👩‍💻\u2028\u2029`;

const skill = (attribute_name: string, attribute_value: string, level: number): Proficiency => ({
  attribute_name,
  attribute_value,
  level,
});

const french = (level: number) => skill('Language', 'French', level);
const english = skill('Language', 'English', 3);
const klingon = skill('Language', 'Klingon', 2);
const many = (count: number, fraction = 0) =>
  Array.from({ length: count }, (_, index) =>
    skill('Product', `Product ${index}`, Math.min(5, 1 + (index % 5) + fraction)),
  );

const user = (
  id: string,
  username: string | undefined,
  ...proficiencies: readonly Proficiency[]
): WorldUser => ({
  id,
  ...(username !== undefined && { username }),
  proficiencies,
  ...(proficiencies.length > 0 && { changedAt: '2026-11-17T08:30:00.250Z' }),
});

/** In groups of three levels, and with tags. */
const inSales = {
  routing_profile_id: 'profile-1',
  routing_profile_name: 'Sales',
  hierarchy_group_id: 'group-3',
  hierarchy: ['Berlin', ODD, 'Team 1'],
  tags: { 'cost-centre': '4711', site: ODD },
};
/** Not known to the search, with names switched on. */
const unknown = {
  routing_profile_id: null,
  routing_profile_name: null,
  hierarchy_group_id: null,
  hierarchy: null,
  tags: null,
  first_name: null,
  last_name: null,
};
const named = {
  ...inSales,
  hierarchy: ['A', 'B', 'C', 'D', 'E'],
  tags: {},
  first_name: ODD,
  last_name: 'Hara',
};

const dee = user('user-dee', 'dee');
const fay = user('user-fay', ODD, skill(ODD, ODD, 4.5), french(4.5));
const fayAtHerBest = user('user-fay', ODD, skill(ODD, ODD, 4.5), french(5));
/** Changed last of all. */
const cem = {
  ...user('user-cem', "cem o'hara", french(5), skill('Certification', 'Data protection 2026', 3)),
  changedAt: '2026-11-21T01:00:00.000Z',
  details: named,
};
const hal = user('user-hal', 'hal', ...many(9));
const ivy = user('user-ivy', 'ivy', ...many(11, 0.75));
/** Of this one the login name is switched off after the first day. */
const jon = user('user-jon', undefined, english, french(5));

const firstDay = [
  user('user-ann', 'ann', french(3), english),
  user('user-bob', 'bob', klingon, english),
  dee,
  user('user-eve', 'eve', french(2), english),
  fay,
  hal,
  ivy,
  user('user-jon', 'jon', english, french(5), klingon),
];

/** Ann and Bob are renamed; Eve loses French; Bob's Klingon goes; Fay's level is up for this day alone; Jon's login name is switched off. */
const secondDay = [
  user('user-ann', 'ann.smith', french(3), english),
  user('user-bob', 'bob.b', english),
  dee,
  user('user-eve', 'eve', english),
  fayAtHerBest,
  hal,
  ivy,
  user('user-jon', undefined, english, french(5), klingon),
];

/**
 * After a day without a snapshot: Bob is deleted, Cem created, Ann's level is up, Eve has French again and another
 * name, nobody has Klingon.
 */
const fourthDay = [
  { ...user('user-ann', 'ann.smith', french(4), english), changedAt: '2026-11-20T23:59:59.999Z' },
  cem,
  dee,
  user('user-eve', 'eve.jones', french(2), english),
  fay,
  hal,
  ivy,
  jon,
];

/** Bob's old name belongs to someone else; Dee is deleted, Gus created: neither with a proficiency. */
const fifthDay = [
  {
    ...user('user-ann', 'ann.smith', french(4), english),
    changedAt: '2026-11-20T23:59:59.999Z',
    details: inSales,
  },
  { ...user('user-ben', 'bob', skill('Language', 'English', 5)), details: unknown },
  cem,
  user('user-eve', 'eve.jones', french(2), english),
  fay,
  user('user-gus', 'gus'),
  hal,
  ivy,
  jon,
];

const language = { name: 'Language', values: ['English', 'French'], purposes: ['Routing'] };

/** Finnish is nobody's, and no product is defined any more; of certifications another one is. */
const defined = [
  { ...language, values: ['English', 'Finnish', 'French', ODD] },
  { name: 'Certification', values: ['Data protection 2027'], purposes: [] },
  { name: 'Empty', values: [], purposes: ['Contacts', 'Routing'] },
  { name: ODD, values: [ODD], purposes: [] },
];

/**
 * Two instances and one without users, four to six days: a day is missing, a day is empty, and the
 * newest day's manifest is not there yet.
 */
export const KNOWN_WORLD: PublishedWorld = {
  [BUSY]: [
    { date: '2026-11-18', users: firstDay, attributes: [language] },
    {
      date: '2026-11-19',
      users: secondDay,
      manifest: { users_listed: 11, users_deleted_during_run: 1, users_failed: 2 },
    },
    {
      date: '2026-11-21',
      users: fourthDay,
      // There is a row more than the run wrote.
      manifest: { trigger: 'manual', scheduled_time: null, users_listed: 7, users_exported: 7 },
    },
    { date: '2026-11-22', users: fifthDay, attributes: defined, manifest: { slices: 1 } },
    { date: '2026-11-23', users: [dee], published: false },
  ],
  [SMALL]: [
    {
      date: '2026-11-18',
      users: [user('user-ann', 'ann', french(1)), user('user-zoe', 'zoë', french(4))],
      manifest: { users_listed: 3, next_due: '2026-11-19' },
    },
    // A day earlier than its schedule needs it.
    { date: '2026-11-19', users: [], manifest: { next_due: '2026-11-21' } },
    {
      date: '2026-11-20',
      users: [user('user-ann', 'ann', french(1)), user('user-zoe', 'zoë', french(5), klingon)],
      // They were not to be had.
      attributes: [],
      manifest: { users_listed: 3, users_exported: 3, next_due: '2026-11-23' },
    },
  ],
  [EMPTY]: [{ date: '2026-11-21', users: [], manifest: { next_due: 'none' } }],
};

const target = (
  attribute_name: string,
  attribute_value: string,
  minimum_level: number,
  minimum_agents: number,
): WorldTarget => ({ attribute_name, attribute_value, minimum_level, minimum_agents });

/** Met in one instance, in another, in none; at two levels; between two levels; of what nobody has. */
export const KNOWN_TARGETS: readonly WorldTarget[] = [
  target('Language', 'French', 4, 4),
  target('Language', 'French', 3, 1),
  target('Language', 'French', 5, 9),
  target('Language', 'Klingon', 2, 1),
  target('Language', 'Quenya', 1, 2),
  target('Language', 'french', 4, 1),
  target(ODD, ODD, 4.75, 1),
  target('Product', 'Product 4', 5, 2),
];
