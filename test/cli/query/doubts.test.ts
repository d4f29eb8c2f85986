import { writeWorld } from '../../support/published-world.ts';
import { temporaryFolders } from '../../support/temporary-folder.ts';
import { type } from '../../support/terminal.ts';
import { KNOWN_WORLD } from './known-world.ts';

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
