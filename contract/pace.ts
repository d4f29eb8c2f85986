import * as z from 'zod/mini';

/**
 * The share of the quota where nothing else is said: a fifth stays free for everything else in the account that calls
 * Connect.
 */
export const DEFAULT_QUOTA_SHARE = 0.8;

/**
 * The quota of every operation where Service Quotas gives no other, in requests per second. Source: Amazon Connect
 * Administrator Guide, "Amazon Connect API throttling quotas".
 */
export const DEFAULT_QUOTA = 2;

/** Above 0, at most 1. */
export const quotaShareSchema = z.number().check(z.gt(0), z.lte(1));

/** Requests per second, above 0 and finite. */
export const requestsPerSecondSchema = z.number().check(z.gt(0));

/** How much of Connect's quota may be used: a share of it, or a fixed rate instead. */
export interface Pace {
  /** Share of the account's applied quota: above 0, at most 1. Default 0.8, see `DEFAULT_QUOTA_SHARE`. */
  readonly quotaShare?: number | undefined;
  /** A fixed rate for each operation instead of a share; requests per second, above 0. */
  readonly requestsPerSecond?: number | undefined;
}

/** Whether no more than one of the two is given. */
export const isOnePace = ({ quotaShare, requestsPerSecond }: Pace): boolean =>
  quotaShare === undefined || requestsPerSecond === undefined;
