/** The operations that the simulator answers. */
export const OPERATIONS = [
  'ListUsers',
  'ListUserProficiencies',
  'DescribeUser',
  'SearchUsers',
  'DescribeInstance',
  'ListInstances',
] as const;

export type Operation = (typeof OPERATIONS)[number];

/** A request to Connect, taken from its method, path, query and body. */
export interface Call {
  readonly operation: Operation;
  readonly instanceId?: string;
  readonly userId?: string;
  readonly nextToken?: string;
  /** As it was sent; may be no number at all. */
  readonly maxResults?: string;
  /** What SearchUsers was asked to look for. */
  readonly isFiltered?: boolean;
}

/** The largest page of each listing. */
export const LARGEST_PAGE = {
  ListUsers: 1000,
  ListUserProficiencies: 100,
  SearchUsers: 500,
  ListInstances: 10,
} as const;

/** A listing: an operation that gives pages. */
export type Listing = keyof typeof LARGEST_PAGE;

/** What Connect gives where MaxResults is absent; documented for ListUsers only. */
export const USUAL_PAGE = 100;
