import { manifestKey, snapshotKey } from '../../../contract/keys.ts';
import type { WorkerResult } from '../../../contract/result.ts';
import { type Simulator, startSimulator } from '../../../simulator/server.ts';
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
  statementsOf,
} from '../../support/iam-policy.ts';
import { invocation, keepPrinted } from '../../support/invocation.ts';

/** The worker's handler behind a gate that lets in only what the policy that is deployed allows. */

/** What the policy is about, of the template that all suites share. */
const DEPLOYED_INSTANCE = '11111111-2222-4333-8444-555555555555';

const USERS = 3;

const ENVIRONMENT = process.env;

let simulator: Simulator;
let s3: FakeS3;
let policy: Statement[];
/** What the gate lets in at the moment. */
let granted: Statement[];
let gate: Gate;
let work: (event: object) => Promise<WorkerResult>;
let asked: AccessRequest[];

beforeAll(async () => {
  simulator = await startSimulator({ users: USERS, quota: 'unlimited', latencyMs: 0 });
  s3 = await startFakeS3('data');
  policy = statementsOf(policyIn(await deployedStack(), 'ExporterWorkerRole'), {
    'AWS::Partition': 'aws',
    'AWS::Region': 'us-east-1',
    'AWS::AccountId': '123456789012',
    'ProficiencyDataBucket.Arn': 'arn:aws:s3:::data',
    ProficiencyDataBucket: 'data',
  })
    .filter(({ Action }) => !Action.every((action) => action.startsWith('logs:')))
    .map((statement) => ({
      ...statement,
      Resource: statement.Resource.map((arn) =>
        arn.replace(DEPLOYED_INSTANCE, simulator.instanceId),
      ),
    }));
  granted = policy;
  const behind = { s3: s3.url, connect: simulator.url };
  gate = await startGate(behind, (request) => allows(granted, request));
  process.env = {
    ...awsEnvironment(gate.url),
    AWS_ENDPOINT_URL_CONNECT: gate.url,
    AWS_ENDPOINT_URL_SERVICE_QUOTAS: gate.url,
    EXPORT_BUCKET: 'data',
    QUOTA_SHARE: '1',
  };
  keepPrinted();
  const { handler } = await import('../../../lambda/handler.ts');
  work = (event) => handler({ instanceId: simulator.instanceId, ...event }, invocation());
  asked = await requestsOfAWholeLife();
});

afterAll(async () => {
  jest.restoreAllMocks();
  process.env = ENVIRONMENT;
  await Promise.all([gate, simulator, s3].map((server) => server?.close()));
});

/** A first export of a date, a second one of the same date, and a large snapshot that must be given up. */
async function requestsOfAWholeLife(): Promise<AccessRequest[]> {
  for (const hour of ['02', '03']) {
    const answer = await work({ scheduledTime: `2026-11-23T${hour}:00:00Z` });
    expect(answer).toMatchObject({ status: 'PUBLISHED', usersDone: USERS });
  }
  await giveUpUploads(gate.url, 'data', [snapshotKey(simulator.instanceId, '2026-11-23')]);
  return [...gate.asked];
}

test('the policy allows everything that the worker does', () => {
  expect(asked.filter((request) => !allows(policy, request))).toEqual([]);
});

test('the policy allows nothing that the worker does not do', () => {
  const idle = idleGrants(policy, asked);
  expect(idle.map(({ Action, Resource }) => [...Action, ...Resource])).toEqual([]);
});

test('another instance, other keys and other prefixes are out of reach', () => {
  const arn =
    'arn:aws:connect:us-east-1:123456789012:instance/11111111-2222-4333-8444-555555555555';
  const outOfReach: AccessRequest[] = [
    { action: 'connect:ListUsers', resource: arn },
    { action: 'connect:ListUserProficiencies', resource: `${arn}/agent/someone` },
    { action: 's3:GetObject', resource: 'arn:aws:s3:::data/other/key' },
    { action: 's3:PutObject', resource: 'arn:aws:s3:::other/snapshots/key' },
    { action: 's3:DeleteObject', resource: 'arn:aws:s3:::data/snapshots/key' },
    {
      action: 's3:ListBucket',
      resource: 'arn:aws:s3:::data',
      context: { 's3:prefix': 'other/' },
    },
  ];
  expect(outOfReach.filter((request) => allows(policy, request))).toEqual([]);
});

test.each(
  sampled(
    [
      ['SearchUsers', 'user_details', 'none', '2026-11-25'],
      ['ListRoutingProfiles', 'user_details', 'partial', '2026-11-26'],
      ['SearchUserHierarchyGroups', 'user_details', 'partial', '2026-11-27'],
      ['SearchPredefinedAttributes', 'predefined_attributes', 'none', '2026-11-28'],
    ] as const,
    (_, index) => index > 1,
  ),
)(
  'without the statement %s there is a snapshot, and it says which permission is missing',
  async (sid, field, status, date) => {
    granted = policy.filter(({ Sid }) => Sid !== sid);
    expect(granted).toHaveLength(policy.length - 1);
    const answer = await work({ scheduledTime: `${date}T02:00:00Z` });
    expect(answer).toMatchObject({ status: 'PUBLISHED', usersDone: USERS });
    const manifest = s3.objects.get(manifestKey(simulator.instanceId, date))?.bytes;
    expect(JSON.parse(String(manifest))[field]).toMatchObject({
      status,
      reason: expect.stringContaining(`allow connect:${sid}`),
    });
  },
);

test.each(
  sampled(
    ['ListUsers', 'ListUserProficiencies', 'ReadAndWriteObjects', 'TellMissingObjects'],
    (_, index) => index % 2 === 0,
  ),
)('without the statement %s the worker says which permission is missing', async (sid) => {
  granted = policy.filter(({ Sid }) => Sid !== sid);
  expect(granted).toHaveLength(policy.length - 1);
  await expect(work({ scheduledTime: '2026-11-24T02:00:00Z' })).rejects.toMatchObject({
    name: 'AccessDenied',
  });
});
