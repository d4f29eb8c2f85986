/** What is known of one of Connect's operations. Source: Amazon Connect API Reference. */
interface OperationFacts {
  readonly method: 'GET' | 'POST';
  /** The request URI; of a POST, the instance stands in the body. */
  readonly path: string;
  /** The most entries of a page; absent where there are no pages. */
  readonly largestPage?: number;
}

/** The operations that the simulator answers. */
export const OPERATIONS = {
  ListUsers: { method: 'GET', path: '/users-summary/{InstanceId}', largestPage: 1000 },
  ListUserProficiencies: {
    method: 'GET',
    path: '/users/{InstanceId}/{UserId}/proficiencies',
    largestPage: 100,
  },
  DescribeUser: { method: 'GET', path: '/users/{InstanceId}/{UserId}' },
  SearchUsers: { method: 'POST', path: '/search-users', largestPage: 500 },
  ListRoutingProfiles: {
    method: 'GET',
    path: '/routing-profiles-summary/{InstanceId}',
    largestPage: 1000,
  },
  SearchRoutingProfiles: { method: 'POST', path: '/search-routing-profiles', largestPage: 500 },
  ListUserHierarchyGroups: {
    method: 'GET',
    path: '/user-hierarchy-groups-summary/{InstanceId}',
    largestPage: 1000,
  },
  SearchUserHierarchyGroups: {
    method: 'POST',
    path: '/search-user-hierarchy-groups',
    largestPage: 100,
  },
  ListPredefinedAttributes: {
    method: 'GET',
    path: '/predefined-attributes/{InstanceId}',
    largestPage: 100,
  },
  SearchPredefinedAttributes: {
    method: 'POST',
    path: '/search-predefined-attributes',
    largestPage: 100,
  },
  DescribePredefinedAttribute: {
    method: 'GET',
    path: '/predefined-attributes/{InstanceId}/{Name}',
  },
  DescribeInstance: { method: 'GET', path: '/instance/{InstanceId}' },
  ListInstances: { method: 'GET', path: '/instance', largestPage: 10 },
} as const satisfies Record<string, OperationFacts>;

export type Operation = keyof typeof OPERATIONS;

export const OPERATION_NAMES = Object.keys(OPERATIONS) as readonly Operation[];

/** A listing: an operation that gives pages. */
export type Listing = {
  [Name in Operation]: (typeof OPERATIONS)[Name] extends { largestPage: number } ? Name : never;
}[Operation];

/** What Connect gives where MaxResults is absent; documented for ListUsers only. */
export const USUAL_PAGE = 100;

/** A request to Connect, taken from its method, path, query and body. */
export interface Call {
  readonly operation: Operation;
  readonly instanceId?: string;
  readonly userId?: string;
  /** That of a predefined attribute. */
  readonly name?: string;
  readonly nextToken?: string;
  /** As it was sent; may be no number at all. */
  readonly maxResults?: string;
  /** The SearchCriteria of a search, as they were sent. */
  readonly criteria?: unknown;
  /** Its SearchFilter, likewise. */
  readonly filter?: unknown;
}
