import { writeWorld } from '../../support/published-world.ts';
import { temporaryFolders } from '../../support/temporary-folder.ts';
import { type } from '../../support/terminal.ts';
import { BUSY, EMPTY, KNOWN_WORLD, SMALL } from './known-world.ts';

const newFolder = temporaryFolders();
let folder: string;
beforeAll(() => {
  folder = newFolder();
  writeWorld(folder, KNOWN_WORLD);
});

const query = (name: string, ...parameters: string[]) =>
  type(
    ...['query', name, '--out', folder, '--format', 'csv'],
    ...parameters.flatMap((one) => ['--param', one]),
  );

it.each([
  ['agents-with-proficiency', 'attribute_value', 'english', 'English'],
  ['agents-with-proficiency', 'attribute_value', 'Englihs', 'English'],
  ['agents-with-proficiency', 'attribute_name', 'language', 'Language'],
  ['agents-lacking-proficiency', 'attribute_value', 'ENGLISH', 'English'],
])('%s with %s=%s: did you mean %s?', async (name, parameter, given, meant) => {
  const { exitCode, stderr } = await query(name, `${parameter}=${given}`);
  expect([exitCode, stderr]).toEqual([
    0,
    `Nobody has the ${parameter} "${given}" now; did you mean ${meant}?\n`,
  ]);
});

it('asks what was meant of the other proficiency too', async () => {
  const { exitCode, stderr } = await query(
    'agents-with-both-proficiencies',
    'other_attribute_value=english',
  );
  expect([exitCode, stderr]).toEqual([
    0,
    'Nobody has the attribute_value "english" now; did you mean English?\n',
  ]);
});

it.each([
  ['what is there', 'attribute_value=English'],
  ['what nothing is like', 'attribute_value=Klingon'],
  ['what holds a quote', "attribute_value='; DROP"],
  ['what is too short to guess from', 'attribute_value=E'],
  ['nothing', 'attribute_value='],
])('says nothing of %s', async (_, parameter) => {
  expect(await query('agents-with-proficiency', parameter)).toMatchObject({
    exitCode: 0,
    stderr: '',
  });
});

it.each([
  ['team', 'Berlni', 'Nobody is in the team "Berlni" now; did you mean Berlin?'],
  ['team', 'Berlin / Team 1', 'Nobody is in the team "Berlin / Team 1" now; did you mean Team 1?'],
  ['team', 'Atlantis', 'Nobody is in the team "Atlantis" now.'],
  ['team', "'; DROP", `Nobody is in the team "'; DROP" now.`],
  ['routing_profile', 'sales', 'Nobody has the routing profile "sales" now; did you mean Sales?'],
  ['routing_profile', 'Zebra', 'Nobody has the routing profile "Zebra" now.'],
])('no good news of a %s that is not there: %s', async (parameter, given, says) => {
  const { exitCode, stderr } = await query('single-points-of-failure', `${parameter}=${given}`);
  expect([exitCode, stderr]).toEqual([0, `${says}\n`]);
});

it.each([
  ['instance_id', BUSY.slice(0, -1), `did you mean ${BUSY}?`],
  ['missing_in', 'zebra', undefined],
  // It has no users, so nobody in it can be compared.
  ['instance_id', EMPTY, undefined],
])(
  'no good news of the agents of an instance who are not there: %s=%s',
  async (parameter, given, meant) => {
    const { exitCode, stderr } = await query(
      'differences-between-instances',
      `${parameter}=${given}`,
    );
    const nobody = `There are no agents of the instance "${given}" now`;
    expect([exitCode, stderr]).toEqual([
      0,
      `${nobody}${meant === undefined ? '.' : `; ${meant}`}\n`,
    ]);
  },
);

it('says nothing of instances that have agents', async () => {
  const asked = [
    'differences-between-instances',
    `instance_id=${BUSY}`,
    `missing_in=${SMALL}`,
  ] as const;
  expect(await query(...asked)).toMatchObject({ exitCode: 0, stderr: '' });
});

it.each(['team=Berlin', 'team=E', 'routing_profile=Sales'])(
  'says nothing of %s, which is there',
  async (parameter) => {
    expect(await query('single-points-of-failure', parameter)).toMatchObject({
      exitCode: 0,
      stderr: '',
    });
  },
);

it.each([
  ['team=Berlin', 'The newest snapshot does not say in which team anybody is.'],
  ['routing_profile=Sales', 'The newest snapshot does not say which routing profile anybody has.'],
])('no good news where the snapshot has no teams: %s', async (parameter, says) => {
  const bare = newFolder();
  writeWorld(bare, {
    [BUSY]: [{ date: '2026-11-23', users: [{ id: 'one', username: 'one', proficiencies: [] }] }],
  });
  const { exitCode, stderr } = await type(
    ...['query', 'single-points-of-failure', '--out', bare, '--format', 'csv'],
    ...['--param', parameter],
  );
  expect([exitCode, stderr]).toEqual([0, `${says}\n`]);
});
