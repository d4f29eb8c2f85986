import { createServer } from 'node:http';
import fc from 'fast-check';
import { ExportFailure } from '../../../contract/failure.ts';
import { manifestKey, snapshotKey } from '../../../contract/keys.ts';
import { connectGateway } from '../../../lambda/connect/gateway.ts';
import { awsEnvironment } from '../../support/aws-environment.ts';
import type { StubAnswer } from '../../support/http-stub.ts';
import { listenOnLoopback } from '../../support/loopback.ts';
import { scriptedConnect } from '../../support/scripted-connect.ts';
import { INSTANCE, world } from '../../support/world.ts';

/** What an endpoint answers to each operation, one after the other, and the last one for ever. */
interface Script {
  readonly users: readonly StubAnswer[];
  readonly proficiencies: readonly StubAnswer[];
  /** To all that a snapshot can do without. */
  readonly extras: readonly StubAnswer[];
}

const environment = { ...process.env };

afterEach(() => {
  process.env = { ...environment };
});

/** A text as somebody may have typed it, or half of an emoji, which JSON can say and UTF-8 cannot. */
const text = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('French', 'Team', 'Night shift 🌙', '') },
  fc.string({ unit: 'binary' }),
  fc.constant('Night shift \ud83c'),
);

const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null | undefined> =>
  fc.oneof({ weight: 6, arbitrary: value }, fc.constantFrom(null, undefined));

const token = fc.option(fc.constantFrom('a', 'b', 'c', ''), { nil: undefined });

const userPage = fc.record({
  UserSummaryList: maybe(
    fc.array(
      fc.record({
        Id: fc.oneof({ weight: 9, arbitrary: fc.constantFrom('user-1', 'user-2', 'user-3') }, text),
        Username: maybe(text),
        LastModifiedTime: maybe(fc.constantFrom(1763949607.5, -1, 'yesterday')),
      }),
      { maxLength: 3 },
    ),
  ),
  NextToken: token,
});

const level = fc.oneof({ weight: 9, arbitrary: fc.constantFrom(1, 3, 5) }, fc.jsonValue());

const proficiencyPage = fc.record({
  UserProficiencyList: maybe(
    fc.array(fc.record({ AttributeName: text, AttributeValue: text, Level: level }), {
      maxLength: 4,
    }),
  ),
  LastModifiedTime: maybe(fc.constantFrom(1763949607.5, -1, 'yesterday')),
  LastModifiedRegion: maybe(text),
  NextToken: token,
});

const named = fc.record({
  Id: maybe(fc.constantFrom('group-1', 'user-1', 'user-2')),
  Name: maybe(text),
});

/** What the searches and lists answer, all in one: each takes its own list. */
const extraPage = fc.record({
  Users: maybe(
    fc.array(
      fc.record({
        Id: maybe(fc.constantFrom('user-1', 'user-2', 'user-4')),
        IdentityInfo: maybe(fc.record({ FirstName: maybe(text), LastName: maybe(text) })),
        RoutingProfileId: maybe(fc.constant('group-1')),
        HierarchyGroupId: maybe(fc.constant('group-1')),
        Tags: maybe(fc.dictionary(text, maybe(text), { maxKeys: 3 })),
      }),
      { maxLength: 3 },
    ),
  ),
  RoutingProfileSummaryList: maybe(fc.array(named, { maxLength: 2 })),
  UserHierarchyGroups: maybe(
    fc.array(
      fc.record({
        Id: maybe(fc.constant('group-1')),
        Name: maybe(text),
        HierarchyPath: maybe(fc.record({ LevelOne: maybe(named), LevelFive: maybe(named) })),
      }),
      { maxLength: 2 },
    ),
  ),
  PredefinedAttributes: maybe(
    fc.array(
      fc.record({
        Name: maybe(text),
        Values: maybe(fc.record({ StringList: maybe(fc.array(text, { maxLength: 3 })) })),
        Purposes: maybe(fc.array(text, { maxLength: 2 })),
        LastModifiedTime: maybe(fc.constantFrom(1763949607.5, -1, 'yesterday')),
      }),
      { maxLength: 2 },
    ),
  ),
  NextToken: token,
});

const refusal = fc.record({ __type: text, message: text, Message: maybe(text) });

/** A body: what is expected, what is JSON at least, and whatever may stand in between. */
const bodyOf = (page: fc.Arbitrary<unknown>): fc.Arbitrary<string> => {
  const json = page.map((value) => JSON.stringify(value));
  return fc.oneof(
    { weight: 12, arbitrary: json },
    refusal.map((value) => JSON.stringify(value)),
    fc.json(),
    fc.string({ unit: 'binary' }),
    fc.constantFrom('', '<html><body>Blocked by policy</body></html>', '\u0000', '"', '['),
    fc.tuple(json, fc.nat(60)).map(([whole, length]) => whole.slice(0, length)),
  );
};

const headerValue = fc.oneof(
  fc.constantFrom(
    'AccessDeniedException',
    'ThrottlingException',
    'ResourceNotFoundException',
    'InternalServiceException:http://internal.amazon.com/',
    'text/html',
    'application/json',
    'ExpiredTokenException',
    '1',
  ),
  fc.string(),
);

const headers = fc.dictionary(
  fc.constantFrom(
    'x-amzn-errortype',
    'content-type',
    'x-amzn-requestid',
    'retry-after',
    'location',
  ),
  headerValue,
  { maxKeys: 3 },
);

const answer = (page: fc.Arbitrary<unknown>): fc.Arbitrary<StubAnswer> =>
  fc.record({
    status: fc.oneof(
      { weight: 8, arbitrary: fc.constant(200) },
      fc.constantFrom(204, 301, 304, 400, 401, 403, 404, 407, 413, 429, 500, 503),
      fc.integer({ min: 200, max: 599 }),
    ),
    headers,
    body: bodyOf(page),
  });

const script: fc.Arbitrary<Script> = fc.record({
  users: fc.array(answer(userPage), { minLength: 1, maxLength: 4 }),
  proficiencies: fc.array(answer(proficiencyPage), { minLength: 1, maxLength: 6 }),
  extras: fc.array(answer(extraPage), { minLength: 1, maxLength: 6 }),
});

const kindOf = (url = ''): keyof Script =>
  url.includes('/proficiencies')
    ? 'proficiencies'
    : url.startsWith('/users-summary/')
      ? 'users'
      : 'extras';

async function endpoint(script: Script) {
  const asked = { users: 0, proficiencies: 0, extras: 0 };
  const server = createServer((request, response) => {
    const kind = kindOf(request.url);
    const answers = script[kind];
    const { status, headers, body } = answers[
      Math.min(asked[kind], answers.length - 1)
    ] as StubAnswer;
    asked[kind] += 1;
    response.writeHead(status, headers).end(body);
  });
  return { ...(await listenOnLoopback(server)), asked };
}

/** One slice on these answers, with the worker's own client. */
async function exportOn(answers: Script) {
  const server = await endpoint(answers);
  Object.assign(process.env, awsEnvironment(server.url), { AWS_ENDPOINT_URL_CONNECT: server.url });
  const gateway = connectGateway({
    requestsPerSecond: 100_000,
    patience: { troubleMs: 0, throttledMs: 0 },
    briefPatience: { troubleMs: 0, throttledMs: 0 },
    includeUserDetails: 'teams',
    includePredefinedAttributes: true,
    warnings: { warn: () => undefined },
  });
  const at = world(scriptedConnect(0));
  try {
    const { connect, traffic } = await gateway.open();
    const outcome = await at.slice({}, { connect, traffic }).catch((error: unknown) => error);
    return { outcome, at, asked: server.asked };
  } finally {
    gateway.close();
    await server.close();
  }
}

const ONE_SENTENCE = /^[^\n]+[.]$/;

test('whatever Connect answers, a run ends whole or with one sentence', async () => {
  let published = 0;
  await fc.assert(
    fc.asyncProperty(script, async (answers) => {
      const { outcome, at, asked } = await exportOn(answers);
      // No listing is asked for without end.
      expect(asked.users + asked.proficiencies + asked.extras).toBeLessThan(200);
      if (outcome instanceof Error) {
        expect(outcome).toBeInstanceOf(ExportFailure);
        expect(outcome.message).toMatch(ONE_SENTENCE);
        expect(outcome.message).not.toMatch(/undefined|\[object|node_modules|NaN/);
        expect(at.store.objects.has(manifestKey(INSTANCE, '2026-11-23'))).toBe(false);
        expect(at.store.objects.has(snapshotKey(INSTANCE, '2026-11-23'))).toBe(false);
        return;
      }
      expect(outcome).toMatchObject({ status: 'PUBLISHED' });
      published += 1;
      for (const row of await at.rows()) {
        const pairs = row.proficiencies.map(
          (one) => `${one.attribute_name}\n${one.attribute_value}`,
        );
        expect(new Set(pairs).size).toBe(pairs.length);
        expect(JSON.stringify(row)).not.toMatch(/\\ud[89a-f]/i);
      }
    }),
    { seed: 20261125, numRuns: 1_000 },
  );
  expect(published).toBeGreaterThan(0);
});
