import * as z from 'zod/mini';
import { OPERATIONS } from '../../contract/operations.ts';
import { compareText } from '../../contract/proficiency-order.ts';
import type { UserDetailsChoice, UserDetailsReport } from '../../contract/user-details.ts';
import type { Connect, UserDetails } from '../ports.ts';
import { type Limit, readExtra } from './extras.ts';

const text = z.exactOptional(z.string());

/** What a plan keeps of a user whom the search knows. */
export const plannedDetailsSchema = z.strictObject({
  routing_profile_id: text,
  routing_profile_name: text,
  hierarchy_group_id: text,
  hierarchy: z.exactOptional(z.readonly(z.array(z.string()))),
  tags: z.readonly(z.record(z.string(), z.string())),
  first_name: text,
  last_name: text,
});

type PlannedDetails = z.infer<typeof plannedDetailsSchema>;

/** What was read of the users, whoever they are. */
export interface FoundDetails {
  of(userId: string): PlannedDetails | undefined;
  /** What was not to be had and why, in sentences; empty where all was read. */
  readonly reasons: readonly string[];
}

/** Profiles and groups that an instance can have: some thousands; see `Reading`. */
const MOST_NAMES = 100_000;

/** The index may know users that are gone, but hardly more than there are. */
const mostUsers = (listed: number): number => 2 * listed + OPERATIONS.search_users.largestPage;

/** How many requests the search for so many users takes. */
export const searchRequests = (users: number): number =>
  Math.ceil(users / OPERATIONS.search_users.largestPage);

/** One copy of equal values: most users share profile, group and tags. */
function shared<T>(): (value: T, key: string) => T {
  const values = new Map<string, T>();
  return (value, key) => {
    const known = values.get(key);
    if (known !== undefined) return known;
    values.set(key, value);
    return value;
  };
}

const sorted = (tags: UserDetails['tags']): UserDetails['tags'] =>
  Object.fromEntries(Object.entries(tags).sort(([a], [b]) => compareText(a, b)));

/** Puts aside what is wanted of each user; names that no row will carry are not kept anywhere. */
function keeper(withNames: boolean): (user: UserDetails) => UserDetails {
  const sharedText = shared<string>();
  const sharedTags = shared<UserDetails['tags']>();
  return ({ id, firstName, lastName, routingProfileId, hierarchyGroupId, tags }) => {
    const inOrder = sorted(tags);
    return {
      id,
      ...(withNames && firstName !== undefined && { firstName }),
      ...(withNames && lastName !== undefined && { lastName }),
      ...(routingProfileId !== undefined && {
        routingProfileId: sharedText(routingProfileId, routingProfileId),
      }),
      ...(hierarchyGroupId !== undefined && {
        hierarchyGroupId: sharedText(hierarchyGroupId, hierarchyGroupId),
      }),
      tags: sharedTags(inOrder, JSON.stringify(inOrder)),
    };
  };
}

/** What a plan keeps, with the names that belong to the ids. */
const planned = (
  user: UserDetails,
  profile: string | undefined,
  path: readonly string[] | undefined,
): PlannedDetails => ({
  ...(user.routingProfileId !== undefined && { routing_profile_id: user.routingProfileId }),
  ...(profile !== undefined && { routing_profile_name: profile }),
  ...(user.hierarchyGroupId !== undefined && { hierarchy_group_id: user.hierarchyGroupId }),
  ...(path !== undefined && { hierarchy: path }),
  tags: user.tags,
  ...(user.firstName !== undefined && { first_name: user.firstName }),
  ...(user.lastName !== undefined && { last_name: user.lastName }),
});

/**
 * Reads who the users are: all that the search knows, and the names of routing profiles and groups, at the same time.
 *
 * @param listed how many users there are
 */
export async function findDetails(
  connect: Connect,
  instanceId: string,
  choice: Exclude<UserDetailsChoice, 'off'>,
  listed: number,
  limit: Limit,
): Promise<FoundDetails> {
  const users = new Map<string, UserDetails>();
  const profiles = new Map<string, string>();
  const groups = new Map<string, readonly string[]>();
  const keep = keeper(choice === 'names');
  const { signal } = limit;
  const reasons = await Promise.all([
    readExtra(
      {
        operation: 'search_users',
        pages: connect.searchUsers(instanceId, signal),
        most: mostUsers(listed),
      },
      limit,
      (user) => users.set(user.id, keep(user)),
    ),
    readExtra(
      {
        operation: 'list_routing_profiles',
        pages: connect.listRoutingProfiles(instanceId, signal),
        most: MOST_NAMES,
      },
      limit,
      ({ id, name }) => profiles.set(id, name),
    ),
    readExtra(
      {
        operation: 'search_user_hierarchy_groups',
        pages: connect.searchHierarchyGroups(instanceId, signal),
        most: MOST_NAMES,
      },
      limit,
      ({ id, path }) => groups.set(id, path),
    ),
  ]);
  return {
    of(userId) {
      const user = users.get(userId);
      return (
        user &&
        planned(
          user,
          profiles.get(user.routingProfileId ?? ''),
          groups.get(user.hierarchyGroupId ?? ''),
        )
      );
    },
    reasons: reasons.filter((reason) => reason !== undefined),
  };
}

/** The details of runs that do not ask for them. */
export const DETAILS_OFF: UserDetailsReport = { status: 'off', reason: null, users_unknown: 0 };

/**
 * How the reading went.
 *
 * @param listed users of the plan, and how many of them the search did not know
 */
export function reportOf(
  { reasons }: FoundDetails,
  { users, unknown }: { readonly users: number; readonly unknown: number },
): UserDetailsReport {
  const status = reasons.length === 0 ? 'complete' : unknown < users ? 'partial' : 'none';
  return {
    status,
    reason: reasons.length === 0 ? null : reasons.join(' '),
    users_unknown: unknown,
  };
}
