import { freePort } from '../support/loopback.ts';
import { temporaryFolders } from '../support/temporary-folder.ts';
import { type } from '../support/terminal.ts';
import { doctor } from './asking.ts';
import { type OperatorsWorld, operatorsWorld } from './operators-world.ts';
import { denied } from './trouble.ts';

const newFolder = temporaryFolders();
const own = process.env;
let world: OperatorsWorld;

beforeAll(async () => {
  world = await operatorsWorld(newFolder());
});

afterEach(() => world.restore());

afterAll(async () => {
  process.env = own;
  await world.close();
});

const everything = (): string[] => [
  ...['--instance-id', world.simulator.instanceId, '--stack', 'ConnectProficiencyExporter'],
  ...['--bucket', world.s3.bucket],
];

/** S3's permissions that are called otherwise than the operation. */
const S3_ACTIONS: Readonly<Record<string, string>> = {
  ListObjectsV2: 's3:ListBucket',
  GetBucketEncryption: 's3:GetEncryptionConfiguration',
  GetBucketLifecycleConfiguration: 's3:GetLifecycleConfiguration',
};

/** Every request that was received since the world was restored, by the permission that it needs. */
function received(before: number): string[] {
  const connect = Object.values(world.simulator.stats()).flatMap((tenant) => Object.keys(tenant));
  return [
    ...world.standIn.calls,
    ...world.s3.requests
      .slice(before)
      .map(({ operation }) => S3_ACTIONS[operation] ?? `s3:${operation}`),
    ...connect.map((name) => `connect:${name}`),
  ];
}

/** What `--dry-run` says would be asked. */
async function announced(): Promise<readonly string[]> {
  const { exitCode, stdout } = await type('doctor', '--dry-run', ...everything());
  expect(exitCode).toBe(0);
  return [...stdout.matchAll(/^[a-z-]+: (\S+)$/gm)].map(([, call = '']) => call);
}

const READS = /^\w+:(Get|List|Describe|Search|Simulate)|^athena:StartQueryExecution$/;

it('makes no request in a dry run, and otherwise those that the dry run lists and no others, all of which read', async () => {
  const before = world.s3.requests.length;
  const calls = await announced();
  expect(calls.filter((call) => !READS.test(call))).toEqual([]);
  expect(world.standIn.calls).toEqual([]);
  expect(world.s3.requests).toHaveLength(before);

  // So that each request is made: a schedule at rest, and a run that failed beside one that goes on.
  world.standIn.answer('scheduler:GetSchedule', { result: { State: 'DISABLED' } });
  const run = { executionArn: 'arn:x', startDate: 1_795_399_200 };
  const executions = ['RUNNING', 'FAILED'].map((status) => ({ ...run, status }));
  world.standIn.answer('states:ListExecutions', { result: { executions } });
  await doctor(world, ...everything());
  expect([...new Set(received(before))].sort()).toEqual([...new Set(calls)].sort());

  const statements = world.standIn.inputs
    .filter(({ call }) => call === 'athena:StartQueryExecution')
    .map(({ input }) => String(input.QueryString));
  expect(statements.length).toBeGreaterThan(5);
  for (const sql of statements) expect(sql).toMatch(/^(--.*\n)*(SELECT|WITH)\s/);
});

/** Those that all others depend on, and S3 and Connect, which other tests deny. */
const FIRST = /^(sts|connect|s3):/;

/** Others are asked only where these were answered: of each group, those after it. */
const BEFORE_OTHERS = [
  ['cloudformation:DescribeStacks'],
  ['cloudformation:ListStackResources'],
  ['cloudformation:GetTemplate', 'states:DescribeStateMachine', 'ssm:GetParameter'],
];

function deny(call: string): void {
  const isOld = /^(cloudformation|iam|sns):/.test(call);
  world.standIn.answer(call, denied(isOld ? 'AccessDenied' : undefined));
}

it('survives the denial of every request, and names the permission', async () => {
  for (const calls of BEFORE_OTHERS) {
    for (const call of calls) deny(call);
    const findings = JSON.stringify(await doctor(world, ...everything()));
    // A template that one may not read is told of as what is not known without it.
    for (const call of calls.filter((one) => !one.endsWith('GetTemplate'))) {
      expect(findings).toContain(call);
    }
    world.standIn.reset();
  }
  const others = (await announced()).filter((call) => !FIRST.test(call));
  for (const call of others) if (!BEFORE_OTHERS.flat().includes(call)) deny(call);
  const findings = await doctor(world, ...everything());
  expect(findings.filter(({ mark }) => mark === 'failed').length).toBeGreaterThan(0);
});

it.each([
  ['everything', /^/],
  ['all that is asked of a stack', /^(?!sts:|cloudformation:|states:DescribeStateMachine)/],
])('survives answers that say nothing, to %s', async (_, calls) => {
  for (const call of await announced()) {
    if (calls.test(call)) world.standIn.answer(call, { result: {} });
  }
  const findings = await doctor(world, ...everything());
  for (const { says } of findings) expect(says).not.toMatch(/TypeError|undefined|NaN/);
});

it('says once that there is no network, and asks no further', async () => {
  const { env } = process;
  process.env = { ...env, AWS_ENDPOINT_URL: `http://127.0.0.1:${await freePort()}` };
  const findings = await doctor(world, ...everything());
  process.env = env;
  const [first, ...others] = findings;
  expect(first).toMatchObject({
    mark: 'failed',
    says: expect.stringMatching(
      /^sts:GetCallerIdentity ended with ECONNREFUSED \(this computer says: "connect ECONNREFUSED 127/,
    ),
  });
  expect(new Set(others.map(({ mark }) => mark))).toEqual(new Set(['not asked']));
});

it('looks at the simulator without asking AWS whose the credentials are', async () => {
  const { env } = process;
  const { AWS_ENDPOINT_URL: _, ...elsewhere } = env;
  process.env = {
    ...elsewhere,
    AWS_ENDPOINT_URL_SSM: world.standIn.url,
    AWS_ENDPOINT_URL_IAM: world.standIn.url,
    AWS_ENDPOINT_URL_SERVICE_QUOTAS: world.standIn.url,
  };
  const findings = await doctor(world, '--instance-id', world.simulator.instanceId);
  process.env = env;
  expect(findings[0]).toMatchObject({ check: 'credentials', mark: 'not asked' });
  expect(findings).toContainEqual(
    expect.objectContaining({ says: expect.stringContaining('is ACTIVE') }),
  );
});
