import { attemptsAt, NO_REQUESTS, type Requests, requestsOf } from '../contract/manifest.ts';
import { ALL_OPERATIONS } from '../contract/operations.ts';
import type { Clock, SliceSummary, Traffic } from './ports.ts';
import { type State, totals } from './run/state.ts';

const combine = (a: Requests, b: Requests, count: (a: number, b: number) => number): Requests => {
  const counted = ALL_OPERATIONS.filter((operation) => operation in a || operation in b);
  return requestsOf(counted, (operation) => {
    const one = attemptsAt(a, operation);
    const other = attemptsAt(b, operation);
    return {
      ok: count(one.ok, other.ok),
      throttled: count(one.throttled, other.throttled),
      retried: count(one.retried, other.retried),
    };
  });
};

const addRequests = (a: Requests, b: Requests): Requests => combine(a, b, (x, y) => x + y);

/** Counts from now on: the clients, and what they have counted, may be older than this slice. */
function countRequests(traffic: Traffic): () => Requests {
  const before = traffic.counts();
  return () => combine(traffic.counts(), before, (now, then) => now - then);
}

/** Counts what one slice does. */
export interface SliceMeter {
  /** Of this slice and all before it. */
  allRequests(): Requests;
  seconds(): number;
  /**
   * @param after the state at the end, where the slice came to have one
   * @param ending what only the end of the slice shows
   */
  summary(after: State | undefined, ending: Pick<SliceSummary, 'goesOn'>): SliceSummary;
}

const NOTHING = { rows: 0, deleted: 0, proficiencies: 0 };

/** @param before what earlier slices left */
export function measureSlice(
  instanceId: string,
  clock: Clock,
  traffic: Traffic,
  before?: State,
): SliceMeter {
  const startedAt = clock().getTime();
  const requests = countRequests(traffic);
  // A clock may be set back.
  const seconds = () => Math.max(0, (clock().getTime() - startedAt) / 1000);
  const then = before ? totals(before) : NOTHING;
  return {
    allRequests: () => addRequests(before?.requests ?? NO_REQUESTS, requests()),
    seconds,
    summary(after, ending) {
      const now = after ? totals(after) : then;
      return {
        instanceId,
        exported: now.rows - then.rows,
        deleted: now.deleted - then.deleted,
        proficiencies: now.proficiencies - then.proficiencies,
        failed: (after ?? before)?.failed.length ?? 0,
        requests: requests(),
        seconds: seconds(),
        ...ending,
      };
    },
  };
}
