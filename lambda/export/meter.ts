import type { Requests } from '../contract/manifest.ts';
import type { Clock, SliceSummary, Traffic } from './ports.ts';
import { type State, totals } from './run/state.ts';
import { addRequests, countRequests, NO_REQUESTS } from './traffic.ts';

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
