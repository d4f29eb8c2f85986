import { execFile } from 'node:child_process';
import { type Simulator, startSimulator } from '../../simulator/server.ts';

let simulator: Simulator;

beforeAll(async () => {
  simulator = await startSimulator({
    users: 60,
    manyProficienciesShare: 0.2,
    quota: 'unlimited',
    latencyMs: 0,
  });
});

afterAll(() => simulator.close());

interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `aws connect …` against the simulator, as somebody who knows nothing of it but its address. */
function awsConnect(operation: string, ...args: string[]): Promise<Run> {
  const environment = {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    AWS_ENDPOINT_URL_CONNECT: simulator.url,
    AWS_ACCESS_KEY_ID: 'simulator',
    AWS_SECRET_ACCESS_KEY: 'simulator',
    AWS_MAX_ATTEMPTS: '1',
  };
  const line = ['connect', operation, '--region', 'us-east-1', '--output', 'json', ...args];
  return new Promise((resolve, reject) => {
    const child = execFile('aws', line, { env: environment }, (error, stdout, stderr) => {
      if (error?.code === 'ENOENT') reject(new Error('Install the AWS CLI: pip install awscli.'));
      else resolve({ code: child.exitCode, stdout, stderr });
    });
  });
}

async function answerOf(operation: string, ...args: string[]) {
  const here = ['--instance-id', simulator.instanceId];
  const { code, stdout, stderr } = await awsConnect(operation, ...here, ...args);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout);
}

const truth = () => [...simulator.dataset().truth()];

test('aws connect list-users pages through everyone', async () => {
  const { UserSummaryList } = await answerOf('list-users', '--page-size', '7');
  expect(UserSummaryList).toEqual(
    truth().map(({ userId, username, userModifiedAt }) =>
      expect.objectContaining({
        Id: userId,
        Username: username,
        LastModifiedTime: userModifiedAt.getTime() / 1000,
      }),
    ),
  );
});

test('aws connect list-user-proficiencies pages through more than a hundred', async () => {
  const user = truth().find(({ proficiencies }) => proficiencies.length > 100);
  const answer = await answerOf('list-user-proficiencies', '--user-id', `${user?.userId}`);
  expect(answer).toMatchObject({
    UserProficiencyList: user?.proficiencies.map((one) => ({
      AttributeName: one.attribute_name,
      AttributeValue: one.attribute_value,
      Level: one.level,
    })),
    LastModifiedRegion: user?.proficienciesModifiedRegion,
  });
});

test('aws connect describe-user knows a user', async () => {
  const [user] = truth();
  const { User } = await answerOf('describe-user', '--user-id', `${user?.userId}`);
  expect(User).toMatchObject({ Id: user?.userId, Username: user?.username });
});

test('aws connect search-users finds everyone', async () => {
  const { Users } = await answerOf('search-users', '--page-size', '25');
  expect(Users.map(({ Id }: { Id: string }) => Id)).toEqual(truth().map(({ userId }) => userId));
});

test('aws connect describe-instance and list-instances know the instance', async () => {
  const { Instance } = await answerOf('describe-instance');
  const { code, stdout } = await awsConnect('list-instances');
  expect(code).toBe(0);
  expect(Instance.Id).toBe(simulator.instanceId);
  expect(JSON.parse(stdout).InstanceSummaryList).toEqual([Instance]);
});

test('aws connect understands a refusal', async () => {
  const here = ['--instance-id', simulator.instanceId];
  const { code, stderr } = await awsConnect('describe-user', ...here, '--user-id', 'nobody');
  expect(code).not.toBe(0);
  expect(stderr).toContain(
    '(ResourceNotFoundException) when calling the DescribeUser operation: The user nobody does not exist.',
  );
});

test('aws connect understands that the quota is used up', async () => {
  simulator.setFaults([{ fault: 'throttle' }]);
  const { stderr } = await awsConnect('list-users', '--instance-id', simulator.instanceId);
  simulator.setFaults([]);
  expect(stderr).toContain('(ThrottlingException) when calling the ListUsers operation');
  expect(stderr).toContain('Rate exceeded');
});
