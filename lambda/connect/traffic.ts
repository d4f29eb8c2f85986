import type { RequestCounts, Requests } from '../contract/manifest.ts';
import type { Traffic } from '../export/ports.ts';
import type { Governor } from './governor.ts';

/** An operation by its name in a manifest. */
export type Operation = keyof Requests;

/** The one way to an operation: who paces it, and what has been counted. */
export interface Lane {
  readonly governor: Governor;
  readonly counts: { -readonly [Kind in keyof RequestCounts]: number };
}

export type Lanes = Readonly<Record<Operation, Lane>>;

export const lane = (governor: Governor): Lane => ({
  governor,
  counts: { ok: 0, throttled: 0, retried: 0 },
});

/** What the lanes have counted and learned, for the run's state, the manifest and a progress bar. */
export const trafficOf = ({ list_users, list_user_proficiencies }: Lanes): Traffic => ({
  counts: () => ({
    list_users: { ...list_users.counts },
    list_user_proficiencies: { ...list_user_proficiencies.counts },
  }),
  learnedRates: () => ({
    list_users: list_users.governor.rate(),
    list_user_proficiencies: list_user_proficiencies.governor.rate(),
  }),
  adopt(rates) {
    if (rates.list_users !== undefined) list_users.governor.adopt(rates.list_users);
    if (rates.list_user_proficiencies !== undefined) {
      list_user_proficiencies.governor.adopt(rates.list_user_proficiencies);
    }
  },
});
