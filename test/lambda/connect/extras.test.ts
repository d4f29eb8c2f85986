import { ExtraFailure, type ReadExtra } from '../../../export/ports.ts';
import type { ConnectSession } from '../../../lambda/connect/gateway.ts';
import { connectGateway } from '../../../lambda/connect/gateway.ts';
import type { Fault } from '../../../simulator/faults/faults.ts';
import type { Operation } from '../../../simulator/operations.ts';
import { pathOf, withDescendants } from '../../../simulator/people/hierarchy.ts';
import { type Simulator, startSimulator } from '../../../simulator/server.ts';
import { awsEnvironment } from '../../support/aws-environment.ts';
import { type HttpStub, httpStub, type StubAnswer } from '../../support/http-stub.ts';

const environment = { ...process.env };
const USERS = 620;
const NEVER = new AbortController().signal;
const INSTANCE = '99999999-2222-4333-8444-555555555555';

let simulator: Simulator;
let session: ConnectSession;
let close: () => void;

async function connectTo(url: string): Promise<void> {
  Object.assign(process.env, awsEnvironment(url), { AWS_ENDPOINT_URL_CONNECT: url });
  const gateway = connectGateway({
    requestsPerSecond: 100_000,
    random: () => 0,
    briefPatience: { troubleMs: 0, throttledMs: 0 },
    warnings: { warn: () => undefined },
    includeUserDetails: 'names',
    includePredefinedAttributes: true,
  });
  close = () => gateway.close();
  session = await gateway.open();
}

beforeAll(async () => {
  simulator = await startSimulator({ users: USERS, quota: 'unlimited', latencyMs: 0 });
});

beforeEach(() => connectTo(simulator.url));

afterEach(() => {
  close();
  simulator.setFaults([]);
  process.env = { ...environment };
});

afterAll(() => simulator.close());

async function all<T>(read: ReadExtra<T>, instanceId = simulator.instanceId): Promise<T[]> {
  const entries: T[] = [];
  for await (const page of read(instanceId, NEVER)) entries.push(...page);
  return entries;
}

const byId = <T extends { id: string }>(entries: readonly T[]): T[] =>
  entries.toSorted((a, b) => (a.id < b.id ? -1 : 1));

/** What the search should say of everyone. */
function everyone() {
  const dataset = simulator.dataset();
  return [...dataset.truth()].map(({ userId }) => {
    const index = dataset.indexOf(userId) ?? -1;
    const { hierarchyGroup, routingProfile, tags = {} } = dataset.placement(index) ?? {};
    const name = dataset.user(index)?.name;
    return {
      id: userId,
      firstName: name?.first,
      lastName: name?.last,
      routingProfileId: routingProfile?.id,
      ...(hierarchyGroup && { hierarchyGroupId: hierarchyGroup.id }),
      tags,
    };
  });
}

describe('what a snapshot can do without is read as Connect has it', () => {
  it('users, with as few requests as there can be', async () => {
    expect(byId(await all(session.connect.searchUsers))).toEqual(byId(everyone()));
    expect(session.traffic.counts().search_users).toEqual({ ok: 2, throttled: 0, retried: 0 });
  });

  it('routing profiles', async () => {
    const { routingProfiles } = simulator.dataset().workplaces;
    expect(byId(await all(session.connect.listRoutingProfiles))).toEqual(
      byId(routingProfiles.map(({ id, name }) => ({ id, name }))),
    );
  });

  it('groups with the groups above them', async () => {
    const groups = await all(session.connect.searchHierarchyGroups);
    const expected = withDescendants(simulator.dataset().workplaces.hierarchy)
      .filter(({ level }) => level > 0)
      .map((group) => ({ id: group.id, path: pathOf(group).map(({ name }) => name) }));
    expect(byId(groups)).toEqual(expect.arrayContaining(byId(expected)));
    expect(Math.max(...groups.map(({ path }) => path.length))).toBe(5);
  });

  it('predefined attributes with their values', async () => {
    const attributes = await all(session.connect.searchPredefinedAttributes);
    const expected = simulator
      .dataset()
      .predefinedAttributes.map(({ name, values, purposes, modifiedAt }) => ({
        name,
        values: [...values],
        purposes: [...purposes],
        modifiedAt,
      }));
    const byName = <T extends { name: string }>(some: readonly T[]): T[] =>
      some.toSorted((a, b) => (a.name < b.name ? -1 : 1));
    expect(byName(attributes)).toEqual(byName(expected));
  });

  it('whatever the pages look like', async () => {
    simulator.setFaults([
      { fault: 'emptyPages' },
      { fault: 'shortPages', size: 90 },
      { fault: 'overlappingPages' },
    ]);
    const found = await all(session.connect.searchUsers);
    expect(new Map(found.map((user) => [user.id, user])).size).toBe(USERS);
  });
});

const OPERATIONS = [
  ['SearchUsers', 'searchUsers'],
  ['ListRoutingProfiles', 'listRoutingProfiles'],
  ['SearchUserHierarchyGroups', 'searchHierarchyGroups'],
  ['SearchPredefinedAttributes', 'searchPredefinedAttributes'],
] as const;

describe('a failure', () => {
  it.each([
    [
      'SearchUsers',
      'searchUsers',
      'connect:SearchUsers, connect:DescribeUser and connect:ListUserProficiencies on the instance',
    ],
    ['ListRoutingProfiles', 'listRoutingProfiles', 'connect:ListRoutingProfiles on the instance'],
    [
      'SearchUserHierarchyGroups',
      'searchHierarchyGroups',
      'connect:SearchUserHierarchyGroups and connect:DescribeUserHierarchyGroup on the instance and its agent-group/*',
    ],
    [
      'SearchPredefinedAttributes',
      'searchPredefinedAttributes',
      'connect:SearchPredefinedAttributes and connect:DescribePredefinedAttribute on the instance',
    ],
  ] as const)('of %s that is denied says what to allow, and no ARN', async (name, read, allow) => {
    simulator.setFaults([{ fault: 'accessDenied', operations: [name] }]);
    const reading: ReadExtra<unknown> = session.connect[read];
    const failure = await all(reading).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ExtraFailure);
    expect(String(failure)).toContain(`refused connect:${name} (AWS says: "`);
    expect(String(failure)).toContain(`allow ${allow}.`);
    expect(String(failure)).not.toMatch(/arn:aws|\d{12}|[0-9a-f]{8}-[0-9a-f]{4}-/);
    // Once is enough.
    expect(Object.values(session.traffic.counts()).map(({ retried }) => retried)).toContain(1);
  });

  const faults: readonly (readonly [string, (operation: Operation) => Fault, RegExp])[] = [
    [
      'throttled without end',
      (name) => ({ fault: 'throttle', operations: [name] }),
      /ended with (Throttling|TooManyRequests)Exception \(HTTP 429\) after \d+ attempts?; AWS says: ".*"\.$/,
    ],
    [
      'answered 500 without end',
      (name) => ({ fault: 'internalError', operations: [name] }),
      /ended with InternalServiceException \(HTTP 500\) after \d+ attempts?; AWS says: ".*"\.$/,
    ],
    [
      'answered with HTML',
      (name) => ({ fault: 'notJson', operations: [name] }),
      /was answered with HTTP 200, but not with what Connect answers \(SyntaxError\)\.$/,
    ],
    [
      'answered with pages without end',
      (name) => ({ fault: 'endlessPages', operations: [name] }),
      /gave an invalid answer to \w+: NextToken: the same one came twice/,
    ],
  ];

  it.each(
    faults.flatMap((fault) => OPERATIONS.map((operation) => [...operation, ...fault] as const)),
  )('of %s (%s), %s, is told in one sentence', async (name, read, _, fault, message) => {
    simulator.setFaults([fault(name)]);
    const reading: ReadExtra<unknown> = session.connect[read];
    const failure = await all(reading).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ExtraFailure);
    expect(String(failure)).toMatch(message);
    expect(String(failure)).not.toMatch(/request id|arn:aws|\n/);
  });
});

describe('an answer of', () => {
  let stub: HttpStub;

  afterEach(() => stub.close());

  async function answer(body: unknown, status = 200, headers = {}): Promise<void> {
    const answers: StubAnswer = { status, headers, body: JSON.stringify(body) };
    stub = await httpStub(answers);
    close();
    await connectTo(stub.url);
  }

  it('an operation that the Region lacks says so', async () => {
    await answer({ message: 'Unknown' }, 404, { 'x-amzn-errortype': 'UnknownOperationException' });
    await expect(all(session.connect.searchUsers, INSTANCE)).rejects.toThrow(
      /SearchUsers in us-east-1 ended with UnknownOperationException \(HTTP 404\) after 1 attempt; AWS says: "Unknown"\./,
    );
  });

  it('a user with no more than an id has no tags and nothing else', async () => {
    await answer({ Users: [{ Id: 'u', HierarchyGroupId: null, IdentityInfo: null }] });
    expect(await all(session.connect.searchUsers, INSTANCE)).toEqual([{ id: 'u', tags: {} }]);
  });

  it('half of a surrogate pair is replaced in every text', async () => {
    await answer({
      Users: [{ Id: 'u', IdentityInfo: { FirstName: 'a\ud83c' }, Tags: { 'k\ud83c': 'v\ud83c' } }],
      RoutingProfileSummaryList: [{ Id: 'p', Name: 'p\ud83c' }],
      UserHierarchyGroups: [
        { Id: 'g', HierarchyPath: { LevelOne: { Id: 'g', Name: 'g\ud83c' } }, Name: 'g\ud83c' },
      ],
      PredefinedAttributes: [
        { Name: 'n\ud83c', Values: { StringList: ['v\ud83c'] }, Purposes: ['p\ud83c'] },
      ],
    });
    const { connect } = session;
    expect(await all(connect.searchUsers, INSTANCE)).toEqual([
      { id: 'u', firstName: 'a\ufffd', tags: { 'k\ufffd': 'v\ufffd' } },
    ]);
    expect(await all(connect.listRoutingProfiles, INSTANCE)).toEqual([
      { id: 'p', name: 'p\ufffd' },
    ]);
    expect(await all(connect.searchHierarchyGroups, INSTANCE)).toEqual([
      { id: 'g', path: ['g\ufffd'] },
    ]);
    expect(await all(connect.searchPredefinedAttributes, INSTANCE)).toEqual([
      { name: 'n\ufffd', values: ['v\ufffd'], purposes: ['p\ufffd'] },
    ]);
  });

  it('a group ends its own path, whether or not the path has it', async () => {
    const above = { Id: 'a', Name: 'Above' };
    await answer({
      UserHierarchyGroups: [
        { Id: 'g', Name: 'Own', HierarchyPath: { LevelOne: above } },
        {
          Id: 'h',
          Name: 'Own',
          HierarchyPath: { LevelOne: above, LevelTwo: { Id: 'h', Name: 'Own' } },
        },
        { Id: 'i', Name: 'Own' },
      ],
    });
    expect(
      (await all(session.connect.searchHierarchyGroups, INSTANCE)).map(({ path }) => path),
    ).toEqual([['Above', 'Own'], ['Above', 'Own'], ['Own']]);
  });

  it('an attribute without values has none, and nonsense is none at all', async () => {
    await answer({ PredefinedAttributes: [{ Name: 'Language', Values: null }] });
    expect(await all(session.connect.searchPredefinedAttributes, INSTANCE)).toEqual([
      { name: 'Language', values: [], purposes: [] },
    ]);
    await expect(all(session.connect.searchUsers, INSTANCE)).rejects.toThrow(
      'Connect in us-east-1 gave an invalid answer to SearchUsers: Users: expected array.',
    );
  });
});

it('waiting for its turn, a reading ends with its signal', async () => {
  const cut = new AbortController();
  const reading = (async () => {
    for await (const _ of session.connect.searchUsers(simulator.instanceId, cut.signal)) {
      cut.abort(new Error('over'));
    }
  })();
  await expect(reading).rejects.toThrow('over');
});
