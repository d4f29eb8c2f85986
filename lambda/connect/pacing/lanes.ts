import { type RequestCounts, requestsOf } from '../../../contract/manifest.ts';
import {
  forOperations,
  type Operation,
  type PerOperation,
  perOperation,
} from '../../../contract/operations.ts';
import type { Traffic } from '../../../export/ports.ts';
import type { Governor } from './governor.ts';

/** The one way to an operation: who paces it, and what has been counted. */
export interface Lane {
  readonly governor: Governor;
  readonly counts: { -readonly [Kind in keyof RequestCounts]: number };
}

export type Lanes = PerOperation<Lane>;

export const lane = (governor: Governor): Lane => ({
  governor,
  counts: { ok: 0, throttled: 0, retried: 0 },
});

/**
 * What the lanes have counted and learned, for the run's state, the manifest and a progress bar.
 *
 * @param rates in force for all runs of a Region together, in requests per second
 * @param operations that are used; of the others nothing is told
 */
export const trafficOf = (
  lanes: Lanes,
  rates: PerOperation<number>,
  operations: readonly Operation[],
): Traffic => ({
  counts: () => requestsOf(operations, (operation) => ({ ...lanes[operation].counts })),
  learnedRates: () => forOperations(operations, (operation) => lanes[operation].governor.rate()),
  adopt(rates) {
    perOperation((operation) => {
      const rate = rates[operation];
      if (rate !== undefined) lanes[operation].governor.adopt(rate);
    });
  },
  share(runs) {
    perOperation((operation) => lanes[operation].governor.limit(rates[operation] / runs));
  },
});
