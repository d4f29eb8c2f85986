import { OPERATIONS, type Operation } from '../../contract/operations.ts';
import { DEFAULT_QUOTA } from '../../contract/pace.ts';
import { ExtraFailure } from '../ports.ts';
import { LEASE_SECONDS } from '../run/lease.ts';

/** What a snapshot can do without is read for at least this long, in milliseconds. */
const LEAST_MS = 2 * 60_000;

/** Nothing renews the lease meanwhile: half of it is left for what follows. */
const MOST_MS = (LEASE_SECONDS / 2) * 1000;

/** Leaves room for requests that are refused or slow. */
const TIMES_THE_DOCUMENTED = 2;

/**
 * How long a run waits for what it can do without, in milliseconds: twice as long as so many requests take at Connect's default quota.
 *
 * @param requests of the operation that needs the most of them
 */
export const limitFor = (requests: number): number =>
  Math.min(MOST_MS, Math.max(LEAST_MS, (TIMES_THE_DOCUMENTED * 1000 * requests) / DEFAULT_QUOTA));

/** The time that the reading may take. */
export interface Limit {
  readonly signal: AbortSignal;
  readonly milliseconds: number;
}

/** A reading of an operation's pages. */
export interface Reading<T> {
  readonly operation: Operation;
  readonly pages: AsyncIterable<readonly T[]>;
  /** More entries than there can be come of pages that would never end. */
  readonly most: number;
  /** How many an entry counts for. Default: one. */
  readonly size?: (entry: T) => number;
}

/**
 * Reads to the end, or as far as can be.
 *
 * @param take is given the entries one by one
 * @returns why it is not all, in one sentence; `undefined` where it is
 */
export async function readExtra<T>(
  { operation, pages, most, size = () => 1 }: Reading<T>,
  { signal, milliseconds }: Limit,
  take: (entry: T) => void,
): Promise<string | undefined> {
  const { name } = OPERATIONS[operation];
  let entries = 0;
  try {
    for await (const page of pages) {
      for (const entry of page) entries += size(entry);
      if (entries > most)
        return `${name} gave more than ${most} entries, so that it would never end.`;
      for (const entry of page) take(entry);
      if (signal.aborted) break;
    }
  } catch (error) {
    if (error instanceof ExtraFailure) return error.message;
    if (!signal.aborted) throw error;
  }
  return signal.aborted
    ? `${name} had not come to an end when its time was over, after ${milliseconds / 1000} seconds at most.`
    : undefined;
}
