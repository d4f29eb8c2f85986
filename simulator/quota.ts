import { OPERATION_NAMES, type Operation } from './operations.ts';

/** What an account may ask of one operation. */
export interface Quota {
  /** Tokens gained per second. Above 0. */
  readonly requestsPerSecond: number;
  /** The most tokens that can be saved up. At least 1. */
  readonly burst: number;
}

/** Connect's documented default for every operation used here: 2 requests per second with a burst of 5. */
export const DEFAULT_QUOTA: Quota = { requestsPerSecond: 2, burst: 5 };

/** Whether a request may pass now; if so, it has been counted. */
export type TokenBucket = () => boolean;

/**
 * The way AWS limits requests: full at first, one token per request, refilled steadily.
 *
 * @param now milliseconds since any fixed time; a step backwards refills nothing
 */
export function createTokenBucket(quota: Quota, now: () => number): TokenBucket {
  const { requestsPerSecond, burst } = quota;
  if (!(requestsPerSecond > 0) || !(burst >= 1)) {
    throw new RangeError(
      `A quota of ${requestsPerSecond} requests per second with a burst of ${burst} lets nothing pass: use a rate above 0 and a burst of at least 1.`,
    );
  }
  let tokens = burst;
  let filledAt = now();
  return () => {
    const time = now();
    tokens = Math.min(burst, tokens + (Math.max(0, time - filledAt) / 1000) * requestsPerSecond);
    filledAt = time;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  };
}

/** A limit or none. */
export type QuotaSetting = Quota | 'unlimited';

/** One token bucket per operation, shared by all callers as those of an AWS account are. */
export interface Quotas {
  /** Whether a call passes; if so, it has been counted. */
  admit(operation: Operation): boolean;
  /** Replaces the bucket of one operation, or of all, by a full one. */
  set(setting: QuotaSetting, operation?: Operation): void;
}

const UNLIMITED: TokenBucket = () => true;

export function createQuotas(setting: QuotaSetting, now: () => number): Quotas {
  const bucket = (of: QuotaSetting): TokenBucket =>
    of === 'unlimited' ? UNLIMITED : createTokenBucket(of, now);
  const buckets = new Map(OPERATION_NAMES.map((operation) => [operation, bucket(setting)]));
  return {
    admit: (operation) => (buckets.get(operation) ?? UNLIMITED)(),
    set(next, operation) {
      for (const one of operation ? [operation] : OPERATION_NAMES) buckets.set(one, bucket(next));
    },
  };
}
