import type { Call } from '../operations.ts';
import { type HierarchyGroup, pathOf, withDescendants } from '../people/hierarchy.ts';
import { DEFAULT_PROFILE, type RoutingProfile } from '../people/routing-profiles.ts';
import type { Backend } from './backend.ts';
import type { Fields } from './criteria.ts';
import { instanceArn, lastModified } from './json.ts';
import { listing, search } from './listing.ts';
import { sourceOf } from './paging.ts';

const profileArn = (instanceId: string, { id }: RoutingProfile): string =>
  `${instanceArn(instanceId)}/routing-profile/${id}`;

const groupArn = (instanceId: string, { id }: HierarchyGroup): string =>
  `${instanceArn(instanceId)}/agent-group/${id}`;

/** The answer of ListRoutingProfiles. */
export function listRoutingProfiles(call: Call, backend: Backend): string {
  const { instanceId, workplaces } = backend.dataset;
  const { entries, nextToken } = listing('ListRoutingProfiles', call, backend).take(
    sourceOf(workplaces.routingProfiles),
  );
  return JSON.stringify({
    RoutingProfileSummaryList: entries.map((profile) => ({
      Id: profile.id,
      Arn: profileArn(instanceId, profile),
      Name: profile.name,
      ...lastModified(profile.modifiedAt),
    })),
    NextToken: nextToken,
  });
}

/** By what routing profiles can be searched. Source: Amazon Connect API Reference, RoutingProfileSearchCriteria. */
const PROFILE_FIELDS: Fields<RoutingProfile> = {
  strings: {
    name: ({ name }) => [name],
    description: ({ description }) => [description],
    associatedQueueIds: ({ queueIds }) => queueIds,
    resourceID: ({ id }) => [id],
  },
};

/** The answer of SearchRoutingProfiles, which "does not populate" when a profile was modified. */
export function searchRoutingProfiles(call: Call, backend: Backend): string {
  const { instanceId, workplaces } = backend.dataset;
  const { entries, nextToken, total } = search(
    'SearchRoutingProfiles',
    call,
    backend,
    workplaces.routingProfiles,
    PROFILE_FIELDS,
  );
  return JSON.stringify({
    RoutingProfiles: entries.map((profile) => ({
      InstanceId: instanceId,
      Name: profile.name,
      RoutingProfileArn: profileArn(instanceId, profile),
      RoutingProfileId: profile.id,
      Description: profile.description,
      MediaConcurrencies: profile.concurrencies.map(([Channel, Concurrency]) => ({
        Channel,
        Concurrency,
      })),
      DefaultOutboundQueueId: profile.queueIds[0],
      Tags: {},
      NumberOfAssociatedQueues: profile.queueIds.length,
      IsDefault: profile.name === DEFAULT_PROFILE,
      AssociatedQueueIds: profile.queueIds,
    })),
    NextToken: nextToken,
    ApproximateTotalCount: total,
  });
}

const groupSummary = (instanceId: string, group: HierarchyGroup) => ({
  Id: group.id,
  Arn: groupArn(instanceId, group),
  Name: group.name,
  ...lastModified(group.modifiedAt),
});

/** The answer of ListUserHierarchyGroups: those that people have made. */
export function listUserHierarchyGroups(call: Call, backend: Backend): string {
  const { instanceId, workplaces } = backend.dataset;
  const made = withDescendants(workplaces.hierarchy).filter(({ level }) => level > 0);
  const { entries, nextToken } = listing('ListUserHierarchyGroups', call, backend).take(
    sourceOf(made),
  );
  return JSON.stringify({
    UserHierarchyGroupSummaryList: entries.map((group) => groupSummary(instanceId, group)),
    NextToken: nextToken,
  });
}

/** By what groups can be searched. Source: Amazon Connect API Reference, UserHierarchyGroupSearchCriteria. */
const GROUP_FIELDS: Fields<HierarchyGroup> = {
  strings: {
    name: ({ name }) => [name],
    parentId: ({ parents }) => parents.slice(-1).map(({ id }) => id),
    levelId: ({ level }) => [String(level)],
    resourceID: ({ id }) => [id],
  },
};

const LEVELS = ['LevelOne', 'LevelTwo', 'LevelThree', 'LevelFour', 'LevelFive'] as const;

/** The answer of SearchUserHierarchyGroups: all groups, that of level 0 too, which people can neither make nor see. */
export function searchUserHierarchyGroups(call: Call, backend: Backend): string {
  const { instanceId, workplaces } = backend.dataset;
  const { entries, nextToken, total } = search(
    'SearchUserHierarchyGroups',
    call,
    backend,
    withDescendants(workplaces.hierarchy),
    GROUP_FIELDS,
  );
  return JSON.stringify({
    UserHierarchyGroups: entries.map((group) => ({
      ...groupSummary(instanceId, group),
      LevelId: String(group.level),
      HierarchyPath: Object.fromEntries(
        pathOf(group).map((one, index) => [LEVELS[index], groupSummary(instanceId, one)]),
      ),
      Tags: {},
    })),
    NextToken: nextToken,
    ApproximateTotalCount: total,
  });
}
