/** What is known of one of Connect's operations; all else about it follows from this. */
interface OperationFacts {
  /** As AWS's API Reference calls it; its IAM action is `connect:` and this. */
  readonly name: string;
  /** What IAM checks the action against: these parts of the instance's ARN, of which the empty one is the instance itself. */
  readonly resources: readonly string[];
  /**
   * Service Quotas' code of "Rate of … API requests". Source: Amazon Connect Administrator Guide, "Amazon Connect API
   * throttling quotas".
   */
  readonly quotaCode: string;
  /** The most entries of one answer: fewer requests for the same users. Source: Amazon Connect API Reference, `MaxResults`. */
  readonly largestPage: number;
}

/**
 * Every operation of Connect that an export uses, by its name in manifests and in the state of a run: each is asked for, paced, counted
 * and permitted by its line here.
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
} as const satisfies Record<string, OperationFacts>;

/** An operation by its name in a manifest. */
export type Operation = keyof typeof OPERATIONS;

/** Something of each operation, in the order in which manifests count them. */
export type PerOperation<T> = Readonly<Record<Operation, T>>;

const NAMES = Object.keys(OPERATIONS) as readonly Operation[];

/** Makes something for each operation. */
export const perOperation = <T>(make: (operation: Operation) => T): PerOperation<T> =>
  Object.fromEntries(NAMES.map((name) => [name, make(name)])) as PerOperation<T>;

/** Makes something for each operation, all at the same time. */
export async function perOperationAtOnce<T>(
  make: (operation: Operation) => Promise<T>,
): Promise<PerOperation<T>> {
  const made = await Promise.all(NAMES.map(async (name) => [name, await make(name)] as const));
  return Object.fromEntries(made) as PerOperation<T>;
}
