import {
  ListUserProficienciesCommand,
  ListUsersCommand,
  SearchUserHierarchyGroupsCommand,
  SearchUsersCommand,
  type UserSearchCriteria,
} from '@aws-sdk/client-connect';
import {
  BAD_ANSWERS,
  type BadAnswer,
  type Fault,
  faultsSchema,
} from '../../../simulator/faults/faults.ts';
import { type Simulator, startSimulator } from '../../../simulator/server.ts';
import { connectClient } from '../client.ts';

let now = 0;
/** Put back before each test: no faults, no quota, the first day. */
let simulator: Simulator;
let client: ReturnType<typeof connectClient>;
let ids: string[];

beforeAll(async () => {
  simulator = await startSimulator({ users: 40, latencyMs: 0, now: () => now });
  client = connectClient(simulator.url);
  ids = [...simulator.dataset().truth()].map(({ userId }) => userId);
});

beforeEach(() => {
  simulator.setFaults([]);
  simulator.setQuota('unlimited');
  simulator.goToDay(0);
});

afterAll(async () => {
  client.destroy();
  await simulator.close();
});

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : String(error));

/** How the SDK sees the answer about a user: `ok` or the name of the error. */
const ask = (UserId = ids[0] ?? '') =>
  client
    .send(new ListUserProficienciesCommand({ InstanceId: simulator.instanceId, UserId }))
    .then(() => 'ok', nameOf);

const list = (NextToken?: string) =>
  client.send(
    new ListUsersCommand({ InstanceId: simulator.instanceId, NextToken, MaxResults: 15 }),
  );

async function inTurn<T, R>(items: readonly T[], act: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (const item of items) results.push(await act(item));
  return results;
}

/** Each fault, and the name of the error that the SDK throws. */
const FAILURES: ReadonlyArray<[Fault, string | RegExp]> = [
  [{ fault: 'internalError' }, 'InternalServiceException'],
  [{ fault: 'throttle' }, 'ThrottlingException'],
  [{ fault: 'accessDenied' }, 'AccessDeniedException'],
  [{ fault: 'notJson' }, 'SyntaxError'],
  [{ fault: 'dropConnection', when: 'beforeAnswer' }, /^(Timeout)?Error$/],
  [{ fault: 'dropConnection', when: 'midBody' }, /^(Timeout)?Error$/],
  [{ fault: 'deleted', userFraction: 1 }, 'ResourceNotFoundException'],
];

test.each(FAILURES)('%j is seen as %p and goes when taken back', async (fault, name) => {
  simulator.setFaults([fault]);
  expect(await ask()).toMatch(name);
  simulator.setFaults([]);
  expect(await ask()).toBe('ok');
});

test('a fault may be there from the start', async () => {
  const other = await startSimulator({
    users: 1,
    latencyMs: 0,
    faults: [{ fault: 'internalError' }],
  });
  const response = await fetch(`${other.url}/instance`);
  expect(response.status).toBe(500);
  await other.close();
});

describe('a fault strikes', () => {
  const failing = async (
    fault: Omit<Extract<Fault, { fault: 'internalError' }>, 'fault'>,
    calls = 8,
  ) => {
    simulator.setFaults([{ fault: 'internalError', ...fault }]);
    const answers = await inTurn(Array(calls).fill(ids[0]), ask);
    return answers.flatMap((answer, index) => (answer === 'ok' ? [] : [index + 1]));
  };

  test('every n-th call', async () => expect(await failing({ everyNth: 3 })).toEqual([3, 6]));
  test('named calls', async () => expect(await failing({ onCalls: [1, 5] })).toEqual([1, 5]));
  test('so many times', async () => expect(await failing({ times: 2 })).toEqual([1, 2]));
  test('after some calls', async () => expect(await failing({ afterCalls: 6 })).toEqual([7, 8]));
  test('some calls after others', async () =>
    expect(await failing({ afterCalls: 2, everyNth: 2, times: 2 })).toEqual([4, 6]));
  test('one operation only', async () =>
    expect(await failing({ operations: ['ListUsers'] })).toEqual([]));

  test('by chance, but each time the same', async () => {
    const first = await failing({ probability: 0.3 }, 20);
    expect(first.length).toBeGreaterThan(2);
    expect(first.length).toBeLessThan(11);
    expect(await failing({ probability: 0.3 }, 20)).toEqual(first);
  });

  test('named users', async () => {
    simulator.setFaults([{ fault: 'internalError', users: ids.slice(1, 3) }]);
    const answers = await inTurn(ids.slice(0, 4), ask);
    expect(answers.map((answer) => answer === 'ok')).toEqual([true, false, false, true]);
    await expect(list()).resolves.toBeDefined();
  });

  test('a share of the users, always the same ones', async () => {
    simulator.setFaults([{ fault: 'internalError', userFraction: 0.25 }]);
    const some = ids.slice(0, 20);
    const first = await inTurn(some, ask);
    expect(await inTurn(some, ask)).toEqual(first);
    const hit = first.filter((answer) => answer !== 'ok').length;
    expect(hit).toBeGreaterThan(1);
    expect(hit).toBeLessThan(10);
  });
});

test('a throttling storm passes', async () => {
  simulator.setFaults([{ fault: 'throttle', forMs: 5000 }]);
  now += 4999;
  expect(await ask()).toBe('ThrottlingException');
  now += 1;
  expect(await ask()).toBe('ok');
});

test('users deleted in mid-run are listed, and unknown when asked about', async () => {
  simulator.setFaults([{ fault: 'deleted', users: ids, afterCalls: 2 }]);
  expect(await inTurn(ids.slice(0, 4), ask)).toEqual([
    'ok',
    'ok',
    'ResourceNotFoundException',
    'ResourceNotFoundException',
  ]);
  expect((await list()).UserSummaryList?.map(({ Id }) => Id)).toEqual(ids.slice(0, 15));
});

test('an access denied names the action and uses up no quota', async () => {
  simulator.setQuota({ requestsPerSecond: 1, burst: 1 });
  simulator.setFaults([{ fault: 'accessDenied', times: 1 }]);
  await expect(list()).rejects.toThrow(
    'not authorized to perform: connect:ListUsers on resource: arn:',
  );
  await expect(list()).resolves.toBeDefined();
});

test('a slow answer comes after one that was asked for later', async () => {
  const [slow = '', quick = ''] = ids;
  simulator.setFaults([{ fault: 'slow', ms: 100, users: [slow] }]);
  const order: string[] = [];
  await Promise.all([slow, quick].map((id) => ask(id).then(() => order.push(id))));
  expect(order).toEqual([quick, slow]);
});

test('odd pages still list everyone', async () => {
  simulator.setFaults([
    { fault: 'emptyPages' },
    { fault: 'shortPages', size: 7 },
    { fault: 'duplicateUsers' },
  ]);
  const sizes: number[] = [];
  const found: Array<string | undefined> = [];
  let token: string | undefined;
  do {
    const page = await list(token);
    sizes.push(page.UserSummaryList?.length ?? -1);
    found.push(...(page.UserSummaryList ?? []).map(({ Id }) => Id));
    token = page.NextToken;
  } while (token !== undefined);
  expect([...new Set(found)]).toEqual(ids);
  expect(found.length).toBeGreaterThan(ids.length);
  expect(sizes).toEqual([0, 7, 0, 7, 0, 7, 0, 7, 0, 7, 0, 7, 0, 5, 0]);
});

test('pages overlap by one entry, and no page repeats its own', async () => {
  simulator.setFaults([{ fault: 'shortPages', size: 6 }, { fault: 'overlappingPages' }]);
  const pages: Array<Array<string | undefined>> = [];
  let token: string | undefined;
  do {
    const page = await list(token);
    pages.push((page.UserSummaryList ?? []).map(({ Id }) => Id));
    token = page.NextToken;
  } while (token !== undefined);
  expect(pages.length).toBeGreaterThan(2);
  for (const [index, page] of pages.entries()) {
    expect(new Set(page).size).toBe(page.length);
    if (index > 0) expect(page[0]).toBe(pages[index - 1]?.at(-1));
  }
  expect([...new Set(pages.flat())]).toEqual(ids);
});

test('pages can go round in a circle', async () => {
  simulator.setFaults([{ fault: 'endlessPages' }]);
  const pages = Math.ceil(ids.length / 15);
  const tokens: Array<string | undefined> = [];
  while (tokens.length < 3 * pages) tokens.push((await list(tokens.at(-1))).NextToken);
  expect(new Set(tokens).size).toBe(pages);
  expect(tokens).not.toContain(undefined);
  expect(tokens.slice(pages, 2 * pages)).toEqual(tokens.slice(0, pages));
});

test('odd pages can be kept to one operation', async () => {
  simulator.setFaults([{ fault: 'shortPages', size: 1, operations: ['ListUserProficiencies'] }]);
  expect((await list()).UserSummaryList).toHaveLength(15);
});

describe('the index behind SearchUsers', () => {
  const search = async (SearchCriteria?: UserSearchCriteria) => {
    const InstanceId = simulator.instanceId;
    const { Users = [] } = await client.send(
      new SearchUsersCommand({ InstanceId, SearchCriteria, MaxResults: 500 }),
    );
    return new Map(Users.map(({ Id = '', Username }) => [Id, Username]));
  };
  const truth = () =>
    new Map([...simulator.dataset().truth()].map(({ userId, username }) => [userId, username]));

  test('lags by days: it knows who went, not who came, and old names', async () => {
    simulator.goToDay(20);
    const before = truth();
    simulator.goToDay(60);
    simulator.setFaults([{ fault: 'laggingIndex', days: 40 }]);
    const after = truth();
    const found = await search();
    expect(found).toEqual(before);
    expect([...after.keys()].some((id) => !found.has(id))).toBe(true);
    expect([...found.keys()].some((id) => !after.has(id))).toBe(true);
    expect([...found].some(([id, name]) => after.has(id) && after.get(id) !== name)).toBe(true);
    simulator.goToDay(61);
    expect(await search()).not.toEqual(before);
    simulator.setFaults([]);
    expect(await search()).toEqual(truth());
  });

  test('does not know some users yet, whatever is searched for', async () => {
    simulator.setFaults([{ fault: 'unindexed', users: ids.slice(0, 2) }]);
    expect([...(await search()).keys()]).toEqual(ids.slice(2));
    const [Value] = ids;
    const StringCondition = { FieldName: 'resourceId', Value, ComparisonType: 'EXACT' } as const;
    expect(await search({ StringCondition })).toEqual(new Map());
    simulator.setFaults([{ fault: 'unindexed', userFraction: 0.5 }]);
    const { size } = await search();
    expect(size).toBeGreaterThan(8);
    expect(size).toBeLessThan(32);
    expect((await list()).UserSummaryList).toHaveLength(15);
  });
});

test('an operation can be denied that the others beside it are not', async () => {
  simulator.setFaults([{ fault: 'accessDenied', operations: ['SearchUserHierarchyGroups'] }]);
  const InstanceId = simulator.instanceId;
  await expect(client.send(new SearchUserHierarchyGroupsCommand({ InstanceId }))).rejects.toThrow(
    'not authorized to perform: connect:SearchUserHierarchyGroups on resource: arn:',
  );
  await expect(client.send(new SearchUsersCommand({ InstanceId }))).resolves.toBeDefined();
});

describe('bad answers', () => {
  /** What is gone from what is said of the user, and what is there instead. */
  const SPOILT: Record<BadAnswer, { gone: RegExp; instead?: RegExp }> = {
    missingUserId: { gone: /^.*"Id":/ },
    missingUsername: { gone: /^.*"Username":/ },
    missingUserTimes: { gone: /"Arn":.*"LastModifiedTime":.*"LastModifiedRegion":.*\n/ },
    missingFoundId: { gone: /"Id":.*$/ },
    missingPlacement: { gone: /"RoutingProfileId":.*"Tags":.*$/ },
    unknownPlacement: {
      gone: /"RoutingProfileId":"(?!0{8}-)/,
      instead: /"HierarchyGroupId":"0{8}-.*"RoutingProfileId":"0{8}-/,
    },
    tagsAsList: { gone: /"Tags":\{/, instead: /"Tags":\[/ },
    missingAttributeName: { gone: /"AttributeName":/ },
    missingAttributeValue: { gone: /"AttributeValue":/ },
    missingLevel: { gone: /"Level":/ },
    levelSeven: { gone: /"Level":[1-5]/, instead: /"Level":7\.0/ },
    levelZero: { gone: /"Level":[1-5]/, instead: /"Level":0\.0/ },
    levelAsText: { gone: /"Level":[1-5]/, instead: /"Level":"[1-5]\.0"/ },
    missingTimes: { gone: /\n.*"LastModifiedTime":.*"LastModifiedRegion":/ },
    missingList: { gone: /"UserProficiencyList":/ },
    notJson: { gone: /^.*\n\{/, instead: /^.*\n</ },
    loneSurrogate: {
      gone: /"(Username|AttributeName|AttributeValue|FirstName|LastName)":"[^\\"]*"/,
      instead:
        /"Username":"[^"]*\\ud83c".*\n.*"AttributeName":"[^"]*\\ud83c","AttributeValue":"[^"]*\\ud83c".*\n.*"LastName":"[^"]*\\ud83c"/,
    },
  };

  const raw = async (path: string, request?: RequestInit) =>
    (await fetch(simulator.url + path, request)).text();

  /** A line each: the user's entry in the list, the answer about it, and the entry that a search finds. */
  async function answersAbout(id: string): Promise<string> {
    const users = await raw(`/users-summary/${simulator.instanceId}`);
    const entries = users.split(/(?<=\}),(?=\{)/);
    const answer = await raw(`/users/${simulator.instanceId}/${id}/proficiencies`);
    const search = { method: 'POST', body: JSON.stringify({ InstanceId: simulator.instanceId }) };
    const { Users } = JSON.parse(await raw('/search-users', search));
    const found = Users.find(({ Arn }: { Arn: string }) => Arn.endsWith(id));
    return [entries[ids.indexOf(id)], answer, JSON.stringify(found)].join('\n');
  }

  let id = '';
  let other = '';
  let good: string;
  let beside: string;

  beforeAll(async () => {
    simulator.setFaults([]);
    [id = '', other = ''] = [...simulator.dataset().truth()]
      .filter(({ proficiencies }) => proficiencies.length > 0)
      .map(({ userId }) => userId);
    [good, beside] = [await answersAbout(id), await answersAbout(other)];
  });

  test.each(BAD_ANSWERS)('%s spoils what is said of the named user only', async (answer) => {
    const { gone, instead } = SPOILT[answer];
    simulator.setFaults([{ fault: 'badAnswer', answer, users: [id] }]);
    const bad = await answersAbout(id);
    expect(good).toMatch(gone);
    expect(bad).not.toMatch(gone);
    if (instead !== undefined) expect(bad).toMatch(instead);
    expect(await answersAbout(other)).toBe(beside);
  });
});

test.each([
  [{ fault: 'internalErrors' }],
  [{ fault: 'internalError', probabilty: 0.5 }],
  [{ fault: 'internalError', probability: 2 }],
  [{ fault: 'internalError', everyNth: 0 }],
  [{ fault: 'dropConnection' }],
  [{ fault: 'deleted' }],
  [{ fault: 'badAnswer', answer: 'levelSeven', users: [] }],
  [{ fault: 'unindexed' }],
  [{ fault: 'laggingIndex', days: 0 }],
])('%j is no fault', (fault) => {
  expect(faultsSchema.safeParse([fault]).success).toBe(false);
});
