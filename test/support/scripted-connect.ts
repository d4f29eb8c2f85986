import { ExportFailure } from '../../contract/failure.ts';
import { attemptsAt, NO_REQUESTS, type Requests } from '../../contract/manifest.ts';
import type { Operation } from '../../contract/operations.ts';
import {
  type Connect,
  type HierarchyGroup,
  type LearnedRates,
  type PredefinedAttribute,
  type RoutingProfile,
  type Traffic,
  type User,
  type UserDetails,
  UserFailure,
  type UserProficiencies,
} from '../../export/ports.ts';

/** What Connect does when it is asked for a user: answers, no longer knows the user, or fails. */
export type Answer = UserProficiencies | 'deleted' | 'failing' | 'denied';

/** What is read besides, and may be missing: pages, in which a failure may stand instead of a page. */
interface Extra<T> {
  pages: (readonly T[] | Error)[];
}

export interface ScriptedConnect extends Connect, Traffic {
  /** Who was asked for, in order of asking. */
  readonly asked: string[];
  /** Among how many runs it was told to share the rate, one after the other. */
  readonly shares: number[];
  /** Changes what happens from now on. */
  readonly answers: Map<string, Answer>;
  readonly users: User[];
  /** What the searches and lists answer from now on. By default everyone is in one team. */
  readonly extras: {
    readonly users: Extra<UserDetails>;
    readonly profiles: Extra<RoutingProfile>;
    readonly groups: Extra<HierarchyGroup>;
    readonly attributes: Extra<PredefinedAttribute>;
  };
}

export const PROFILE: RoutingProfile = { id: 'profile-1', name: 'Sales' };
export const GROUP: HierarchyGroup = { id: 'group-1', path: ['Berlin', 'Sales', 'Team 1'] };
export const ATTRIBUTE: PredefinedAttribute = {
  name: 'Language',
  values: ['French', 'German'],
  purposes: ['Routing'],
  modifiedAt: new Date('2026-11-01T00:00:00Z'),
};

/** A Connect that knows of nothing that a snapshot can do without. */
export const NO_EXTRAS = {
  async *searchUsers() {},
  async *listRoutingProfiles() {},
  async *searchHierarchyGroups() {},
  async *searchPredefinedAttributes() {},
} satisfies Omit<Connect, 'listUsers' | 'proficiencyReader'>;

/** What the search says of a user by default. */
export const detailsOf = (id: string): UserDetails => ({
  id,
  firstName: `First ${id}`,
  lastName: `Last ${id}`,
  routingProfileId: PROFILE.id,
  hierarchyGroupId: GROUP.id,
  tags: { site: 'Berlin' },
});

export const NO_PROFICIENCIES: UserProficiencies = { proficiencies: [] };

export const userId = (index: number): string => `user-${String(index).padStart(4, '0')}`;

/** A Connect in memory: `users` users, who all have one proficiency unless `answers` says otherwise. */
export function scriptedConnect(
  users: number,
  answers: Readonly<Record<string, Answer>> = {},
): ScriptedConnect {
  const known = Array.from({ length: users }, (_, index) => ({
    id: userId(index),
    username: `name-${index}`,
  }));
  const script = new Map<string, Answer>(
    known.map(({ id }, index) => [
      id,
      {
        proficiencies: [
          { attribute_name: 'Language', attribute_value: 'French', level: 1 + (index % 5) },
        ],
      },
    ]),
  );
  for (const [id, answer] of Object.entries(answers)) script.set(id, answer);
  const asked: string[] = [];
  const shares: number[] = [];
  let counts: Requests = NO_REQUESTS;
  let rates: LearnedRates = {};
  const answered = (operation: Operation): void => {
    const before = attemptsAt(counts, operation);
    counts = { ...counts, [operation]: { ...before, ok: before.ok + 1 } };
  };
  const extras = {
    users: { pages: [known.map(({ id }) => detailsOf(id))] },
    profiles: { pages: [[PROFILE]] },
    groups: { pages: [[GROUP]] },
    attributes: { pages: [[ATTRIBUTE]] },
  };
  async function* readExtra<T>(
    operation: Operation,
    { pages }: Extra<T>,
    signal: AbortSignal,
  ): AsyncGenerator<readonly T[]> {
    for (const page of pages) {
      signal.throwIfAborted();
      if (page instanceof Error) throw page;
      answered(operation);
      yield page;
    }
  }

  return {
    asked,
    shares,
    answers: script,
    users: known,
    extras,
    searchUsers: (_, signal) => readExtra('search_users', extras.users, signal),
    listRoutingProfiles: (_, signal) => readExtra('list_routing_profiles', extras.profiles, signal),
    searchHierarchyGroups: (_, signal) =>
      readExtra('search_user_hierarchy_groups', extras.groups, signal),
    searchPredefinedAttributes: (_, signal) =>
      readExtra('search_predefined_attributes', extras.attributes, signal),
    async *listUsers() {
      yield known;
    },
    proficiencyReader: (_instanceId, signal) => async (id) => {
      signal.throwIfAborted();
      asked.push(id);
      answered('list_user_proficiencies');
      const answer = script.get(id);
      if (answer === 'failing') throw new UserFailure('InternalServiceException', 'scripted');
      if (answer === 'denied') {
        const denial = new ExportFailure('AccessDenied', 'nobody may be read');
        throw new UserFailure('AccessDeniedException', 'scripted', denial);
      }
      return answer === 'deleted' ? undefined : answer;
    },
    counts: () => counts,
    learnedRates: () => rates,
    adopt(learned) {
      rates = learned;
    },
    share(runs) {
      shares.push(runs);
    },
  };
}
