import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { openDestination } from '../../../cli/store/destination.ts';
import { latestKey } from '../../../contract/keys.ts';
import { gzipLines, toLine } from '../../../export/files/ndjson.ts';
import { documentAt } from '../../docs/markdown.ts';
import { commandOf } from '../../support/command-process.ts';
import { startFakeS3 } from '../../support/fake-s3/server.ts';
import { temporaryFolders } from '../../support/temporary-folder.ts';
import { type } from '../../support/terminal.ts';
import { AGENTS, INSTANCE } from './aws-example.ts';

const newFolder = temporaryFolders();
const own = { ...process.env };
const { columns } = process.stdout;
const DOCUMENT = documentAt('docs/match.md');
const fence = (language: string): string =>
  DOCUMENT.fences.find((one) => one.language === language)?.text ?? '';
let folder: string;
let example: string;

async function putLatest(
  place: string,
  rows: readonly object[],
  instanceId = INSTANCE,
): Promise<void> {
  const path = join(place, latestKey(instanceId));
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, await gzipLines(rows.map(toLine)));
}

function written(text: string): string {
  const path = join(newFolder(), 'criteria.json');
  writeFileSync(path, text);
  return path;
}

beforeAll(async () => {
  // Whoever runs the tests in a terminal would otherwise see tables as wide as that.
  Object.assign(process.stdout, { columns: undefined });
  folder = newFolder();
  await putLatest(folder, AGENTS);
  example = written(fence('json'));
});
afterEach(() => {
  process.env = own;
});
afterAll(() => Object.assign(process.stdout, { columns }));

const match = (criteria: string, ...words: readonly string[]) =>
  type('match', criteria, '--out', folder, ...words);

it("answers AWS's own example as its document shows", async () => {
  expect(await match(example)).toEqual({ exitCode: 0, stdout: fence('text'), stderr: '' });
});

const NOTHING = {
  Steps: [
    {
      Expression: {
        AttributeCondition: {
          Name: 'Langauge',
          Value: 'French',
          ProficiencyLevel: 1,
          ComparisonOperator: 'NumberGreaterOrEqualTo',
        },
      },
    },
  ],
};
const stepFor = (Name: string, Value: string) => ({
  Expression: {
    AttributeCondition: { ...NOTHING.Steps[0]?.Expression.AttributeCondition, Name, Value },
  },
});
const FRENCH = JSON.stringify({ Steps: [stepFor('Language', 'French')] });

it('gives the agents for a spreadsheet', async () => {
  const { stdout } = await match(written(FRENCH), '--format', 'csv');
  expect(stdout.split('\r\n')).toEqual([
    'first_step,steps,user_id,username,routing_profile,team',
    '1,1,7f41a1a6-f7c3-4f5d-b52b-3333c432f9bb,Agent1,General,EMEA / Paris',
    '1,1,b15adbb8-e5e3-49ab-82bc-831aa6aaeca9,Agent2,General,EMEA / Lyon',
    '',
  ]);
});

it('gives everything to programs', async () => {
  const { stdout } = await match(example, '--format', 'json');
  expect(JSON.parse(stdout)).toMatchObject({
    instance_id: INSTANCE,
    snapshot_date: '2026-11-23',
    users: 2,
    matched: 1,
    steps: [
      {
        step: 1,
        expression: 'Language:French >= 4 AND Technology:AWS DynamoDB >= 5',
        expires_after_seconds: 30,
        ...{ agents: 0, added: 0, lost: 0, so_far: 0 },
        remarks: ['nobody'],
        teams: [],
        bottlenecks: [
          [
            { part: 'Language:French >= 4', agents_with_it: 1, agents_without_it: 1 },
            { part: 'Technology:AWS DynamoDB >= 5', agents_with_it: 1, agents_without_it: 1 },
          ],
        ],
      },
      {
        step: 2,
        teams: [{ routing_profile_name: 'General', hierarchy: ['EMEA', 'Paris'], agents: 1 }],
      },
      { step: 3, expires_after_seconds: null },
    ],
    agents: [{ username: 'Agent1', hierarchy: ['EMEA', 'Paris'], steps: [2, 3] }],
  });
});

it('names a few agents, and says how to see all', async () => {
  const { stdout } = await match(written(FRENCH), '--limit', '1');
  expect(stdout).toContain('satisfy: 1 of 2 (all: --limit 2, or --format csv)\n');
  expect(stdout).toContain('Agent1');
  expect(stdout).not.toContain('Agent2');
});

it('reads snapshots that know no teams, and names nobody where names are off', async () => {
  const place = newFolder();
  await putLatest(
    place,
    AGENTS.map(({ username, routing_profile_name, hierarchy, ...row }) => row),
  );
  const { stdout } = await type('match', written(FRENCH), '--out', place);
  expect(stdout).toContain(
    '│ first_step │ steps │ user_id                              │ username │',
  );
  expect(stdout).not.toContain('By team');
});

it('remarks on steps that are never reached, relax nothing, or name an attribute twice', async () => {
  const { stdout } = await match(
    written(
      JSON.stringify({
        Steps: [
          stepFor('Language', 'French'),
          {
            Expression: {
              AndExpression: [
                stepFor('Technology', 'AWS Kinesis').Expression,
                stepFor('Technology', 'AWS Kinesis').Expression,
              ],
            },
          },
        ],
      }),
    ),
    ...['--format', 'json'],
  );
  expect(JSON.parse(stdout)).toMatchObject({
    steps: [
      { agents: 2, remarks: [] },
      {
        ...{ agents: 1, added: 0, lost: 1, so_far: 2 },
        remarks: [
          'never reached, because step 1 never expires',
          'only one agent',
          'names Technology:AWS Kinesis twice, which Connect does not allow',
        ],
      },
    ],
  });
});

it('fails where a step has too few agents, if asked to', async () => {
  expect(await match(example, '--fail-below', '1')).toMatchObject({
    exitCode: 1,
    stderr:
      'There are steps with fewer than 1 agents (step 1 has 0); relax them, or train more people.\n',
  });
  expect(await match(written(FRENCH), '--fail-below', '2')).toMatchObject({ exitCode: 0 });
});

describe('what nobody has', () => {
  it.each([
    [stepFor('Langauge', 'French'), 'Nobody has the attribute "Langauge"; did you mean Language?'],
    [stepFor('Language', 'Frensh'), 'Nobody has "Frensh" as Language; did you mean French?'],
    [stepFor('Language', 'Klingon'), 'Nobody has "Klingon" as Language.'],
    [
      {
        Expression: {
          NotAttributeCondition: {
            ComparisonOperator: 'Match',
            MatchCriteria: { AgentsCriteria: { AgentIds: ['user-gone'] } },
          },
        },
      },
      'There is no user with the id "user-gone" in the snapshot.',
    ],
  ])('%j', async (step, sentence) => {
    const { exitCode, stderr } = await match(written(JSON.stringify({ Steps: [step, step] })));
    expect([exitCode, stderr]).toEqual([0, `${sentence}\n`]);
  });
});

it('says nothing of an agent who is there', async () => {
  const [{ user_id } = { user_id: '' }] = AGENTS;
  const preferred = {
    ComparisonOperator: 'Match',
    MatchCriteria: { AgentsCriteria: { AgentIds: [user_id] } },
  };
  const steps = [{ Expression: { AttributeCondition: preferred } }];
  expect(await match(written(JSON.stringify({ Steps: steps })))).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining('only one agent'),
    stderr: '',
  });
});

describe('which snapshot', () => {
  const OTHER = '22222222-2222-4222-8222-222222222222';

  it('is to be chosen where there are several instances', async () => {
    const place = newFolder();
    await putLatest(place, AGENTS);
    await putLatest(place, [], OTHER);
    writeFileSync(join(place, 'latest', `instance_id=${OTHER}`, 'notes.txt'), '');
    const criteria = written(FRENCH);
    expect(await type('match', criteria, '--out', place)).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: `There are snapshots of 2 instances in ${place} (${INSTANCE}, ${OTHER}); give one of them by --instance-id.\n`,
    });
    const arn = `arn:aws:connect:us-east-1:111122223333:instance/${OTHER}`;
    const { exitCode, stdout } = await type(
      'match',
      criteria,
      '--out',
      place,
      '--instance-id',
      arn,
    );
    expect([exitCode, stdout.split('\n')[0]]).toEqual([
      0,
      `0 users of ${OTHER}, snapshot of no date`,
    ]);
  });

  it.each<[string, string | Buffer]>([
    ['no gzip', 'no gzip'],
    ['no rows', '{"user_id":1}\n'],
  ])('is named where it is damaged: %s', async (kind, content) => {
    const place = newFolder();
    await putLatest(place, []);
    const path = join(place, latestKey(INSTANCE));
    writeFileSync(path, kind === 'no gzip' ? content : await gzipLines([String(content)]));
    expect(await type('match', written(FRENCH), '--out', place)).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: `${path} cannot be read as gzip NDJSON of users: delete it, then run npx proficiencies derive --out ${place}.\n`,
    });
  });

  it('may lie on S3', async () => {
    const s3 = await startFakeS3();
    try {
      process.env = {
        ...own,
        ...{
          AWS_ENDPOINT_URL_S3: s3.url,
          AWS_REGION: 'us-east-1',
          AWS_ACCESS_KEY_ID: 'test',
          AWS_SECRET_ACCESS_KEY: 'test',
        },
      };
      const place = `s3://${s3.bucket}/team`;
      const store = await openDestination(place);
      await store.put(latestKey(INSTANCE), await gzipLines(AGENTS.map(toLine)));
      const { exitCode, stdout } = await type('match', example, '--out', place);
      expect([exitCode, stdout]).toEqual([0, fence('text')]);
    } finally {
      await s3.close();
    }
  });
});

it('reads criteria from standard input', async () => {
  const child = spawn(process.execPath, await commandOf(['match', '-', '--out', folder]), {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdin.end(fence('json'));
  const [printed] = await Promise.all([text(child.stdout), once(child, 'close')]);
  expect(printed).toBe(fence('text'));
});
