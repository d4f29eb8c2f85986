import { connect } from 'node:net';
import {
  type ConnectClient,
  DescribeInstanceCommand,
  DescribeUserCommand,
  ListInstancesCommand,
  ListUserProficienciesCommand,
  ListUsersCommand,
  paginateListUserProficiencies,
  paginateListUsers,
  paginateSearchUsers,
  SearchUsersCommand,
} from '@aws-sdk/client-connect';
import { type Simulator, startSimulator } from '../../simulator/server.ts';
import { connectClient } from './client.ts';

let now = Date.UTC(2026, 10, 23);
let simulator: Simulator;
let client: ConnectClient;

beforeAll(async () => {
  simulator = await startSimulator({
    users: 40,
    day: 2,
    manyProficienciesShare: 0.1,
    quota: 'unlimited',
    latencyMs: 0,
    now: () => now,
  });
  client = connectClient(simulator.url);
});

afterAll(async () => {
  client.destroy();
  await simulator.close();
});

const truth = () => [...simulator.dataset().truth()];
const someone = () => {
  const [first] = truth();
  if (first === undefined) throw new Error('There is nobody.');
  return first;
};

async function readProficiencies(UserId: string) {
  const found = { proficiencies: [] as unknown[], times: new Set(), regions: new Set() };
  const pages = paginateListUserProficiencies(
    { client, pageSize: 40 },
    { InstanceId: simulator.instanceId, UserId },
  );
  for await (const page of pages) {
    found.proficiencies.push(...(page.UserProficiencyList ?? []));
    found.times.add(page.LastModifiedTime?.toISOString());
    found.regions.add(page.LastModifiedRegion);
  }
  return found;
}

test('ListUsers pages through all users with their names and times', async () => {
  const found: unknown[] = [];
  for await (const page of paginateListUsers(
    { client, pageSize: 15 },
    { InstanceId: simulator.instanceId },
  )) {
    for (const user of page.UserSummaryList ?? []) {
      expect(user.Arn).toContain(`${simulator.instanceId}/agent/${user.Id}`);
      found.push([user.Id, user.Username, user.LastModifiedTime]);
    }
  }
  expect(found).toEqual(truth().map((user) => [user.userId, user.username, user.userModifiedAt]));
});

test('ListUserProficiencies pages through all proficiencies of every user', async () => {
  for (const user of truth()) {
    expect(await readProficiencies(user.userId)).toEqual({
      proficiencies: user.proficiencies.map((one) => ({
        AttributeName: one.attribute_name,
        AttributeValue: one.attribute_value,
        Level: one.level,
      })),
      times: new Set([user.proficienciesModifiedAt?.toISOString()]),
      regions: new Set([user.proficienciesModifiedRegion]),
    });
  }
});

test('SearchUsers without criteria finds all users and tells their number', async () => {
  const found: unknown[] = [];
  for await (const page of paginateSearchUsers(
    { client, pageSize: 15 },
    { InstanceId: simulator.instanceId },
  )) {
    expect(page.ApproximateTotalCount).toBe(simulator.dataset().count());
    found.push(...(page.Users ?? []).map(({ Id, Username }) => [Id, Username]));
  }
  expect(found).toEqual(truth().map((user) => [user.userId, user.username]));
});

test('DescribeUser tells who someone is', async () => {
  const { userId, username, userModifiedAt } = someone();
  const { User } = await client.send(
    new DescribeUserCommand({ InstanceId: simulator.instanceId, UserId: userId }),
  );
  expect(User).toMatchObject({ Id: userId, Username: username, LastModifiedTime: userModifiedAt });
});

test('DescribeInstance and ListInstances know the one instance', async () => {
  const InstanceId = simulator.instanceId;
  const { Instance } = await client.send(new DescribeInstanceCommand({ InstanceId }));
  const { InstanceSummaryList } = await client.send(new ListInstancesCommand({ MaxResults: 10 }));
  expect(Instance).toMatchObject({ Id: InstanceId, InstanceStatus: 'ACTIVE' });
  expect(InstanceSummaryList).toEqual([Instance]);
});

describe('refuses as Connect does', () => {
  const elsewhere = '00000000-0000-4000-8000-000000000000';
  const here = () => ({ InstanceId: simulator.instanceId });
  const refusal = (status: number, name: string) => ({
    name,
    message: expect.any(String),
    $metadata: { httpStatusCode: status, requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) },
  });

  test.each<[string, () => Promise<unknown>]>([
    ['ListUsers', () => client.send(new ListUsersCommand({ InstanceId: elsewhere }))],
    ['DescribeInstance', () => client.send(new DescribeInstanceCommand({ InstanceId: elsewhere }))],
    ['SearchUsers', () => client.send(new SearchUsersCommand({ InstanceId: elsewhere }))],
    [
      'ListUserProficiencies',
      () =>
        client.send(
          new ListUserProficienciesCommand({ InstanceId: elsewhere, UserId: someone().userId }),
        ),
    ],
  ])('%s of another instance', async (_, send) => {
    await expect(send()).rejects.toMatchObject(refusal(404, 'ResourceNotFoundException'));
  });

  test.each(['nobody', elsewhere])('the unknown user %s', async (UserId) => {
    const expected = refusal(404, 'ResourceNotFoundException');
    const input = { ...here(), UserId };
    await expect(client.send(new ListUserProficienciesCommand(input))).rejects.toMatchObject(
      expected,
    );
    await expect(client.send(new DescribeUserCommand(input))).rejects.toMatchObject(expected);
  });

  test.each([0, -1, 1001, 1.5])('%p results a page', async (MaxResults) => {
    await expect(
      client.send(new ListUsersCommand({ ...here(), MaxResults })),
    ).rejects.toMatchObject(refusal(400, 'InvalidParameterException'));
  });

  test('more results a page than the operation gives', async () => {
    const UserId = someone().userId;
    const expected = refusal(400, 'InvalidParameterException');
    await expect(
      client.send(new ListUserProficienciesCommand({ ...here(), UserId, MaxResults: 101 })),
    ).rejects.toMatchObject(expected);
    await expect(
      client.send(new SearchUsersCommand({ ...here(), MaxResults: 501 })),
    ).rejects.toMatchObject(expected);
  });

  test('a token that was made up, and one of another list', async () => {
    const expected = refusal(400, 'InvalidRequestException');
    await expect(
      client.send(new ListUsersCommand({ ...here(), NextToken: 'more' })),
    ).rejects.toMatchObject(expected);
    const { NextToken } = await client.send(new ListUsersCommand({ ...here(), MaxResults: 1 }));
    await expect(
      client.send(new SearchUsersCommand({ ...here(), NextToken })),
    ).rejects.toMatchObject(expected);
  });

  test('a token of yesterday', async () => {
    const { NextToken } = await client.send(new ListUsersCommand({ ...here(), MaxResults: 1 }));
    now += 86_401_000;
    await expect(client.send(new ListUsersCommand({ ...here(), NextToken }))).rejects.toMatchObject(
      refusal(400, 'InvalidRequestException'),
    );
  });

  test.each([
    ['GET', '/queues-summary/x'],
    ['GET', '/'],
    ['GET', '/users/x/y/z'],
    ['GET', '/users/x/y/proficiencies/z'],
    ['GET', '/users-summary/'],
    ['GET', '/users/%ff/%ff/%ff'],
    ['PUT', '/users-summary/x'],
    ['POST', '/users/x'],
  ])('%s %s, which is no operation of its', async (method, path) => {
    const response = await fetch(simulator.url + path, { method });
    expect(response.status).toBe(404);
    expect(response.headers.get('x-amzn-errortype')).toBe('UnknownOperationException');
    expect(await response.json()).toEqual({ Message: expect.stringContaining(path) });
  });

  test.each(['', '{', '[]', '{"InstanceId":1}'])('a search of the body %p', async (body) => {
    const response = await fetch(`${simulator.url}/search-users`, { method: 'POST', body });
    expect(response.status).toBe(400);
    expect(response.headers.get('x-amzn-errortype')).toBe('InvalidRequestException');
  });
});

test('the wire format is that of REST-JSON: levels with a fraction, times in epoch seconds', async () => {
  const { userId, proficienciesModifiedAt } =
    truth().find(({ proficiencies }) => proficiencies.length > 0) ?? someone();
  const response = await fetch(
    `${simulator.url}/users/${simulator.instanceId}/${userId}/proficiencies`,
  );
  const text = await response.text();
  expect(response.headers.get('content-type')).toBe('application/json');
  expect(text).toMatch(/"Level":[1-5]\.0\b/);
  expect(text).toContain(`"LastModifiedTime":${Number(proficienciesModifiedAt) / 1000}`);
});

test('a body that never ends is cut off', async () => {
  const socket = connect(Number(new URL(simulator.url).port), '127.0.0.1');
  socket.on('error', () => undefined);
  socket.write('POST /search-users HTTP/1.1\r\nHost: x\r\nContent-Length: 2000000\r\n\r\n');
  socket.write('x'.repeat(1_100_000));
  await new Promise((resolve) => socket.once('close', resolve));
});

test('days can pass while it runs', async () => {
  const before = simulator.dataset().count();
  simulator.goToDay(30);
  const { Users, ApproximateTotalCount } = await client.send(
    new SearchUsersCommand({ InstanceId: simulator.instanceId, MaxResults: 500 }),
  );
  expect(Users).toHaveLength(truth().length);
  expect(ApproximateTotalCount).not.toBe(before);
  simulator.goToDay(2);
});

test('closing does not wait for answers that are still to come', async () => {
  const other = await startSimulator({ latencyMs: 3_600_000 });
  const answer = fetch(`${other.url}/instance`).catch(() => 'cut');
  while (other.stats().unsigned === undefined) await new Promise(setImmediate);
  await other.close();
  expect(await answer).toBe('cut');
});
