import type { RequestCounts, Requests } from '../contract/manifest.ts';
import type { Traffic } from './ports.ts';

export const NO_REQUESTS: Requests = {
  list_users: { ok: 0, throttled: 0, retried: 0 },
  list_user_proficiencies: { ok: 0, throttled: 0, retried: 0 },
};

const combine = (
  a: Requests,
  b: Requests,
  operation: (a: number, b: number) => number,
): Requests => {
  const counts = (a: RequestCounts, b: RequestCounts): RequestCounts => ({
    ok: operation(a.ok, b.ok),
    throttled: operation(a.throttled, b.throttled),
    retried: operation(a.retried, b.retried),
  });
  return {
    list_users: counts(a.list_users, b.list_users),
    list_user_proficiencies: counts(a.list_user_proficiencies, b.list_user_proficiencies),
  };
};

export const addRequests = (a: Requests, b: Requests): Requests => combine(a, b, (x, y) => x + y);

/** Counts from now on: the clients, and what they have counted, may be older than this slice. */
export function countRequests(traffic: Traffic): () => Requests {
  const before = traffic.counts();
  return () => combine(traffic.counts(), before, (now, then) => now - then);
}
