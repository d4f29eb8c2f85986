import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/** Who may import whom: the first rule that fits a file's path holds. */
const RULES: readonly { readonly of: RegExp; readonly may: RegExp; readonly why: string }[] = [
  {
    of: /^contract\//,
    may: /^(contract\/|package\.json$|zod(\/mini|\/v4\/core)?$)/,
    why: 'the contract is shared by everything and depends on nothing',
  },
  {
    of: /^export\//,
    may: /^(contract\/|export\/|node:(crypto|events|stream|stream\/promises|util|util\/types|zlib)$|zod(\/mini|\/v4\/core)?$|p-limit$)/,
    why: 'the core knows neither AWS nor this computer',
  },
  {
    of: /^derive\//,
    may: /^(contract\/|derive\/|export\/ports\.ts$|export\/files\/|node:(stream|zlib)$|zod(\/mini|\/v4\/core)?$|p-limit$|csv-parse\/sync$)/,
    why: 'what is derived knows the snapshots, and neither AWS nor how they were made',
  },
  {
    of: /^lambda\/connect\//,
    may: /^(contract\/|export\/ports\.ts$|lambda\/aws-(fault|causes|pages)\.ts$|lambda\/connect\/|node:|@aws-sdk\/|@smithy\/|zod(\/mini|\/v4\/core)?$)/,
    why: 'an adapter knows its service and the ports',
  },
  {
    of: /^lambda\/s3\//,
    may: /^(contract\/|export\/ports\.ts$|lambda\/aws-(fault|causes|pages)\.ts$|lambda\/s3\/|node:|@aws-sdk\/|@smithy\/|zod(\/mini|\/v4\/core)?$|p-limit$)/,
    why: 'an adapter knows its service and the ports',
  },
  {
    of: /^lambda\//,
    may: /^(lambda\/|contract\/|export\/|derive\/|node:|@aws-lambda-powertools\/|aws-lambda$|zod(\/mini|\/v4\/core)?$)/,
    why: 'the worker is all that Lambda runs',
  },
  {
    of: /^lib\//,
    may: /^(lib\/|sql\/|contract\/|node:|aws-cdk-lib|constructs$|cdk-nag$|zod(\/mini|\/v4\/core)?$)/,
    why: 'what is deployed knows of the worker what the contract says',
  },
  {
    of: /^sql\//,
    may: /^(sql\/|contract\/|node:|zod$)/,
    why: 'what analysts ask is the same in Athena and on this computer',
  },
  {
    of: /^simulator\//,
    may: /^(simulator\/|contract\/|node:|zod$)/,
    why: 'the simulator shares with the exporter the terms of the contract, and no code that it is to test',
  },
  {
    of: /^report\//,
    may: /^(report\/|contract\/|node:(crypto|fs|url)$|zod$|echarts$)/,
    why: 'the report is made of facts, wherever they were read',
  },
  {
    of: /^aws\//,
    may: /^(aws\/|contract\/|derive\/|export\/ports\.ts$|lambda\/(aws-(fault|causes)|connect\/pacing\/rate)\.ts$|node:|@aws-sdk\/|@smithy\/|https?-proxy-agent$|zod(\/mini)?$)/,
    why: 'an account is asked in the same way by every command, and for no command in particular',
  },
  {
    of: /^verify\//,
    may: /^(verify\/|contract\/|derive\/|export\/(ports\.ts$|files\/|parts\/row\.ts$|run\/identity\.ts$)|node:(crypto|stream|zlib)$|zod(\/mini)?$)/,
    why: 'snapshots are verified through a store, wherever that is',
  },
  {
    of: /^doctor\//,
    may: /^(doctor\/|aws\/|verify\/|contract\/|derive\/|export\/(ports\.ts$|files\/)|lambda\/(aws-(fault|causes)\.ts$|s3\/)|sql\/|node:|@aws-sdk\/|@smithy\/|zod(\/mini)?$)/,
    why: 'the checks look at an account and at what is published, and print nothing',
  },
  {
    of: /^cli\//,
    may: /^(cli\/|aws\/|contract\/|derive\/|doctor\/|export\/|lambda\/|report\/|simulator\/|sql\/|verify\/|(?!(bin|lib|bench|release|test)\/)[a-z@])/,
    why: 'the command line runs the same core, and asks the questions that Athena saves',
  },
  {
    of: /^bench\//,
    may: /^(?!(release|test)\/)/,
    why: 'measuring may look at anything, and nothing may need it',
  },
  {
    of: /^release\//,
    may: /^(release\/|node:|commander$|zod$)/,
    why: 'a release is made of the tree, not with it',
  },
  {
    of: /^package\//,
    may: /^(contract\/|lib\/)/,
    why: 'an entry of the package lists what others may import, and is nothing itself',
  },
  {
    of: /^build\//,
    may: /^(build\/|contract\/|lib\/|package\/|node:|aws-cdk-lib$|esbuild$|@microsoft\/(api-extractor(-model)?|tsdoc)$|zod$)/,
    why: 'the package is made of the tree; of the functions, what the stack deploys',
  },
  {
    of: /^bin\/connect-proficiency-exporter\.ts$/,
    may: /^bin\/proficiencies\.ts$/,
    why: 'both commands are the same',
  },
  { of: /^bin\/proficiencies\.ts$/, may: /^cli\//, why: 'the command line is composed in cli/' },
  { of: /^bin\/app\.ts$/, may: /^(lib\/|aws-cdk-lib)/, why: 'the app is composed in lib/' },
];

const ROOT = join(__dirname, '..');

const sourcesIn = (folder: string): string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join(folder, file));

const IMPORT =
  /^(?:import|export)\b[^'"]*?\bfrom '([^']+)'|^import '([^']+)'|\bimport\('([^']+)'\)/gm;

function importsOf(file: string): string[] {
  const source = readFileSync(join(ROOT, file), 'utf8');
  return [...source.matchAll(IMPORT)]
    .map(([, from, bare, dynamic]) => from ?? bare ?? dynamic ?? '')
    .map((name) => (name.startsWith('.') ? relative(ROOT, join(ROOT, dirname(file), name)) : name));
}

const sources = [
  'bin',
  'lib',
  'sql',
  'contract',
  'derive',
  'export',
  'lambda',
  'cli',
  'aws',
  'doctor',
  'verify',
  'report',
  'simulator',
  'bench',
  'release',
  'build',
  'package',
].flatMap(sourcesIn);

it('reads the whole tree', () => {
  expect(sources.length).toBeGreaterThan(100);
  expect(importsOf('lambda/handler.ts')).toContain('export/slice.ts');
});

it.each(sources)('%s imports only what its place allows', (file) => {
  const rule = RULES.find(({ of }) => of.test(file));
  const strangers = importsOf(file).filter((name) => !rule?.may.test(name));
  expect({ why: rule?.why, strangers }).toEqual({ why: rule?.why, strangers: [] });
});

it.each(sources.filter((file) => file.startsWith('export/')))(
  '%s takes clock, randomness and environment from outside',
  (file) => {
    const source = readFileSync(join(ROOT, file), 'utf8');
    expect(source).not.toMatch(/\bprocess\.|\bDate\.now\(|new Date\(\)|Math\.random|randomUUID/);
  },
);
