import {
  type ConnectClient,
  DescribePredefinedAttributeCommand,
  DescribeUserCommand,
  paginateListPredefinedAttributes,
  paginateListRoutingProfiles,
  paginateListUserHierarchyGroups,
  paginateSearchPredefinedAttributes,
  paginateSearchRoutingProfiles,
  paginateSearchUserHierarchyGroups,
  paginateSearchUsers,
  SearchPredefinedAttributesCommand,
  SearchRoutingProfilesCommand,
  SearchUsersCommand,
  type UserSearchCriteria,
} from '@aws-sdk/client-connect';
import type { Dataset } from '../../../simulator/people/dataset.ts';
import { pathOf, withDescendants } from '../../../simulator/people/hierarchy.ts';
import { type Simulator, startSimulator } from '../../../simulator/server.ts';
import { connectClient } from '../client.ts';

let simulator: Simulator;
let client: ConnectClient;
let dataset: Dataset;
/** What Connect knows of everybody. */
let people: ReturnType<typeof peopleOf>;

const peopleOf = ({ end, user, placement }: Dataset) =>
  Array.from({ length: end }, (_, index) => {
    const [one, placed] = [user(index), placement(index)];
    return one && placed ? [{ user: one, placement: placed }] : [];
  }).flat();

beforeAll(async () => {
  simulator = await startSimulator({ users: 150, day: 2, quota: 'unlimited', latencyMs: 0 });
  client = connectClient(simulator.url);
  dataset = simulator.dataset();
  people = peopleOf(dataset);
});

afterAll(async () => {
  client.destroy();
  await simulator.close();
});

const here = () => ({ InstanceId: simulator.instanceId });

/** All entries of all pages, and what the pages say of their number. */
async function all<Page, Entry>(
  pages: AsyncIterable<Page>,
  entriesOf: (page: Page) => Entry[] | undefined,
): Promise<Entry[]> {
  const found: Entry[] = [];
  for await (const page of pages) {
    found.push(...(entriesOf(page) ?? []));
    if (typeof page === 'object' && page !== null && 'ApproximateTotalCount' in page) {
      expect(page.ApproximateTotalCount).toBeGreaterThanOrEqual(found.length);
    }
  }
  return found;
}

const search = (SearchCriteria?: UserSearchCriteria, pageSize = 500) =>
  all(
    paginateSearchUsers({ client, pageSize }, { ...here(), SearchCriteria }),
    ({ Users }) => Users,
  );

test('SearchUsers says who everybody is and where they work', async () => {
  const found = await search(undefined, 40);
  expect(found).toEqual(
    people.map(({ user, placement: { hierarchyGroup, ...placement } }) => ({
      Id: user.id,
      Arn: expect.stringContaining(`:instance/${simulator.instanceId}/agent/${user.id}`),
      Username: user.username,
      IdentityInfo: { FirstName: user.name.first, LastName: user.name.last },
      RoutingProfileId: placement.routingProfile.id,
      ...(hierarchyGroup && { HierarchyGroupId: hierarchyGroup.id }),
      SecurityProfileIds: placement.securityProfileIds,
      Tags: placement.tags,
      PhoneConfig: expect.objectContaining({
        AfterContactWorkTimeLimit: 1000 * placement.afterContactWorkS,
      }),
    })),
  );
});

test('DescribeUser says the same of one, but for the unit of after-contact work', async () => {
  const [first] = await search();
  const { User } = await client.send(new DescribeUserCommand({ ...here(), UserId: first?.Id }));
  const milliseconds = Number(first?.PhoneConfig?.AfterContactWorkTimeLimit);
  expect(User).toMatchObject({
    ...first,
    PhoneConfig: { AfterContactWorkTimeLimit: milliseconds / 1000 },
  });
});

describe('SearchUsers finds by', () => {
  const one = () => {
    const person = people.find(({ placement }) => placement.hierarchyGroup?.level === 4);
    if (person?.placement.hierarchyGroup === undefined) throw new Error('Nobody works in shifts.');
    return { ...person, group: person.placement.hierarchyGroup };
  };

  const by = (
    FieldName: string,
    Value: string,
    ComparisonType: 'EXACT' | 'STARTS_WITH' | 'CONTAINS' = 'EXACT',
  ) => ({ StringCondition: { FieldName, Value, ComparisonType } });

  type Wanted = (person: (typeof people)[number]) => boolean;

  test.each<[string, () => [UserSearchCriteria, Wanted]]>([
    ['nothing', () => [{}, () => true]],
    ['id', () => [by('resourceId', one().user.id), ({ user }) => user.id === one().user.id]],
    [
      'the beginning of the login name',
      () => [by('Username', 'ma', 'STARTS_WITH'), ({ user }) => user.username.startsWith('ma')],
    ],
    [
      'a part of the last name, in any script',
      () => [by('LastName', 'ar', 'CONTAINS'), ({ user }) => user.name.last.includes('ar')],
    ],
    [
      'routing profile',
      () => [
        by('RoutingProfileId', one().placement.routingProfile.id),
        ({ placement }) => placement.routingProfile === one().placement.routingProfile,
      ],
    ],
    [
      'this and that',
      () => [
        { AndConditions: [by('FirstName', 'Maria'), by('LastName', 'Garcia')] },
        ({ user }) => user.name.first === 'Maria' && user.name.last === 'Garcia',
      ],
    ],
    [
      'this or that',
      () => [
        { OrConditions: [by('FirstName', 'Maria'), { AndConditions: [by('FirstName', 'Wei')] }] },
        ({ user }) => ['Maria', 'Wei'].includes(user.name.first),
      ],
    ],
    [
      'team',
      () => [
        { HierarchyGroupCondition: { Value: one().group.id, HierarchyGroupMatchType: 'EXACT' } },
        ({ placement }) => placement.hierarchyGroup === one().group,
      ],
    ],
    [
      'site',
      () => [
        {
          HierarchyGroupCondition: {
            Value: `${one().group.parents[0]?.id}`,
            HierarchyGroupMatchType: 'WITH_CHILD_GROUPS',
          },
        },
        ({ placement: { hierarchyGroup: group } }) =>
          group !== undefined && pathOf(group)[0] === one().group.parents[0],
      ],
    ],
  ])('%s', async (_, choose) => {
    const [criteria, wanted] = choose();
    const expected = people.filter(wanted);
    expect(expected.length).toBeGreaterThan(0);
    expect((await search(criteria, 25)).map(({ Id }) => Id)).toEqual(
      expected.map(({ user }) => user.id),
    );
  });
});

test.each<[object, string]>([
  [{ ListCondition: { TargetListType: 'PROFICIENCIES', Conditions: [] } }, 'ListCondition'],
  [{ StringCondition: { FieldName: 'Username', Value: 'x' } }, 'ComparisonType'],
  [
    { StringCondition: { FieldName: 'Email', Value: 'x', ComparisonType: 'EXACT' } },
    "by the FieldName 'Email': use Username, FirstName",
  ],
  [
    { StringCondition: { FieldName: 'Username', Value: 'x', ComparisonType: 'CONTAINS' } },
    "'x' has 1 characters: CONTAINS takes 2 to 25",
  ],
])('SearchUsers refuses %j in words', async (SearchCriteria, words) => {
  await expect(
    client.send(new SearchUsersCommand({ ...here(), SearchCriteria })),
  ).rejects.toMatchObject({
    name: 'InvalidParameterException',
    message: expect.stringContaining(words),
    $metadata: { httpStatusCode: 400 },
  });
});

test('a search refuses a filter, a condition that is not of its kind, and the token of another search', async () => {
  const refused = { name: 'InvalidParameterException' };
  const tag = { TagCondition: { TagKey: 'site', TagValue: 'Lisboa' } };
  await expect(
    client.send(new SearchRoutingProfilesCommand({ ...here(), SearchFilter: { TagFilter: tag } })),
  ).rejects.toMatchObject(refused);
  const group = { Value: 'x', HierarchyGroupMatchType: 'EXACT' };
  const misplaced = { ...here(), SearchCriteria: { HierarchyGroupCondition: group } };
  const response = await fetch(`${simulator.url}/search-predefined-attributes`, {
    method: 'POST',
    body: JSON.stringify(misplaced),
  });
  expect(response.headers.get('x-amzn-errortype')).toBe('InvalidParameterException');
  const { NextToken } = await client.send(new SearchUsersCommand({ ...here(), MaxResults: 1 }));
  const SearchCriteria = {
    StringCondition: { FieldName: 'Username', Value: 'a', ComparisonType: 'STARTS_WITH' },
  } as const;
  await expect(
    client.send(new SearchUsersCommand({ ...here(), NextToken, SearchCriteria })),
  ).rejects.toMatchObject({ name: 'InvalidRequestException' });
});

test('the groups have their path from the top, and only the search has that of level 0', async () => {
  const groups = withDescendants(dataset.workplaces.hierarchy);
  const found = await all(
    paginateSearchUserHierarchyGroups({ client, pageSize: 60 }, here()),
    (page) => page.UserHierarchyGroups,
  );
  const LEVELS = ['LevelOne', 'LevelTwo', 'LevelThree', 'LevelFour', 'LevelFive'];
  expect(found.map(({ Id, Name, LevelId }) => [Id, Name, LevelId])).toEqual(
    groups.map(({ id, name, level }) => [id, name, `${level}`]),
  );
  for (const [index, { HierarchyPath = {}, LastModifiedTime }] of found.entries()) {
    const group = groups[index];
    if (group === undefined) throw new Error('A group too many.');
    const path = pathOf(group).map(({ name }, level) => [LEVELS[level], name]);
    const names = Object.entries(HierarchyPath).map(([level, one]) => [level, one.Name]);
    expect(names).toEqual(path);
    expect(LastModifiedTime).toEqual(group.modifiedAt);
  }
  const listed = await all(
    paginateListUserHierarchyGroups({ client, pageSize: 60 }, here()),
    (page) => page.UserHierarchyGroupSummaryList,
  );
  expect(listed.map(({ Id }) => Id)).toEqual(groups.slice(1).map(({ id }) => id));
});

test('the routing profiles are the same in the list and in the search', async () => {
  const { routingProfiles } = dataset.workplaces;
  const listed = await all(
    paginateListRoutingProfiles({ client, pageSize: 3 }, here()),
    (page) => page.RoutingProfileSummaryList,
  );
  const found = await all(
    paginateSearchRoutingProfiles({ client, pageSize: 3 }, here()),
    (page) => page.RoutingProfiles,
  );
  const expected = routingProfiles.map(({ id, name }) => [id, name]);
  expect(listed.map(({ Id, Name }) => [Id, Name])).toEqual(expected);
  expect(found.map((one) => [one.RoutingProfileId, one.Name])).toEqual(expected);
  expect(found.filter(({ IsDefault }) => IsDefault)).toHaveLength(1);
  expect(listed[0]?.LastModifiedTime).toBeInstanceOf(Date);
  expect(found[0]?.LastModifiedTime).toBeUndefined();
});

test('the predefined attributes are listed without values, and found and described with them', async () => {
  const expected = dataset.predefinedAttributes;
  const listed = await all(
    paginateListPredefinedAttributes({ client, pageSize: 4 }, here()),
    (page) => page.PredefinedAttributeSummaryList,
  );
  expect(listed.map(({ Name }) => Name)).toEqual(expected.map(({ name }) => name));
  const found = await all(
    paginateSearchPredefinedAttributes({ client, pageSize: 4 }, here()),
    (page) => page.PredefinedAttributes,
  );
  expect(found.map(({ Values }) => Values?.StringList)).toEqual(
    expected.map(({ values }) => values),
  );
  const { PredefinedAttributes } = await client.send(
    new SearchPredefinedAttributesCommand({
      ...here(),
      SearchCriteria: {
        StringCondition: { FieldName: 'name', Value: 'Customer', ComparisonType: 'STARTS_WITH' },
      },
    }),
  );
  const { PredefinedAttribute } = await client.send(
    new DescribePredefinedAttributeCommand({ ...here(), Name: 'Customer segment' }),
  );
  expect(PredefinedAttributes).toEqual([PredefinedAttribute]);
  await expect(
    client.send(new DescribePredefinedAttributeCommand({ ...here(), Name: 'Juggling' })),
  ).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});
