import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/*
 * What npx does not find installed it fetches from a registry, under a name that anybody may have taken. So people are told to type
 * only names that are ours, or that `npm ci` has installed.
 */

const FOLDERS = [
  ...['docs', 'aws', 'cli', 'contract', 'derive', 'doctor', 'export', 'lambda', 'lib', 'report'],
  ...['simulator', 'verify'],
  ...['bench', 'bin', 'build', 'release', '.ci', '.devcontainer', '.githooks', '.github'],
];

const FILES = [
  ...['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'package.json'],
  ...FOLDERS.flatMap((folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name)),
  ),
];

/** What a message is made with is ours. */
const FROM_CODE = '$' + '{COMMAND_NAME}';

const OURS = ['proficiencies', 'connect-proficiency-exporter', FROM_CODE];

/** In running text, npx is a subject as well: "npx would fetch it". */
const VERBS = ['never', 'would'];

/** The names after `npx` and its own options. */
const namesIn = (text: string): string[] =>
  [...text.matchAll(/\bnpx (?:-\S+ )*(\$\{COMMAND_NAME\}|@?[a-z][\w/-]*)/g)].map(
    ([, name = '']) => name,
  );

const isInstalled = (name: string): boolean => existsSync(join('node_modules/.bin', name));

const isHarmless = (name: string): boolean =>
  OURS.includes(name) || VERBS.includes(name) || isInstalled(name);

it('a name that nobody has installed is found', () => {
  const [name = ''] = namesIn('type `npx --yes somebody-elses build`');
  expect(name).toBe('somebody-elses');
  expect(isHarmless(name)).toBe(false);
});

it('nobody is told to have npx fetch a name that is not ours', () => {
  const told = FILES.flatMap((file) =>
    namesIn(readFileSync(file, 'utf8')).map((name) => ({ file, name })),
  );
  expect(told.map(({ name }) => name)).toEqual(expect.arrayContaining([...OURS, 'cdk', 'tsx']));
  expect(told.filter(({ name }) => !isHarmless(name))).toEqual([]);
});
