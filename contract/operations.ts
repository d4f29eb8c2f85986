import type { UserDetailsChoice } from './user-details.ts';

/** What an export reads of Connect only if a setting asks for it. */
export interface Extras {
  /** See `contract/user-details.ts`. */
  readonly includeUserDetails: UserDetailsChoice;
  /** Whether a snapshot comes with Connect's list of predefined attributes. */
  readonly includePredefinedAttributes: boolean;
}

/** What is known of one of Connect's operations; all else about it follows from this. */
interface OperationFacts {
  /** As AWS's API Reference calls it; its IAM action is `connect:` and this. */
  readonly name: string;
  /** What IAM checks the action against: these parts of the instance's ARN, of which the empty one is the instance itself. */
  readonly resources: readonly string[];
  /**
   * Actions that IAM demands besides, checked against the same. Source: Service Authorization Reference, "Amazon Connect", the
   * dependent actions.
   */
  readonly dependsOn?: readonly string[];
  /**
   * Service Quotas' code of "Rate of … API requests"; absent where none is known: then the default quota holds. Source: Amazon
   * Connect Administrator Guide, "Amazon Connect API throttling quotas".
   */
  readonly quotaCode?: string;
  /** The most entries of one answer: fewer requests for the same users. Source: Amazon Connect API Reference, `MaxResults`. */
  readonly largestPage: number;
  /** Whether the settings ask for it; absent where no snapshot can be made without it. */
  readonly isAskedFor?: (extras: Extras) => boolean;
}

const forUserDetails = ({ includeUserDetails }: Extras): boolean => includeUserDetails !== 'off';
const forAttributes = ({ includePredefinedAttributes }: Extras): boolean =>
  includePredefinedAttributes;

/**
 * Every operation of Connect that an export uses, by its name in manifests and in the state of a run: each is asked for, paced, counted
 * and permitted by its line here, if the settings ask for it.
 */
export const OPERATIONS = {
  list_users: {
    name: 'ListUsers',
    resources: [''],
    quotaCode: 'L-CCC38177',
    largestPage: 1000,
  },
  list_user_proficiencies: {
    name: 'ListUserProficiencies',
    // Checked twice: on the instance and on the user, whom Connect's ARNs call agent.
    resources: ['', '/agent/*'],
    quotaCode: 'L-A59C54EE',
    largestPage: 100,
  },
  search_users: {
    name: 'SearchUsers',
    resources: [''],
    dependsOn: ['DescribeUser', 'ListUserProficiencies'],
    quotaCode: 'L-E2C35CCE',
    largestPage: 500,
    isAskedFor: forUserDetails,
  },
  // The list has twice the page of the search, and needs no further permission.
  list_routing_profiles: {
    name: 'ListRoutingProfiles',
    resources: [''],
    largestPage: 1000,
    isAskedFor: forUserDetails,
  },
  // Only the search tells which groups a group is in: after the list, each of them would have to be described.
  search_user_hierarchy_groups: {
    name: 'SearchUserHierarchyGroups',
    resources: ['', '/agent-group/*'],
    dependsOn: ['DescribeUserHierarchyGroup'],
    largestPage: 100,
    isAskedFor: forUserDetails,
  },
  // Only the search tells the values: after the list, each attribute would have to be described.
  search_predefined_attributes: {
    name: 'SearchPredefinedAttributes',
    resources: [''],
    dependsOn: ['DescribePredefinedAttribute'],
    largestPage: 100,
    isAskedFor: forAttributes,
  },
} as const satisfies Record<string, OperationFacts>;

/** An operation by its name in a manifest. */
export type Operation = keyof typeof OPERATIONS;

/** Something of each operation, in the order in which manifests count them. */
export type PerOperation<T> = Readonly<Record<Operation, T>>;

export const ALL_OPERATIONS = Object.keys(OPERATIONS) as readonly Operation[];

/** What is known of an operation. */
export const factsOf = (operation: Operation): OperationFacts => OPERATIONS[operation];

/** The operations that an export with these settings uses. */
export const operationsFor = (extras: Extras): readonly Operation[] =>
  ALL_OPERATIONS.filter((name) => factsOf(name).isAskedFor?.(extras) ?? true);

/** Makes something for some of the operations. */
export const forOperations = <T>(
  operations: readonly Operation[],
  make: (operation: Operation) => T,
): Partial<PerOperation<T>> =>
  Object.fromEntries(operations.map((name) => [name, make(name)])) as Partial<PerOperation<T>>;

/** Makes something for each operation. */
export const perOperation = <T>(make: (operation: Operation) => T): PerOperation<T> =>
  forOperations(ALL_OPERATIONS, make) as PerOperation<T>;
