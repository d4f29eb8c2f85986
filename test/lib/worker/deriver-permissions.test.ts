import {
  COVERAGE_TARGETS_KEY,
  changesKey,
  latestKey,
  TARGETS_FILE_KEY,
} from '../../../contract/keys.ts';
import type { DeriveAnswer } from '../../../lambda/derive-handler.ts';
import { s3Store } from '../../../lambda/s3/store.ts';
import { INSTANCE, publish } from '../../derive/history.ts';
import { awsEnvironment } from '../../support/aws-environment.ts';
import { sampled } from '../../support/breadth.ts';
import { deployedStack } from '../../support/deployed-answers.ts';
import { type FakeS3, startFakeS3 } from '../../support/fake-s3/server.ts';
import { giveUpUploads } from '../../support/given-up-uploads.ts';
import { type Gate, startGate } from '../../support/iam-gate.ts';
import {
  type AccessRequest,
  allows,
  idleGrants,
  policyIn,
  type Statement,
  singleGrants,
  statementsOf,
} from '../../support/iam-policy.ts';
import { invocation, keepPrinted } from '../../support/invocation.ts';
import { pathStyleS3 } from '../../support/path-style-s3.ts';

/** The deriver's handler behind a gate that lets in only what the policy that is deployed allows. */

const ENVIRONMENT = process.env;

const DATES = ['2026-11-23', '2026-11-24'];

let s3: FakeS3;
let policy: Statement[];
/** What the gate lets in at the moment. */
let granted: Statement[];
let gate: Gate;
let tellDeriver: (event: object) => Promise<DeriveAnswer>;
let asked: AccessRequest[];

beforeAll(async () => {
  s3 = await startFakeS3();
  policy = statementsOf(policyIn(await deployedStack(), 'ExporterDeriverRole'), {
    'ProficiencyDataBucket.Arn': `arn:aws:s3:::${s3.bucket}`,
  }).filter(({ Action }) => !Action.every((action) => action.startsWith('logs:')));
  granted = policy;
  gate = await startGate({ s3: s3.url, connect: s3.url }, (request) => allows(granted, request));
  process.env = { ...awsEnvironment(gate.url), EXPORT_BUCKET: s3.bucket };
  keepPrinted();
  const { handler } = await import('../../../lambda/derive-handler.ts');
  tellDeriver = (event) => handler(event, invocation());
  asked = await requestsOfAWholeLife();
});

afterAll(async () => {
  jest.restoreAllMocks();
  process.env = ENVIRONMENT;
  await gate?.close();
  await s3?.close();
});

/** By people, who are not behind the gate. */
const setTargets = (): void =>
  s3.write(
    TARGETS_FILE_KEY,
    Buffer.from(
      'attribute_name,attribute_value,minimum_level,minimum_agents\nLanguage,Klingon,4,2',
    ),
  );

/** Publishes a snapshot, as a worker does that is not behind the gate either, and has the deriver told of it. */
async function derive(date: string): Promise<DeriveAnswer> {
  const client = pathStyleS3(s3.url);
  const proficiency = { attribute_name: 'Language', attribute_value: 'Turkish', level: 3 };
  const users = [{ id: 'u1', username: 'olga', proficiencies: [proficiency] }];
  const { run_id } = await publish(s3Store({ client, bucket: s3.bucket }), { date, run: 0, users });
  client.destroy();
  return tellDeriver({ instanceId: INSTANCE, runId: run_id, snapshotDate: date });
}

/** Two dates, the second of which replaces what was derived from the first, and has targets; and large objects that must be given up. */
async function requestsOfAWholeLife(): Promise<AccessRequest[]> {
  for (const date of DATES) {
    if (date === DATES[1]) setTargets();
    expect(await derive(date)).toMatchObject({
      derived: { latest: 'written' },
      detail: { snapshotDate: date },
    });
  }
  await giveUpUploads(gate.url, s3.bucket, [
    latestKey(INSTANCE),
    changesKey(INSTANCE, '2026-11-24'),
  ]);
  return [...gate.asked];
}

test('the policy allows everything that the deriver does', () => {
  expect(asked.filter((request) => !allows(policy, request))).toEqual([]);
});

test('the policy allows nothing that the deriver does not do', () => {
  const idle = idleGrants(policy, asked);
  expect(idle.map(({ Action, Resource }) => [...Action, ...Resource])).toEqual([]);
  expect(singleGrants(policy)).toHaveLength(12);
});

test('working files, and writing what it did not derive, are out of reach', () => {
  const bucket = `arn:aws:s3:::${s3.bucket}`;
  const outOfReach: AccessRequest[] = [
    { action: 's3:PutObject', resource: `${bucket}/snapshots/key` },
    { action: 's3:PutObject', resource: `${bucket}/manifests/key` },
    { action: 's3:GetObject', resource: `${bucket}/runs/key` },
    { action: 's3:GetObject', resource: `${bucket}/other/key` },
    { action: 's3:PutObject', resource: `${bucket}/${TARGETS_FILE_KEY}` },
    { action: 's3:GetObject', resource: `${bucket}/targets/key` },
    { action: 's3:PutObject', resource: `${bucket}/coverage-targets/key` },
    { action: 's3:DeleteObject', resource: `${bucket}/${COVERAGE_TARGETS_KEY}` },
    { action: 's3:DeleteObject', resource: `${bucket}/latest/key` },
    { action: 's3:ListBucket', resource: bucket, context: { 's3:prefix': 'runs/' } },
  ];
  expect(outOfReach.filter((request) => allows(policy, request))).toEqual([]);
});

test('no permission is about anything but objects', () => {
  const actions = new Set(policy.flatMap(({ Action }) => Action));
  expect([...actions].filter((action) => !action.startsWith('s3:'))).toEqual([]);
});

const NEEDED = [
  ['ReadObjects', '2026-11-25'],
  ['WriteDerivedObjects', '2026-11-26'],
  ['ListManifests', '2026-11-27'],
] as const;

test.each(sampled(NEEDED, ([sid]) => sid === 'ReadObjects'))(
  'without the statement %s the deriver says which permission is missing',
  async (sid, date) => {
    granted = policy.filter(({ Sid }) => Sid !== sid);
    expect(granted).toHaveLength(policy.length - 1);
    await expect(derive(date)).rejects.toMatchObject({ name: 'AccessDenied' });
  },
);

const NEEDED_FOR_TARGETS = [
  ['ReadTargets', '2026-11-28'],
  ['WriteTargets', '2026-11-29'],
] as const;

test.each(sampled(NEEDED_FOR_TARGETS, ([sid]) => sid === 'WriteTargets'))(
  'without the statement %s all but the targets is derived, and the event says so',
  async (sid, date) => {
    granted = policy.filter(({ Sid }) => Sid !== sid);
    expect(granted).toHaveLength(policy.length - 1);
    s3.remove(COVERAGE_TARGETS_KEY);
    expect(await derive(date)).toMatchObject({
      derived: { latest: 'written', changesWritten: expect.arrayContaining([date]) },
      detail: {
        coverage: {
          targetCount: 0,
          problems: [{ line: null, problem: expect.stringContaining('it cannot be used: ') }],
        },
      },
    });
  },
);
