import { type User, UserFailure } from '../../../export/ports.ts';
import {
  type ConnectGateway,
  type ConnectSession,
  type ConnectSettings,
  connectGateway,
} from '../../../lambda/connect/gateway.ts';
import type { BadAnswer } from '../../../simulator/faults/faults.ts';
import {
  type Simulator,
  type SimulatorOptions,
  startSimulator,
} from '../../../simulator/server.ts';
import { type HttpStub, httpStub, type StubAnswer } from '../../support/http-stub.ts';
import { virtualTimers } from '../../support/virtual-timers.ts';

const open: { close(): void | Promise<void> }[] = [];

beforeEach(() => {
  process.env.AWS_ACCESS_KEY_ID = 'exporter';
  process.env.AWS_SECRET_ACCESS_KEY = 'secret';
  process.env.AWS_REGION = 'us-east-1';
  process.env.AWS_EC2_METADATA_DISABLED = 'true';
  delete process.env.AWS_CONTAINER_CREDENTIALS_FULL_URI;
  process.env.AWS_CONFIG_FILE = '/nonexistent/config';
  process.env.AWS_SHARED_CREDENTIALS_FILE = '/nonexistent/credentials';
});

afterEach(async () => {
  jest.useRealTimers();
  for (const resource of open.splice(0).reverse()) await resource.close();
});

async function simulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const started = await startSimulator({ users: 30, quota: 'unlimited', latencyMs: 0, ...options });
  open.push(started);
  process.env.AWS_ENDPOINT_URL_CONNECT = started.url;
  return started;
}

async function stub(...answers: readonly StubAnswer[]): Promise<HttpStub> {
  const started = await httpStub(...answers);
  open.push(started);
  process.env.AWS_ENDPOINT_URL_CONNECT = started.url;
  return started;
}

function gateway(settings: Partial<ConnectSettings> = {}): ConnectGateway {
  const made = connectGateway({
    includeUserDetails: 'names',
    includePredefinedAttributes: true,
    requestsPerSecond: 10_000,
    // Pauses of no length: the first trials of a request follow each other at once.
    random: () => 0,
    warnings: { warn: () => undefined },
    ...settings,
  });
  open.push(made);
  return made;
}

const session = (settings?: Partial<ConnectSettings>): Promise<ConnectSession> =>
  gateway(settings).open();

const NEVER = new AbortController().signal;
const AT_ONCE = { troubleMs: 0, throttledMs: 0 };
const ANY_USER = '11111111-2222-4333-8444-555555555555';
const ANY_INSTANCE = '99999999-2222-4333-8444-555555555555';

async function usersOf(
  { connect }: ConnectSession,
  instanceId: string,
  signal = NEVER,
): Promise<User[]> {
  const users: User[] = [];
  for await (const page of connect.listUsers(instanceId, signal)) users.push(...page);
  return users;
}

/** What a promise was rejected with. */
const failure = (promise: Promise<unknown>): Promise<Error> =>
  promise.then(
    () => {
      throw new Error('It did not fail.');
    },
    (error: Error) => error,
  );

describe('listing and reading', () => {
  it.each<{ name: string; options: SimulatorOptions }>([
    { name: 'as usual', options: {} },
    { name: 'with empty pages', options: { faults: [{ fault: 'emptyPages' }] } },
    { name: 'with short pages', options: { faults: [{ fault: 'shortPages', size: 7 }] } },
    { name: 'with hundreds of proficiencies', options: { manyProficienciesShare: 1 } },
    {
      name: 'with every tenth call failing and every seventh connection cut',
      options: {
        faults: [
          { fault: 'internalError', everyNth: 10 },
          { fault: 'dropConnection', when: 'beforeAnswer', everyNth: 7 },
          { fault: 'dropConnection', when: 'midBody', everyNth: 11 },
        ],
      },
    },
  ])('tells the truth about every user $name', async ({ options }) => {
    const server = await simulator(options);
    const opened = await session();
    const users = await usersOf(opened, server.instanceId);
    const truth = [...server.dataset().truth()];
    expect(users).toEqual(
      truth.map(({ userId, username, userModifiedAt }) => ({
        id: userId,
        username,
        modifiedAt: userModifiedAt,
      })),
    );
    const read = opened.connect.proficiencyReader(server.instanceId, NEVER);
    // All at once: they share the SDK's middleware and must not share anything else.
    expect(await Promise.all(truth.map(({ userId }) => read(userId)))).toEqual(
      truth.map(({ proficiencies, proficienciesModifiedAt, proficienciesModifiedRegion }) => ({
        proficiencies,
        ...(proficienciesModifiedAt && { modifiedAt: proficienciesModifiedAt }),
        ...(proficienciesModifiedRegion && { modifiedRegion: proficienciesModifiedRegion }),
      })),
    );
  });

  it('reads a level given as 3.0', async () => {
    await stub({
      status: 200,
      body: '{"UserProficiencyList":[{"AttributeName":"Язык 🗣","AttributeValue":"Français","Level":3.0}]}',
    });
    const { connect } = await session();
    await expect(connect.proficiencyReader(ANY_INSTANCE, NEVER)(ANY_USER)).resolves.toEqual({
      proficiencies: [{ attribute_name: 'Язык 🗣', attribute_value: 'Français', level: 3 }],
    });
  });

  it('replaces halves of surrogate pairs in names and values of every kind', async () => {
    await stub(
      {
        status: 200,
        body: '{"UserSummaryList":[{"Id":"1","Username":"a\\ud83c"},{"Id":"2","Username":"🌙"}]}',
      },
      {
        status: 200,
        body: '{"UserProficiencyList":[{"AttributeName":"Team\\ud83c","AttributeValue":"Night \\ud83c","Level":3}],"LastModifiedRegion":"\\ud83c"}',
      },
    );
    const opened = await session();
    expect(await usersOf(opened, ANY_INSTANCE)).toEqual([
      { id: '1', username: 'a\ufffd' },
      { id: '2', username: '🌙' },
    ]);
    await expect(opened.connect.proficiencyReader(ANY_INSTANCE, NEVER)(ANY_USER)).resolves.toEqual({
      proficiencies: [{ attribute_name: 'Team\ufffd', attribute_value: 'Night \ufffd', level: 3 }],
      modifiedRegion: '\ufffd',
    });
  });

  it('keeps the time that only one of several pages gives', async () => {
    const list = '"UserProficiencyList":[]';
    await stub(
      { status: 200, body: `{"NextToken":"2","LastModifiedTime":1763949607.5,${list}}` },
      { status: 200, body: `{${list},"LastModifiedRegion":"eu-west-2"}` },
    );
    const { connect } = await session();
    await expect(connect.proficiencyReader(ANY_INSTANCE, NEVER)(ANY_USER)).resolves.toEqual({
      proficiencies: [],
      modifiedAt: new Date(1763949607500),
      modifiedRegion: 'eu-west-2',
    });
  });

  it('knows nothing of a user that was deleted', async () => {
    const server = await simulator();
    const { connect, traffic } = await session();
    await expect(
      connect.proficiencyReader(server.instanceId, NEVER)(ANY_USER),
    ).resolves.toBeUndefined();
    expect(traffic.counts().list_user_proficiencies).toEqual({ ok: 1, throttled: 0, retried: 0 });
  });
});

describe('attempts', () => {
  it('are all counted, as Connect saw them', async () => {
    const server = await simulator({
      faults: [
        { fault: 'throttle', everyNth: 4 },
        { fault: 'internalError', everyNth: 5 },
        { fault: 'dropConnection', when: 'beforeAnswer', everyNth: 6 },
      ],
    });
    const timers = virtualTimers();
    const opened = await session({ timers });
    let running = true;
    const done = (async () => {
      const read = opened.connect.proficiencyReader(server.instanceId, NEVER);
      for (const { id } of await usersOf(opened, server.instanceId)) await read(id);
      running = false;
    })();
    while (running) {
      await timers.advance(1000);
      await new Promise(setImmediate);
    }
    await done;
    const { ListUsers, ListUserProficiencies } = server.stats().exporter ?? {};
    const counts = opened.traffic.counts();
    expect(counts.list_users).toEqual({
      ok: ListUsers?.ok,
      throttled: ListUsers?.throttled,
      retried: ListUsers?.failed,
    });
    expect(counts.list_user_proficiencies).toEqual({
      ok: ListUserProficiencies?.ok,
      throttled: ListUserProficiencies?.throttled,
      retried: ListUserProficiencies?.failed,
    });
    expect(counts.list_user_proficiencies.throttled).toBeGreaterThan(0);
    expect(counts.list_user_proficiencies.retried).toBeGreaterThan(0);
  });

  it('slow the operation down that was throttled, and no other', async () => {
    const server = await simulator({
      faults: [{ fault: 'throttle', operations: ['ListUserProficiencies'], times: 1 }],
    });
    const { connect, traffic } = await session();
    await connect.proficiencyReader(server.instanceId, NEVER)(ANY_USER);
    const { list_users, list_user_proficiencies } = traffic.learnedRates();
    expect(list_users).toBe(10_000);
    expect(list_user_proficiencies).toBeLessThan(10_000);
  });

  it('go out one token each, retries too', async () => {
    const server = await simulator({ faults: [{ fault: 'internalError', times: 2 }] });
    const timers = virtualTimers();
    const { connect } = await session({ timers, requestsPerSecond: 0.5 });
    const read = connect.proficiencyReader(server.instanceId, NEVER)(ANY_USER);
    const settled = jest.fn();
    void read.then(settled);
    for (const seconds of [0, 2]) {
      await timers.advance(seconds * 1000);
      await new Promise((resolve) => setTimeout(resolve, 100));
      expect(settled).not.toHaveBeenCalled();
    }
    await timers.advance(2000);
    await expect(read).resolves.toBeUndefined();
  });

  it('are signed when they are sent, however long they waited', async () => {
    const server = await stub({ status: 200, body: '{}' });
    const timers = virtualTimers();
    const { connect } = await session({ timers, requestsPerSecond: 0.1 });
    await connect.proficiencyReader(ANY_INSTANCE, NEVER)(ANY_USER);
    jest.useFakeTimers({ now: Date.UTC(2030, 0, 1), advanceTimers: true });
    const waiting = connect.proficiencyReader(ANY_INSTANCE, NEVER)(ANY_USER);
    await new Promise(setImmediate);
    jest.setSystemTime(Date.UTC(2030, 0, 1, 5));
    await timers.advance(10_000);
    await waiting;
    expect(server.requests.at(-1)?.headers['x-amz-date']).toMatch(/^20300101T0[45]/);
  });

  it('are signed with the credentials in force, however long their reader has been at work', async () => {
    const credentials = (AccessKeyId: string, minutes: number) => ({
      status: 200,
      body: JSON.stringify({
        AccessKeyId,
        SecretAccessKey: 'secret',
        Token: 'token',
        Expiration: new Date(Date.now() + minutes * 60_000).toISOString(),
      }),
    });
    const agent = await httpStub(credentials('FIRST', 1), credentials('SECOND', 60));
    open.push(agent);
    delete process.env.AWS_ACCESS_KEY_ID;
    delete process.env.AWS_SECRET_ACCESS_KEY;
    process.env.AWS_CONTAINER_CREDENTIALS_FULL_URI = agent.url;
    const server = await stub({ status: 200, body: '{}' });
    const { connect } = await session();
    const read = connect.proficiencyReader(ANY_INSTANCE, NEVER);
    const keyInForce = () =>
      /Credential=(\w+)/.exec(server.requests.at(-1)?.headers.authorization ?? '')?.[1];
    await read(ANY_USER);
    expect(keyInForce()).toBe('FIRST');
    // The SDK renews in the background what is about to expire.
    while (keyInForce() === 'FIRST') await read(ANY_USER);
    expect(keyInForce()).toBe('SECOND');
  });

  it('outlast a page of HTML from something in between', async () => {
    const html = { 'content-type': 'text/html' };
    await stub(
      { status: 503, headers: html, body: '<html>Service Unavailable</html>' },
      { status: 429, headers: html, body: '<html>Too many</html>' },
      { status: 200, body: '{"UserProficiencyList":[]}' },
    );
    const { connect, traffic } = await session();
    await expect(connect.proficiencyReader(ANY_INSTANCE, NEVER)(ANY_USER)).resolves.toEqual({
      proficiencies: [],
    });
    expect(traffic.counts().list_user_proficiencies).toEqual({ ok: 1, throttled: 1, retried: 1 });
  });
});

describe('a user that cannot be read', () => {
  const bad: [BadAnswer, RegExp][] = [
    ['missingAttributeName', /UserProficiencyList\.\d+\.AttributeName/],
    ['missingAttributeValue', /UserProficiencyList\.\d+\.AttributeValue/],
    ['missingLevel', /UserProficiencyList\.\d+\.Level/],
    ['levelSeven', /Level: expected at most 5/],
    ['levelZero', /Level: expected at least 1/],
    ['levelAsText', /Level: .*number/],
    ['notJson', /SyntaxError/],
  ];

  it.each(bad)('has failed by its answer: %s', async (answer, message) => {
    const server = await simulator();
    const user = [...server.dataset().truth()].find(
      ({ proficiencies }) => proficiencies.length > 1,
    );
    if (!user) throw new Error('The simulator has no user with proficiencies.');
    server.setFaults([{ fault: 'badAnswer', answer, users: [user.userId] }]);
    const { connect } = await session();
    const error = await failure(connect.proficiencyReader(server.instanceId, NEVER)(user.userId));
    expect(error.name).toBe('InvalidAnswer');
    expect(error.message).toMatch(message);
    for (const { attribute_name, attribute_value } of user.proficiencies) {
      expect(error.message).not.toContain(attribute_name);
      expect(error.message).not.toContain(attribute_value);
    }
  });

  it.each<BadAnswer>(['missingTimes', 'missingList'])('has not failed by %s', async (answer) => {
    const server = await simulator();
    const [user] = server.dataset().truth();
    server.setFaults([{ fault: 'badAnswer', answer, users: [user?.userId ?? ''] }]);
    const { connect } = await session();
    const read = await connect.proficiencyReader(server.instanceId, NEVER)(user?.userId ?? '');
    expect(read?.proficiencies).toEqual(answer === 'missingList' ? [] : user?.proficiencies);
  });

  it('has failed where its pages go round in a circle', async () => {
    const page = (token: string) => ({ status: 200, body: `{"NextToken":"${token}"}` });
    const server = await stub(page('two'), page('three'), page('two'));
    const { connect } = await session();
    const error = await failure(connect.proficiencyReader(ANY_INSTANCE, NEVER)(ANY_USER));
    expect(error).toBeInstanceOf(UserFailure);
    expect(error.message).toMatch(/invalid answer to ListUserProficiencies: NextToken: .*twice/);
    expect(server.requests).toHaveLength(3);
  });

  it('is given up on when patience ends, by the name of the last error', async () => {
    const server = await simulator({ faults: [{ fault: 'internalError' }] });
    const { connect } = await session({ patience: AT_ONCE });
    const error = await failure(connect.proficiencyReader(server.instanceId, NEVER)(ANY_USER));
    expect(error.name).toBe('InternalServiceException');
    expect(error.message).toMatch(
      /ListUserProficiencies .*\(HTTP 500, request id [-0-9a-f]{36}\) after 1 attempt\.$/,
    );
  });

  it('is given up on when the server is gone', async () => {
    process.env.AWS_ENDPOINT_URL_CONNECT = 'http://127.0.0.1:1';
    const { connect } = await session({ patience: AT_ONCE });
    const error = await failure(connect.proficiencyReader(ANY_INSTANCE, NEVER)(ANY_USER));
    expect(error).toBeInstanceOf(UserFailure);
    expect(error.message).toMatch(/^ListUserProficiencies in us-east-1 ended with/);
  });

  it('is given up on at once where asking again is useless', async () => {
    const server = await stub({
      status: 400,
      headers: { 'x-amzn-errortype': 'InvalidParameterException' },
      body: '{"message":"The token has expired."}',
    });
    const { connect } = await session();
    const error = await failure(connect.proficiencyReader(ANY_INSTANCE, NEVER)(ANY_USER));
    expect(error.name).toBe('InvalidParameterException');
    expect(server.requests).toHaveLength(1);
  });
});

describe('a run that cannot go on', () => {
  it.each([
    [
      'listing',
      /refused connect:ListUsers \(AWS says: "User: arn:… is not authorized .* because no identity-based policy allows the connect:ListUsers action", request id [-0-9a-f]{36}\): allow it on arn:\*:connect:us-east-1:\*:instance\/[-0-9a-f]+\.$/,
    ],
    [
      'reading',
      /connect:ListUserProficiencies \(.*\): allow it on arn:.* and arn:.*\/agent\/\*\.$/,
    ],
  ])('names the permission that is missing for %s', async (what, message) => {
    const server = await simulator({ faults: [{ fault: 'accessDenied' }] });
    const opened = await session();
    const thrown = await failure(
      what === 'listing'
        ? usersOf(opened, server.instanceId)
        : opened.connect.proficiencyReader(server.instanceId, NEVER)(ANY_USER),
    );
    const error = thrown instanceof UserFailure ? thrown.denial : thrown;
    expect(error?.name).toBe('AccessDenied');
    expect(error?.message).toMatch(message);
  });

  it('quotes why AWS refuses, without the name of a person', async () => {
    await stub({
      status: 403,
      headers: { 'x-amzn-errortype': 'AccessDeniedException' },
      body: '{"Message":"User: arn:aws:sts::123456789012:assumed-role/Analyst/jane.doe@example.com is not authorized to perform: connect:ListUsers on resource: arn:aws:connect:us-east-1:123456789012:instance/1 with an explicit deny in a service control policy. Ask jane.doe@example.com."}',
    });
    const error = await failure(usersOf(await session(), ANY_INSTANCE));
    expect(error.name).toBe('AccessDenied');
    expect(error.message).toContain('with an explicit deny in a service control policy');
    expect(error.message).not.toMatch(/jane|123456789012/);
  });

  it.each([
    ['a page of HTML', 403, '<html><body>Blocked by your company</body></html>'],
    ['nothing', 403, ''],
    ['a text', 407, 'Proxy authentication required'],
  ])('says that it was not AWS that answered with %s', async (_, status, body) => {
    const server = await stub({ status, body });
    const opened = await session();
    for (const attempt of [
      () => usersOf(opened, ANY_INSTANCE),
      () => opened.connect.proficiencyReader(ANY_INSTANCE, NEVER)(ANY_USER),
    ]) {
      const error = await failure(attempt());
      expect(error.name).toBe('ServiceUnavailable');
      expect(error.message).toMatch(
        new RegExp(
          `in us-east-1 was answered with HTTP ${status} by something on the network that is not AWS`,
        ),
      );
    }
    expect(server.requests).toHaveLength(2);
  });

  it('says how to give credentials', async () => {
    await simulator();
    delete process.env.AWS_ACCESS_KEY_ID;
    delete process.env.AWS_SECRET_ACCESS_KEY;
    const error = await failure(usersOf(await session(), ANY_INSTANCE));
    expect(error.name).toBe('AccessDenied');
    expect(error.message).toMatch(
      /No valid AWS credentials were found \(the AWS SDK says: "Could not load .*"\): .*AWS_PROFILE/,
    );
  });

  it.each(['UnrecognizedClientException', 'ExpiredTokenException'])(
    'says that credentials were refused: %s',
    async (errorType) => {
      await stub({ status: 403, headers: { 'x-amzn-errortype': errorType }, body: '{}' });
      const error = await failure(usersOf(await session(), ANY_INSTANCE));
      expect(error.name).toBe('AccessDenied');
      expect(error.message).toMatch(`did not accept the credentials (${errorType})`);
    },
  );

  it('names the instance that Connect does not know, and the Region', async () => {
    await simulator();
    const error = await failure(usersOf(await session(), ANY_INSTANCE));
    expect(error.name).toBe('InstanceNotFound');
    expect(error.message).toBe(
      `Connect in us-east-1 has no instance ${ANY_INSTANCE}: check the instance id and the Region.`,
    );
  });

  it.each(['<html>Sign in to the network</html>', '[', 'null'])(
    'says that this is not what Connect answers: %s',
    async (body) => {
      await stub({ status: 200, body });
      const error = await failure(usersOf(await session(), ANY_INSTANCE));
      expect(error.name).toBe('ServiceUnavailable');
      expect(error.message).toMatch(
        /^ListUsers in us-east-1 was answered with HTTP 200, but not with what Connect answers/,
      );
    },
  );

  it.each(['7', '{}', '{"message":"Blocked by policy"}', '{"UserSummaryList":null}'])(
    'does not take this for an instance without users: %s',
    async (body) => {
      await stub({ status: 200, body });
      const error = await failure(usersOf(await session(), ANY_INSTANCE));
      expect(error.name).toBe('ServiceUnavailable');
      expect(error.message).toMatch(/invalid answer to ListUsers: UserSummaryList/);
    },
  );

  it('refuses a list with a user without id', async () => {
    const server = await simulator();
    const [user] = server.dataset().truth();
    server.setFaults([
      { fault: 'badAnswer', answer: 'missingUserId', users: [user?.userId ?? ''] },
    ]);
    const error = await failure(usersOf(await session(), server.instanceId));
    expect(error.name).toBe('ServiceUnavailable');
    expect(error.message).toMatch(/invalid answer to ListUsers: UserSummaryList\.\d+\.Id/);
  });

  it.each([
    ['one page', ['two', 'two']],
    ['several pages', ['two', 'three', 'four', 'two']],
  ])('refuses a list whose pages go round in a circle of %s', async (_, tokens) => {
    const page = (token: string) => ({
      status: 200,
      body: `{"UserSummaryList":[],"NextToken":"${token}"}`,
    });
    const server = await stub(...tokens.map(page));
    const error = await failure(usersOf(await session(), ANY_INSTANCE));
    expect(error.name).toBe('ServiceUnavailable');
    expect(error.message).toMatch(/invalid answer to ListUsers: NextToken: .*twice/);
    expect(server.requests).toHaveLength(tokens.length);
  });

  it('ends when the users cannot be listed', async () => {
    const server = await simulator({ faults: [{ fault: 'internalError' }] });
    const error = await failure(usersOf(await session({ patience: AT_ONCE }), server.instanceId));
    expect(error.name).toBe('ServiceUnavailable');
    expect(error.message).toMatch(
      /InternalServiceException \(HTTP 500, request id [-0-9a-f]{36}\)/,
    );
  });

  it.each([undefined, 'not a region'])('says that there is no Region: %s', async (region) => {
    delete process.env.AWS_REGION;
    const made = gateway(region === undefined ? {} : { region });
    const error = await failure(made.region());
    expect(error.name).toBe('InvalidRequest');
    expect(error.message).toMatch(/AWS_REGION/);
  });

  it('tells the Region that the SDK found', async () => {
    await expect(gateway().region()).resolves.toBe('us-east-1');
    await expect(gateway({ region: 'eu-west-2' }).region()).resolves.toBe('eu-west-2');
  });
});

describe('an aborted slice', () => {
  const reason = new Error('the slice is over');

  it('leaves the queue and is over in flight, with the reason; the next one works', async () => {
    const server = await simulator({ faults: [{ fault: 'slow', ms: 60_000 }] });
    const timers = virtualTimers();
    const made = gateway({ timers, requestsPerSecond: 1 });
    const first = await made.open();
    const slice = new AbortController();
    const readIt = first.connect.proficiencyReader(server.instanceId, slice.signal);
    const reading = Array.from({ length: 20 }, () => failure(readIt(ANY_USER)));
    while (!server.stats().exporter) await new Promise(setImmediate);
    slice.abort(reason);
    for (const error of await Promise.all(reading)) expect(error).toBe(reason);

    server.setFaults([]);
    const next = await made.open();
    const [user] = server.dataset().truth();
    const read = next.connect.proficiencyReader(server.instanceId, NEVER)(user?.userId ?? '');
    await timers.advance(2000);
    await expect(read).resolves.toMatchObject({ proficiencies: user?.proficiencies });
  });

  it('is over between two attempts', async () => {
    const server = await simulator({ faults: [{ fault: 'internalError' }] });
    const { connect } = await session({ random: () => 0.999, requestsPerSecond: 1000 });
    const slice = new AbortController();
    const reading = failure(connect.proficiencyReader(server.instanceId, slice.signal)(ANY_USER));
    while (!server.stats().exporter) await new Promise(setImmediate);
    slice.abort(reason);
    expect(await reading).toBe(reason);
  });

  it('stops listing', async () => {
    const server = await simulator({ faults: [{ fault: 'slow', ms: 60_000 }] });
    const slice = new AbortController();
    const listing = failure(usersOf(await session(), server.instanceId, slice.signal));
    while (!server.stats().exporter) await new Promise(setImmediate);
    slice.abort(reason);
    expect(await listing).toBe(reason);
  });

  it('does not begin', async () => {
    await simulator();
    const { connect } = await session();
    const reading = connect.proficiencyReader(ANY_INSTANCE, AbortSignal.abort(reason))(ANY_USER);
    expect(await failure(reading)).toBe(reason);
  });
});
