import { execFile } from 'node:child_process';
import { join } from 'node:path';
import type { Operation } from '../../simulator/operations.ts';
import { pathOf, withDescendants } from '../../simulator/people/hierarchy.ts';
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

/** Runs a program as somebody who knows nothing of the simulator but its address. */
function run(program: string, ...args: string[]): Promise<Run> {
  const environment = {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    AWS_ENDPOINT_URL_CONNECT: simulator.url,
    AWS_ACCESS_KEY_ID: 'simulator',
    AWS_SECRET_ACCESS_KEY: 'simulator',
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_MAX_ATTEMPTS: '1',
  };
  return new Promise((resolve, reject) => {
    const child = execFile(program, args, { env: environment }, (error, stdout, stderr) => {
      if (error?.code === 'ENOENT') {
        reject(
          new Error(`There is no ${program}: install it by pip install -r .ci/requirements.txt.`),
        );
      } else resolve({ code: child.exitCode, stdout, stderr });
    });
  });
}

const awsConnect = (operation: string, ...args: string[]): Promise<Run> =>
  run('aws', 'connect', operation, '--output', 'json', ...args);

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

test('aws connect search-users finds everyone, and those whom it is asked for', async () => {
  const { Users } = await answerOf('search-users', '--page-size', '25');
  expect(Users.map(({ Id }: { Id: string }) => Id)).toEqual(truth().map(({ userId }) => userId));
  const [{ RoutingProfileId }] = Users;
  const condition = `FieldName=RoutingProfileId,Value=${RoutingProfileId},ComparisonType=EXACT`;
  const criteria = `StringCondition={${condition}}`;
  const found = await answerOf('search-users', '--page-size', '2', '--search-criteria', criteria);
  expect(found.Users).toEqual(
    Users.filter((one: { RoutingProfileId: string }) => one.RoutingProfileId === RoutingProfileId),
  );
});

test('aws connect knows the teams, the routing profiles and what is defined', async () => {
  const { workplaces, predefinedAttributes } = simulator.dataset();
  const groups = withDescendants(workplaces.hierarchy);
  const [teams, profiles, names, attributes] = await Promise.all([
    answerOf('search-user-hierarchy-groups', '--page-size', '50'),
    answerOf('search-routing-profiles', '--page-size', '3'),
    answerOf('list-predefined-attributes', '--page-size', '3'),
    answerOf('search-predefined-attributes', '--page-size', '3'),
  ]);
  type Named = { Name: string };
  expect(
    teams.UserHierarchyGroups.map(({ HierarchyPath }: { HierarchyPath: Record<string, Named> }) =>
      Object.values(HierarchyPath).map(({ Name }) => Name),
    ),
  ).toEqual(groups.map((group) => pathOf(group).map(({ name }) => name)));
  const namesOf = (entries: Named[]) => entries.map(({ Name }) => Name);
  expect(namesOf(profiles.RoutingProfiles)).toEqual(
    workplaces.routingProfiles.map(({ name }) => name),
  );
  const defined = predefinedAttributes.map(({ name }) => name);
  expect(namesOf(names.PredefinedAttributeSummaryList)).toEqual(defined);
  expect(namesOf(attributes.PredefinedAttributes)).toEqual(defined);
  expect(attributes.PredefinedAttributes[0].Values.StringList).toEqual(
    predefinedAttributes[0]?.values,
  );
});

test('every answer is what botocore has in its model, and every member one that it knows', async () => {
  const [user] = truth();
  const users = { UserId: user?.userId };
  const inputs: Record<Operation, object> = {
    ListUsers: {},
    ListUserProficiencies: users,
    DescribeUser: users,
    SearchUsers: {},
    ListRoutingProfiles: {},
    SearchRoutingProfiles: {},
    ListUserHierarchyGroups: {},
    SearchUserHierarchyGroups: {},
    ListPredefinedAttributes: {},
    SearchPredefinedAttributes: {},
    DescribePredefinedAttribute: { Name: 'Customer segment' },
    DescribeInstance: {},
    ListInstances: {},
  };
  const { instanceId: InstanceId } = simulator;
  const calls = Object.entries(inputs).map(([operation, input]) => [
    operation,
    operation === 'ListInstances' ? input : { InstanceId, ...input },
  ]);
  const script = join(import.meta.dirname, 'validate-answers.py');
  const { stdout, stderr } = await run('python3', script, JSON.stringify(calls));
  expect(stderr).toBe('');
  expect(JSON.parse(stdout)).toEqual(Object.fromEntries(calls.map(([name]) => [name, []])));
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
