import { ConnectClient } from '@aws-sdk/client-connect';
import { probeCheck } from '../../doctor/checks/probe.ts';
import { type StandIn, startStandIn } from '../support/aws-stand-in.ts';

const INSTANCE = '11111111-2222-4333-8444-555555555555';
const FRENCH = { AttributeName: 'Language', AttributeValue: 'French', Level: 4 };
const GERMAN = { ...FRENCH, AttributeValue: 'German' };

let standIn: StandIn;
let pauses: number[];

const path = (user: string): string => `connect:/users/${INSTANCE}/${user}/proficiencies`;
const proficient = (...UserProficiencyList: object[]) => ({
  result: { UserProficiencyList, LastModifiedTime: Date.parse('2026-11-22T00:00:00Z') / 1000 },
});

beforeAll(async () => {
  standIn = await startStandIn({
    [path('none')]: proficient(),
    [path('known')]: proficient(GERMAN, FRENCH),
    [path('right')]: proficient(GERMAN),
    [path('wrong')]: proficient(FRENCH),
    'connect:/search-users': {
      result: {
        Users: [{ Id: 'known' }, { Id: 'right' }, { Id: 'wrong' }],
        ApproximateTotalCount: 3,
      },
    },
  });
});

beforeEach(() => {
  pauses = [];
});

afterEach(() => standIn.reset());

afterAll(() => standIn.close());

async function probe(...ids: readonly string[]): Promise<readonly string[]> {
  const client = new ConnectClient({
    region: 'us-east-1',
    endpoint: standIn.url,
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    maxAttempts: 1,
  });
  const check = probeCheck({
    question: { client, region: 'us-east-1', instance: { id: INSTANCE } },
    pause: async (milliseconds) => void pauses.push(milliseconds),
    clock: () => new Date('2026-11-23T00:00:00Z'),
  });
  const some = ids.map((id) => ({ id, modifiedAt: new Date('2026-11-01T00:00:00Z') }));
  const { findings } = await check.run(
    { count: ids.length, isMore: false, some },
    new AbortController().signal,
  );
  client.destroy();
  return findings.map(({ says }) => says);
}

it('says what Connect does with a search by proficiency, and whether its times move', async () => {
  expect(await probe('none', 'known')).toEqual([
    'Evidence: of 2 users with both times, 2 have proficiencies that were changed after the LastModifiedTime of ListUsers',
    'Evidence: SearchUsers with a ListCondition of one proficiency finds 3 users; the known one, changed 24 h ago, is among them',
    'Evidence: of 2 others that it finds, ListUserProficiencies contradicts 1',
  ]);
});

it('makes 17 requests at most, and waits before each that others of the account need too', async () => {
  const crowd = Array.from({ length: 50 }, (_, index) => `user-${index}`);
  for (const id of crowd)
    standIn.answer(path(id), proficient(...(id === 'user-7' ? [FRENCH] : [])));
  standIn.answer('connect:/search-users', { result: { Users: crowd.map((Id) => ({ Id })) } });
  await probe(...crowd);
  expect(standIn.calls).toHaveLength(17);
  expect(pauses).toEqual(Array(16).fill(625));
});

it('takes a refusal for evidence, and a denial for none', async () => {
  standIn.answer('connect:/search-users', {
    error: 'InvalidParameterException',
    message: 'No such field.',
  });
  expect(await probe('known')).toContainEqual(
    expect.stringMatching(
      /^Evidence: SearchUsers refuses the ListCondition .*AWS says: "No such field."/,
    ),
  );
  standIn.answer('connect:/search-users', {
    error: 'AccessDeniedException',
    message: 'No.',
    status: 403,
  });
  expect(await probe('known')).toContain('SearchUsers: it is not allowed');
  expect(await probe('none')).toContain('SearchUsers: none of 1 users has a proficiency');
});
