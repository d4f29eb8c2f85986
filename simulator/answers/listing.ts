import { type Call, type Listing, OPERATIONS, USUAL_PAGE } from '../operations.ts';
import { hashText } from '../random.ts';
import type { Backend } from './backend.ts';
import { type Fields, predicateOf } from './criteria.ts';
import { invalidParameter } from './errors.ts';
import { type Source, sourceOf, takePage } from './paging.ts';
import { type Position, readToken, writeToken } from './paging-token.ts';

/** So long the tokens of a listing that never ends stay the same. */
const ENDLESS_FOR_S = 3_600;

/** A page as it is answered. */
export interface ListedPage<T> {
  readonly entries: readonly T[];
  readonly nextToken: string | undefined;
}

/**
 * A listing at the place where the call goes on.
 *
 * @throws ConnectError for a size or a token that is none of this listing's
 */
export function listing(operation: Listing, call: Call, { plan, now }: Backend) {
  const maxResults = pageSize(operation, call.maxResults);
  const scope = hashText(
    JSON.stringify([operation, call.instanceId, call.userId, call.criteria, call.filter]),
  );
  const seconds = Math.floor(now() / 1000);
  const from: Position =
    call.nextToken === undefined
      ? { index: 0, emptyPages: 0 }
      : readToken(call.nextToken, scope, seconds);
  return {
    take<T>(source: Source<T>): ListedPage<T> {
      const odd = plan.pagesOf(operation);
      const { entries, next } = takePage(source, from, maxResults, odd);
      // Pages that go round in a circle have the same tokens again, whenever they are asked for.
      const madeAt = odd.endless ? seconds - (seconds % ENDLESS_FOR_S) : seconds;
      return { entries, nextToken: next && writeToken(next, scope, madeAt) };
    },
  };
}

function pageSize(operation: Listing, maxResults: string | undefined): number {
  const largest = OPERATIONS[operation].largestPage;
  if (maxResults === undefined) return Math.min(USUAL_PAGE, largest);
  const size = Number(maxResults);
  if (/^\d+$/.test(maxResults) && size >= 1 && size <= largest) return size;
  throw invalidParameter(
    `Value '${maxResults}' at 'maxResults' failed to satisfy constraint: Member must be a whole number from 1 to ${largest}`,
  );
}

/** What a search finds of a list, page by page. */
export interface FoundPage<T> extends ListedPage<T> {
  readonly total: number;
}

/**
 * A page of what a search finds in a list.
 *
 * @throws ConnectError for criteria that the simulator does not know, and as `listing` does
 */
export function search<T>(
  operation: Listing,
  call: Call,
  backend: Backend,
  list: readonly T[],
  fields: Fields<T>,
): FoundPage<T> {
  refuseFilter(call);
  const found = list.filter(predicateOf(call.criteria, fields));
  return { ...listing(operation, call, backend).take(sourceOf(found)), total: found.length };
}

/** @throws ConnectError InvalidParameterException where a search has a filter */
export function refuseFilter({ filter = {} }: Call): void {
  if (typeof filter === 'object' && filter !== null && Object.keys(filter).length === 0) return;
  throw invalidParameter(
    'The simulator does not search by SearchFilter: leave it out, or use SearchCriteria.',
  );
}
