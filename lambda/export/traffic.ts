import type { RequestCounts, Requests } from '../contract/manifest.ts';
import { perOperation } from '../contract/operations.ts';
import type { Traffic } from './ports.ts';

export const NO_REQUESTS: Requests = perOperation(() => ({ ok: 0, throttled: 0, retried: 0 }));

const combine = (a: Requests, b: Requests, count: (a: number, b: number) => number): Requests =>
  perOperation(
    (operation): RequestCounts => ({
      ok: count(a[operation].ok, b[operation].ok),
      throttled: count(a[operation].throttled, b[operation].throttled),
      retried: count(a[operation].retried, b[operation].retried),
    }),
  );

export const addRequests = (a: Requests, b: Requests): Requests => combine(a, b, (x, y) => x + y);

/** Counts from now on: the clients, and what they have counted, may be older than this slice. */
export function countRequests(traffic: Traffic): () => Requests {
  const before = traffic.counts();
  return () => combine(traffic.counts(), before, (now, then) => now - then);
}
