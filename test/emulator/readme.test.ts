import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { TARGETS_FILE_KEY } from '../../contract/keys.ts';
import { parseDocument } from '../docs/markdown.ts';
import { cloneInto, shell } from '../docs/sandbox.ts';
import { awsCli, emulatedAws } from '../support/aws-cli.ts';
import { type Moto, startMoto } from '../support/moto.ts';
import { temporaryFolders } from '../support/temporary-folder.ts';

/** The commands of the documents that need AWS, to the letter but for the words in capitals, against moto. */

const newFolder = temporaryFolders();
const readme = readFileSync('README.md', 'utf8');
let moto: Moto;
let clone: string;
let instanceId: string;

/** The clone is there already; test/package installs the package into apps. */
const PUT_IN_PLACE = /^npm (ci|install|pack)\b/;

const DOCTOR = /^npx proficiencies doctor\b/;

/** The shell lines of a section. */
const linesBelow = (heading: string): string[] =>
  parseDocument('README.md', readme.split(`## ${heading}\n`)[1]?.split('\n## ')[0] ?? '')
    .fences.filter(({ language }) => language === 'sh')
    .flatMap(({ text }) => text.trim().split('\n'));

const endpoint = (): string => `http://localhost:${moto.port}`;

async function type(line: string): Promise<string> {
  const filledIn = line
    .replace('AWS_PROFILE=PROFILE ', '')
    .replace('=REGION', '=us-east-1')
    .replace('INSTANCE_ID', instanceId)
    .replace('EMAIL', 'you@example.com')
    .replace('BUCKET', 'snapshots');
  const { exitCode, stdout, stderr } = await shell(filledIn, clone, {
    PATH: process.env.PATH,
    HOME: join(clone, '..'),
    PYENV_ROOT: process.env.PYENV_ROOT,
    ...emulatedAws(endpoint()),
    npm_config_offline: 'true',
    // Nobody is there to answer the questions.
    CDK_REQUIRE_APPROVAL: 'never',
    CDK_FORCE: 'true',
    CI: 'true',
  });
  // moto passes over half of what doctor looks at, and has no snapshot.
  const expected = DOCTOR.test(line) ? [0, 1] : [0];
  if (!expected.includes(exitCode)) throw new Error(`${filledIn}\n${stdout}\n${stderr}`);
  return stdout;
}

/** Of doctor, before and after deploying: findings that need no part that moto passes over. */
const WHAT_MOTO_TELLS = [
  /^✓ The credentials are of an IAM user in the account 123456789012, asked in us-east-1$/m,
  /^✗ The account is not bootstrapped for the CDK in us-east-1/m,
  /^✓ The stack ConnectProficiencyExporter is CREATE_COMPLETE$/m,
  /^✓ The workflow exports [0-9a-f-]{36}$/m,
  /^! There was no run yet$/m,
  /^✗ The instance \S+ has no snapshot yet$/m,
  /^! Nobody hears of alarms$/m,
];

beforeAll(async () => {
  clone = cloneInto(newFolder());
  moto = await startMoto();
  const aws = awsCli(endpoint());
  const created = await aws(
    ...['connect', 'create-instance', '--identity-management-type', 'CONNECT_MANAGED'],
    ...['--inbound-calls-enabled', '--outbound-calls-enabled', '--instance-alias', 'demo'],
  );
  instanceId = z.object({ Id: z.string() }).parse(created).Id;
  await aws('s3api', 'create-bucket', '--bucket', 'snapshots');
});

afterAll(() => moto?.close());

test('Deploy in five minutes, then Uninstall', async () => {
  const lines = [...linesBelow('Deploy in five minutes'), ...linesBelow('Uninstall')];
  const printed: Record<string, string> = {};
  let diagnoses = '';
  for (const line of lines.filter((command) => !PUT_IN_PLACE.test(command))) {
    const said = await type(line);
    printed[line.split(' ').slice(0, 3).join(' ')] = said;
    if (DOCTOR.test(line)) diagnoses += said;
  }
  expect(printed).toMatchObject({
    'aws sts get-caller-identity': expect.stringContaining('"Account"'),
    'aws connect list-instances': expect.stringContaining(instanceId),
    'npx cdk bootstrap': expect.any(String),
    'npx cdk deploy': expect.any(String),
    'npx cdk destroy': expect.any(String),
  });
  expect(diagnoses).not.toMatch(/could not be looked at/);
  for (const finding of WHAT_MOTO_TELLS) expect(diagnoses).toMatch(finding);
  const stacks = await awsCli(endpoint())('cloudformation', 'describe-stacks');
  const left = z.object({ Stacks: z.array(z.object({ StackName: z.string() })) }).parse(stacks);
  expect(left.Stacks.map(({ StackName }) => StackName)).toEqual(['CDKToolkit']);
}, 300_000);

test('what docs/athena.md copies: aws s3 sync', async () => {
  const [line = ''] = /aws s3 sync [^`]+/.exec(readFileSync('docs/athena.md', 'utf8')) ?? [];
  await expect(type(line)).resolves.toBe('');
});

test('what docs/configuration.md uploads: aws s3 cp', async () => {
  writeFileSync(join(clone, 'coverage.csv'), 'attribute_name');
  const [line = ''] =
    /aws s3 cp coverage.csv [^\n]+/.exec(readFileSync('docs/configuration.md', 'utf8')) ?? [];
  expect(await type(line)).toContain(`s3://snapshots/${TARGETS_FILE_KEY}`);
});
