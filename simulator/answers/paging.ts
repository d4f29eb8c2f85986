import type { PageOddities } from '../faults/plan.ts';
import type { Position } from './paging-token.ts';

/** Entries by number; some numbers may have none. */
export interface Source<T> {
  /** All numbers are below this. */
  readonly end: number;
  has(index: number): boolean;
  at(index: number): T | undefined;
}

/** All entries of a list. */
export const sourceOf = <T>(list: readonly T[]): Source<T> => ({
  end: list.length,
  has: () => true,
  at: (index) => list[index],
});

/** A page of a listing, and where the next one begins if there is one. */
export interface Page<T> {
  readonly entries: readonly T[];
  readonly next?: Position;
}

const firstFrom = <T>(source: Source<T>, from: number): number => {
  let index = from;
  while (index < source.end && !source.has(index)) index += 1;
  return index;
};

/** The last entry before a number, or the first of all. */
function neighbour<T>(source: Source<T>, before: number): T | undefined {
  for (let index = before - 1; index >= 0; index--) {
    const entry = source.at(index);
    if (entry !== undefined) return entry;
  }
  return source.at(firstFrom(source, before));
}

/** The page that begins at a position: regular, or odd in the ways that Connect permits itself. */
export function takePage<T>(
  source: Source<T>,
  { index: from, emptyPages }: Position,
  maxResults: number,
  odd: PageOddities,
): Page<T> {
  if (odd.empty && emptyPages === 0) return { entries: [], next: { index: from, emptyPages: 1 } };
  const largest = Math.min(maxResults, odd.largest);
  const repeats = odd.duplicates || (odd.overlap && from > 0);
  const repeated = repeats && largest > 1 ? neighbour(source, from) : undefined;
  const entries = repeated === undefined || from >= source.end ? [] : [repeated];
  let index = from;
  for (; index < source.end && entries.length < largest; index++) {
    const entry = source.at(index);
    if (entry !== undefined) entries.push(entry);
  }
  index = firstFrom(source, index);
  const isLast = index >= source.end;
  if (isLast && odd.endless) return { entries, next: { index: 0, emptyPages: 0 } };
  if (isLast && !(odd.empty && entries.length > 0)) return { entries };
  return { entries, next: { index, emptyPages: isLast ? 1 : 0 } };
}
