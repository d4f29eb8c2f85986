import type { Call } from '../operations.ts';
import type { Dataset } from '../people/dataset.ts';
import { pathOf } from '../people/hierarchy.ts';
import type { Backend } from './backend.ts';
import { type Fields, predicateOf } from './criteria.ts';
import { notFound } from './errors.ts';
import {
  describedUser,
  foundUser,
  type Person,
  proficiencyPage,
  userPage,
  userSearchPage,
  userSummary,
} from './json.ts';
import { listing, refuseFilter } from './listing.ts';
import { type Source, sourceOf } from './paging.ts';

/** The answer of ListUsers. */
export function listUsers(call: Call, backend: Backend): string {
  const { dataset, plan } = backend;
  const { entries, nextToken } = listing('ListUsers', call, backend).take({
    end: dataset.end,
    has: dataset.exists,
    at: dataset.user,
  });
  const summaries = entries.map((user) =>
    userSummary(dataset.instanceId, user, plan.badAnswersAbout(user.id)),
  );
  return userPage(summaries, nextToken);
}

/** The answer of ListUserProficiencies. */
export function listUserProficiencies(call: Call, backend: Backend): string {
  const { dataset, plan } = backend;
  const record = known(call, dataset, dataset.proficiencies);
  const { entries, nextToken } = listing('ListUserProficiencies', call, backend).take(
    sourceOf(record.proficiencies),
  );
  return proficiencyPage(entries, record, nextToken, plan.badAnswersAbout(call.userId ?? ''));
}

/** The answer of DescribeUser. */
export function describeUser(call: Call, { dataset }: Backend): string {
  return describedUser(
    dataset.instanceId,
    known(call, dataset, (number) => personAt(dataset, number)),
  );
}

/** By what users can be searched. Source: Amazon Connect API Reference, UserSearchCriteria. */
const USER_FIELDS: Fields<Person> = {
  strings: {
    Username: ({ user }) => [user.username],
    FirstName: ({ user }) => [user.name.first],
    LastName: ({ user }) => [user.name.last],
    RoutingProfileId: ({ placement }) => [placement.routingProfile.id],
    SecurityProfileId: ({ placement }) => placement.securityProfileIds,
    resourceId: ({ user }) => [user.id],
  },
  belongs({ placement: { hierarchyGroup } }, groupId, withChildren) {
    if (hierarchyGroup === undefined) return false;
    const groups = withChildren ? pathOf(hierarchyGroup) : [hierarchyGroup];
    return groups.some(({ id }) => id === groupId);
  },
};

/** The answer of SearchUsers. */
export function searchUsers(call: Call, backend: Backend): string {
  refuseFilter(call);
  const { index, plan } = backend;
  const matches = predicateOf(call.criteria, USER_FIELDS);
  const matching: Source<Person> = {
    end: index.end,
    has: (number) => matching.at(number) !== undefined,
    at(number) {
      const person = personAt(index, number);
      const isFound = person && plan.isIndexed(person.user.id) && matches(person);
      return isFound ? person : undefined;
    },
  };
  const { entries, nextToken } = listing('SearchUsers', call, backend).take(matching);
  const total = call.criteria === undefined ? index.count() : countOf(matching);
  const found = entries.map((person) =>
    foundUser(index.instanceId, person, plan.badAnswersAbout(person.user.id)),
  );
  return userSearchPage(found, nextToken, total);
}

function personAt(dataset: Dataset, number: number): Person | undefined {
  const [user, placement] = [dataset.user(number), dataset.placement(number)];
  return user && placement && { user, placement };
}

function countOf({ end, has }: Source<unknown>): number {
  let count = 0;
  for (let number = 0; number < end; number++) if (has(number)) count += 1;
  return count;
}

/** What is on record about the user of a call. */
function known<T>(
  { userId = '' }: Call,
  { indexOf }: Dataset,
  read: (number: number) => T | undefined,
): T {
  const number = indexOf(userId);
  const record = number === undefined ? undefined : read(number);
  if (record === undefined) throw notFound(`The user ${userId} does not exist.`);
  return record;
}
