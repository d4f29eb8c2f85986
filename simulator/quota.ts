import { OPERATIONS, type Operation } from './operations.ts';
import { createTokenBucket, type Quota, type TokenBucket } from './token-bucket.ts';

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
  const buckets = new Map(OPERATIONS.map((operation) => [operation, bucket(setting)]));
  return {
    admit: (operation) => (buckets.get(operation) ?? UNLIMITED)(),
    set(next, operation) {
      for (const one of operation ? [operation] : OPERATIONS) buckets.set(one, bucket(next));
    },
  };
}
