import { openSnapshots, type Snapshots } from '../../../cli/query/snapshots.ts';
import { writeWorld } from '../../support/published-world.ts';
import { temporaryFolders } from '../../support/temporary-folder.ts';
import { type } from '../../support/terminal.ts';
import { BUSY, EMPTY, KNOWN_WORLD, SMALL } from './known-world.ts';

const newFolder = temporaryFolders();
let folder: string;
let snapshots: Snapshots;
beforeAll(async () => {
  folder = newFolder();
  writeWorld(folder, KNOWN_WORLD);
  snapshots = await openSnapshots(folder);
});
afterAll(() => snapshots.close());

const notesOn = (name: string, parameters: Readonly<Record<string, string>>) =>
  snapshots.notesOn(name, parameters, folder);

it('a doubt is told beside the answer', async () => {
  const asked = ['agents-with-proficiency', '--param', 'attribute_value=english'];
  expect(await type('query', ...asked, '--out', folder, '--format', 'csv')).toEqual({
    exitCode: 0,
    stdout: 'username,level,user_id,instance_id,snapshot_date\r\n',
    stderr: 'Nobody has the attribute_value "english" now; did you mean English?\n',
  });
});

it.each([
  ['agents-with-proficiency', 'attribute_value', 'english', 'English'],
  ['agents-with-proficiency', 'attribute_value', 'Englihs', 'English'],
  ['agents-with-proficiency', 'attribute_name', 'language', 'Language'],
  ['agents-lacking-proficiency', 'attribute_value', 'ENGLISH', 'English'],
])('%s with %s=%s: did you mean %s?', async (name, parameter, given, meant) => {
  expect(await notesOn(name, { [parameter]: given })).toEqual([
    `Nobody has the ${parameter} "${given}" now; did you mean ${meant}?`,
  ]);
});

it('asks what was meant of the other proficiency too', async () => {
  const other = { other_attribute_value: 'english' };
  expect(await notesOn('agents-with-both-proficiencies', other)).toEqual([
    'Nobody has the attribute_value "english" now; did you mean English?',
  ]);
});

it.each([
  ['what is there', 'English'],
  ['what nothing is like', 'Klingon'],
  ['what holds a quote', "'; DROP"],
  ['what is too short to guess from', 'E'],
  ['nothing', ''],
])('says nothing of %s', async (_, attribute_value) => {
  expect(await notesOn('agents-with-proficiency', { attribute_value })).toEqual([]);
});

it.each([
  ['team', 'Berlni', 'Nobody is in the team "Berlni" now; did you mean Berlin?'],
  ['team', 'Berlin / Team 1', 'Nobody is in the team "Berlin / Team 1" now; did you mean Team 1?'],
  ['team', 'Atlantis', 'Nobody is in the team "Atlantis" now.'],
  ['team', "'; DROP", `Nobody is in the team "'; DROP" now.`],
  ['routing_profile', 'sales', 'Nobody has the routing profile "sales" now; did you mean Sales?'],
  ['routing_profile', 'Zebra', 'Nobody has the routing profile "Zebra" now.'],
])('no good news of a %s that is not there: %s', async (parameter, given, says) => {
  expect(await notesOn('single-points-of-failure', { [parameter]: given })).toEqual([says]);
});

it.each([
  ['instance_id', BUSY.slice(0, -1), `did you mean ${BUSY}?`],
  ['missing_in', 'zebra', undefined],
  // It has no users, so nobody in it can be compared.
  ['instance_id', EMPTY, undefined],
])(
  'no good news of the agents of an instance who are not there: %s=%s',
  async (parameter, given, meant) => {
    const nobody = `There are no agents of the instance "${given}" now`;
    expect(await notesOn('differences-between-instances', { [parameter]: given })).toEqual([
      `${nobody}${meant === undefined ? '.' : `; ${meant}`}`,
    ]);
  },
);

it('says nothing of instances that have agents', async () => {
  const instances = { instance_id: BUSY, missing_in: SMALL };
  expect(await notesOn('differences-between-instances', instances)).toEqual([]);
});

it.each([{ team: 'Berlin' }, { team: 'E' }, { routing_profile: 'Sales' }])(
  'says nothing of %j, which is there',
  async (given) => {
    expect(await notesOn('single-points-of-failure', given)).toEqual([]);
  },
);

it('no good news where the snapshot has no teams', async () => {
  const bare = newFolder();
  writeWorld(bare, {
    [BUSY]: [{ date: '2026-11-23', users: [{ id: 'one', username: 'one', proficiencies: [] }] }],
  });
  const nameless = await openSnapshots(bare);
  const notes = (given: Readonly<Record<string, string>>) =>
    nameless.notesOn('single-points-of-failure', given, bare);
  expect(await notes({ team: 'Berlin' })).toEqual([
    'The newest snapshot does not say in which team anybody is.',
  ]);
  expect(await notes({ routing_profile: 'Sales' })).toEqual([
    'The newest snapshot does not say which routing profile anybody has.',
  ]);
  nameless.close();
});
