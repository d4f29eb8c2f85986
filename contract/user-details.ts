import * as z from 'zod/mini';

/**
 * What rows say of a user besides name and proficiencies: `teams`, the routing profile, the place in the agent hierarchy and the
 * tags; `names`, first and last name as well; `off`, nothing, and Connect is not asked.
 */
export const USER_DETAILS = ['names', 'teams', 'off'] as const;

export type UserDetailsChoice = (typeof USER_DETAILS)[number];

/** Where nothing else is said: teams are what planners ask by, and tell nothing of a person that is private. */
export const DEFAULT_USER_DETAILS: UserDetailsChoice = 'teams';

/** How the reading of users' details went; a snapshot never waits or fails for it. */
export const userDetailsSchema = z.strictObject({
  /**
   * `complete`: all was read; `partial`: some of it, what is missing is null; `none`: nothing was, all are null; `off`: the
   * setting did not ask for it, and rows have no such keys.
   */
  status: z.enum(['complete', 'partial', 'none', 'off']),
  /** What was not to be had and why, in AWS's words; null where nothing was missing. */
  reason: z.nullable(z.string()),
  /** Users listed whom the search did not know: its index lags behind, or it ended early. */
  users_unknown: z.int().check(z.nonnegative()),
});

export type UserDetailsReport = z.infer<typeof userDetailsSchema>;
