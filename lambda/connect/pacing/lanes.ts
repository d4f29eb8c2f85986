import type { RequestCounts } from '../../../contract/manifest.ts';
import { type PerOperation, perOperation } from '../../../contract/operations.ts';
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
 */
export const trafficOf = (lanes: Lanes, rates: PerOperation<number>): Traffic => ({
  counts: () => perOperation((operation) => ({ ...lanes[operation].counts })),
  learnedRates: () => perOperation((operation) => lanes[operation].governor.rate()),
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
