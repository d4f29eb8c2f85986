import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Simulator, startSimulator } from '../../simulator/server.ts';
import { FULL, firstOfKind, sampled } from '../support/breadth.ts';
import { temporaryFolders } from '../support/temporary-folder.ts';
import { type } from '../support/terminal.ts';
import { QUOTED_COMMANDS } from './quoted-commands.ts';
import { cloneInto, type Ended, shell } from './sandbox.ts';

/** These are run here, to the letter but for the words in capitals; in this order where they are together. */
const RUN_HERE = /^npx proficiencies (query|report|match|verify|derive|export|--version)\b(?!.*<)/;

/** Who runs the others: a file, and what it must hold to be the right one. */
const RUN_ELSEWHERE: readonly (readonly [command: RegExp, file: string, holds: string])[] = [
  [/^npm start$/, 'test/docs/start.test.ts', "shell('npm start'"],
  [/^npm ci$/, '.github/workflows/ci.yml', 'run: npm ci'],
  [/^npm test$/, '.github/workflows/ci.yml', 'run: npm test'],
  [/^npm run (check|format)$/, '.github/workflows/ci.yml', 'run: npm run check:static'],
  [/^npm run unused$/, 'package.json', '&& npm run unused &&'],
  [/^npm run lint:workflows$/, '.github/workflows/ci.yml', 'run: npm run lint:workflows'],
  [/^npm run test:full$/, '.github/workflows/ci.yml', 'run: npm run test:full'],
  [/^npm run test:emulator$/, '.github/workflows/ci.yml', 'run: npm run test:emulator'],
  [/^npm run test:trino$/, '.github/workflows/ci.yml', 'run: npm run test:trino'],
  [/^npx tsx test\/trino\/ask\.ts /, 'test/trino/ask.test.ts', "'test/trino/ask.ts'"],
  [/^npm run test:watch$/, 'test/development.test.ts', 'npm run test:watch'],
  [/^npm run hooks$/, 'test/development.test.ts', "'npm', ['run', '--silent', 'hooks']"],
  [/^git config --unset core\.hooksPath$/, 'test/development.test.ts', "git('config', '--unset'"],
  [/^git push$/, 'test/development.test.ts', "git('push'"],
  [/^pip install -r/, '.github/workflows/ci.yml', 'pip install -r .ci/requirements.txt'],
  [
    /^curl -X PUT \S+\/_simulator\/faults /,
    'test/simulator/control.test.ts',
    "send('PUT', '/_simulator/faults', JSON",
  ],
  [/^aws s3 cp coverage\.csv /, 'test/emulator/readme.test.ts', '/aws s3 cp coverage'],
  [/^npm (pack( CLONE)?|run api)$/, 'test/package/tarball.ts', "execFileSync('npm', ['pack'"],
  [/^npm run release --/, 'test/release/release.test.ts', "release('minor')"],
  [/^npm run bench$/, 'test/bench/contest.test.ts', 'in a process of its own'],
  [/^npm run picture$/, 'test/emulator/picture.test.ts', "'npm', ['run', '--silent', 'picture'"],
  [/^npx proficiencies simulate$/, 'test/cli/simulate/command.test.ts', 'simulateCommand()'],
  [/^npx proficiencies doctor\b/, 'test/doctor/asking.ts', "type('doctor'"],
  [/^npx proficiencies status$/, 'test/cli/status/status.test.ts', "type('status')"],
  [/^npx proficiencies$/, 'test/docs/commands.test.ts', 'RUN_HERE'],
  [
    /^npx proficiencies derive --out s3:/,
    'test/cli/command-line.test.ts',
    "type('derive', '--out', `s3://",
  ],
  [
    /^npx proficiencies match criteria\.json --out s3:/,
    'test/cli/match/command.test.ts',
    'const place = `s3://',
  ],
  [/^npx proficiencies verify s3:/, 'test/cli/command-line.test.ts', "type('verify', `s3://"],
  [
    /^npm install \.\/connect-proficiency-exporter-\*\.tgz$/,
    'test/package/construct.test.ts',
    'install(above, packed',
  ],
  [
    /^npx connect-proficiency-exporter$/,
    'test/package/command.test.ts',
    'npx connect-proficiency-exporter --help',
  ],
  [
    /^npx connect-proficiency-exporter verify s3:/,
    'test/lib/access/readers.test.ts',
    "type('verify', `s3://",
  ],
  [
    /^npx proficiencies query coverage-matrix --out s3:/,
    'test/cli/bucket/command.test.ts',
    "'coverage-matrix', '--format', 'csv', '--out'",
  ],
  [/^export AWS_PROFILE=PROFILE/, 'test/emulator/readme.test.ts', 'Deploy in five minutes'],
  [/^aws (sts|connect list-instances)/, 'test/emulator/readme.test.ts', 'Deploy in five minutes'],
  [/^(npx )?cdk (bootstrap|deploy|destroy)/, 'test/emulator/readme.test.ts', 'Deploy in five'],
  [/^cdk diff$/, 'test/emulator/deploy.test.ts', "cdk('diff'"],
  [/^cdk synth$/, 'package.json', '&& npm run synth"'],
  [/^aws connect list-user-proficiencies/, 'test/emulator/simulator.test.ts', 'list-user-profic'],
  [/^aws s3 sync/, 'test/emulator/readme.test.ts', 'aws s3 sync'],
];

/** They ask a person for secrets; AWS documents them. */
const ASKS_A_PERSON = /^aws configure( sso)?$/;

const newFolder = temporaryFolders();
let clone: string;
let simulator: Simulator;

const environment = (): NodeJS.ProcessEnv => ({
  PATH: process.env.PATH,
  HOME: join(clone, '..'),
  npm_config_offline: 'true',
  npm_config_update_notifier: 'false',
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_ENDPOINT_URL_CONNECT: simulator.url,
  // Nobody answers there: the default quota is assumed.
  AWS_ENDPOINT_URL_SERVICE_QUOTAS: 'http://127.0.0.1:9',
});

const run = (line: string): Promise<Ended> => shell(line, clone, environment());

/** What npx starts, which takes longer to load than what it starts. */
const runLinked = (line: string): Promise<Ended> =>
  shell(line.replace(/^npx /, ''), clone, {
    ...environment(),
    PATH: [join(clone, 'node_modules/.bin'), process.env.PATH].join(delimiter),
  });

/** What a shell makes of a line: the words that `npx` hands to the program, without the file into which the answer goes. */
const wordsOf = (line: string): string[] =>
  execFileSync(
    '/bin/sh',
    ['-c', `npx() { shift; printf '%s\\n' "$@"; }; ${line.replace(/ > \S+$/, '')}`],
    { encoding: 'utf8' },
  )
    .trimEnd()
    .split('\n');

/** Runs a line in this process, as if it had been started in a folder. */
async function runHere(line: string, folder = clone): Promise<Ended> {
  const own = { folder: process.cwd(), environment: process.env };
  process.chdir(folder);
  process.env = environment();
  try {
    return await type(...wordsOf(line));
  } finally {
    process.env = own.environment;
    process.chdir(own.folder);
  }
}

const filledIn = (line: string): string =>
  line.replace('INSTANCE_ID', simulator.instanceId).replace('REGION', 'us-east-1');

beforeAll(async () => {
  clone = cloneInto(newFolder());
  // Few, for they are exported at the default quota.
  simulator = await startSimulator({ users: 4, quota: 'unlimited' });
  // Most commands ask the snapshots that `npm start` has left.
  await runHere(filledIn('npx proficiencies export --instance-id INSTANCE_ID --region REGION'));
});

afterAll(() => simulator.close());

const unique = [...new Set(QUOTED_COMMANDS.map(({ line }) => line))];
const here = unique.filter((line) => RUN_HERE.test(line));
const VERSION = 'npx proficiencies --version';

/** By default one of each command is run, and what only DuckDB can read, its SQL. */
const isOfAKind = firstOfKind((line: string) => {
  const [command, query = ''] = wordsOf(line);
  return query.startsWith('SELECT') ? query : `${command}`;
});
const executed = sampled(here, isOfAKind);

it('finds the commands of the documents', () => {
  expect(here.length).toBeGreaterThan(7);
  expect(here).toContain(VERSION);
  expect(unique).toEqual(expect.arrayContaining(['npm ci', 'npm start', 'npm test']));
});

it.each(executed)('%s', async (line) => {
  const inThisProcess = line === VERSION ? runLinked : runHere;
  const { exitCode, stderr } = await (FULL ? run : inThisProcess)(filledIn(line));
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: expect.any(String) });
});

it('the program understands every command, also where there is no snapshot to ask yet', async () => {
  const folder = cloneInto(newFolder());
  const wrongUsage: string[] = [];
  for (const line of here.filter((one) => !one.includes(' export '))) {
    const { exitCode, stderr } = await runHere(line, folder);
    if (exitCode === 2) wrongUsage.push(`${line}: ${stderr}`);
  }
  expect(wrongUsage).toEqual([]);
});

describe('every other command is run by a test or by CI', () => {
  it.each(unique.filter((line) => !RUN_HERE.test(line) && !ASKS_A_PERSON.test(line)))(
    '%s',
    (line) => {
      const found = RUN_ELSEWHERE.find(([command]) => command.test(line));
      if (!found) throw new Error(`Nobody runs "${line}": say in RUN_ELSEWHERE which test does.`);
      const [, file, holds] = found;
      expect(existsSync(file) && readFileSync(file, 'utf8')).toContain(holds);
    },
  );
});

it('every npm script that a document names is there', () => {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as {
    scripts: Record<string, string>;
  };
  const named = unique.flatMap((line) => /^npm run (\S+)/.exec(line)?.[1] ?? []);
  expect(Object.keys(scripts)).toEqual(expect.arrayContaining(named));
});
