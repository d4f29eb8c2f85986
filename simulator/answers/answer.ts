import type { FaultPlan } from '../faults/plan.ts';
import { type Call, type Listing, OPERATIONS, USUAL_PAGE } from '../operations.ts';
import type { Dataset } from '../people/dataset.ts';
import type { SimulatedUser } from '../people/records.ts';
import { hashText } from '../random.ts';
import { invalidParameter, notFound } from './errors.ts';
import {
  describedInstance,
  describedUser,
  instanceList,
  proficiencyPage,
  searchPage,
  userPage,
  userSummary,
} from './json.ts';
import { type Source, takePage } from './paging.ts';
import { type Position, readToken, writeToken } from './paging-token.ts';

/** What the answers are made of. */
export interface Backend {
  readonly dataset: Dataset;
  readonly plan: FaultPlan;
  /** Milliseconds since the epoch; tokens age by it. */
  readonly now: () => number;
}

/**
 * The JSON that Connect answers to a call that has passed quota and faults.
 *
 * @throws ConnectError where Connect would refuse the call
 */
export function answer(call: Call, backend: Backend): string {
  const { instanceId } = backend.dataset;
  if (call.operation === 'ListInstances') {
    listing(call.operation, call, backend);
    return instanceList(instanceId);
  }
  if (call.instanceId !== instanceId) {
    throw notFound(`The instance ${call.instanceId} does not exist.`);
  }
  switch (call.operation) {
    case 'DescribeInstance':
      return describedInstance(instanceId);
    case 'DescribeUser':
      return describedUser(instanceId, known(call, backend.dataset, backend.dataset.user));
    case 'ListUserProficiencies':
      return listUserProficiencies(call, backend);
    case 'ListUsers':
      return listUsers(call, backend);
    case 'SearchUsers':
      return searchUsers(call, backend);
  }
}

function listUsers(call: Call, backend: Backend): string {
  const { dataset, plan } = backend;
  const { entries, nextToken } = listing('ListUsers', call, backend).take(usersOf(dataset));
  const summaries = entries.map((user) =>
    userSummary(dataset.instanceId, user, plan.badAnswersAbout(user.id)),
  );
  return userPage(summaries, nextToken);
}

function searchUsers(call: Call, backend: Backend): string {
  const { dataset } = backend;
  if (call.isFiltered) {
    throw invalidParameter(
      'The simulator searches without filter and criteria only: leave them out.',
    );
  }
  const { entries, nextToken } = listing('SearchUsers', call, backend).take(usersOf(dataset));
  return searchPage(dataset.instanceId, entries, nextToken, dataset.count());
}

function listUserProficiencies(call: Call, backend: Backend): string {
  const { dataset, plan } = backend;
  const record = known(call, dataset, dataset.proficiencies);
  const list = record.proficiencies;
  const { entries, nextToken } = listing('ListUserProficiencies', call, backend).take({
    end: list.length,
    has: () => true,
    at: (position) => list[position],
  });
  return proficiencyPage(entries, record, nextToken, plan.badAnswersAbout(call.userId ?? ''));
}

const usersOf = (dataset: Dataset): Source<SimulatedUser> => ({
  end: dataset.end,
  has: dataset.exists,
  at: dataset.user,
});

/** What is on record about the user of a call. */
function known<T>(
  { userId = '' }: Call,
  { indexOf }: Dataset,
  read: (index: number) => T | undefined,
): T {
  const index = indexOf(userId);
  const record = index === undefined ? undefined : read(index);
  if (record === undefined) throw notFound(`The user ${userId} does not exist.`);
  return record;
}

/** So long the tokens of a listing that never ends stay the same. */
const ENDLESS_FOR_S = 3_600;

/** A listing at the place where the call goes on. */
function listing(operation: Listing, call: Call, { plan, now }: Backend) {
  const maxResults = pageSize(operation, call.maxResults);
  const scope = hashText(`${operation}/${call.instanceId}/${call.userId}`);
  const seconds = Math.floor(now() / 1000);
  const from: Position =
    call.nextToken === undefined
      ? { index: 0, emptyPages: 0 }
      : readToken(call.nextToken, scope, seconds);
  return {
    take<T>(source: Source<T>): { entries: readonly T[]; nextToken: string | undefined } {
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
