import type { Call, Operation } from '../operations.ts';
import { ABOUT, fraction, hash, hashText } from '../random.ts';
import { type BadAnswer, type Fault, type FaultOf, striking } from './faults.ts';

/** A fault that takes the place of the answer. */
export type Failure = FaultOf<'answer'>;

/** A fault that meets single calls. */
type Selecting = FaultOf<'answer' | 'delay'>;

/** How the pages of a listing are odd: legal, but for those that never end. */
export interface PageOddities {
  readonly empty: boolean;
  readonly largest: number;
  readonly duplicates: boolean;
  readonly overlap: boolean;
  readonly endless: boolean;
}

/** What goes wrong, call by call. */
export interface FaultPlan {
  /** What happens to this call; counts it. */
  meet(call: Call): { readonly failure?: Failure; readonly delayMs: number };
  pagesOf(operation: Operation): PageOddities;
  badAnswersAbout(userId: string): readonly BadAnswer[];
  /** By how many days SearchUsers is late. */
  readonly indexLagDays: number;
  /** Whether SearchUsers knows this user, if it existed then. */
  isIndexed(userId: string): boolean;
}

const NO_BAD_ANSWERS: readonly BadAnswer[] = [];

/**
 * Draws from the seed and its own counts of calls only: the same calls in the same order meet the same faults.
 *
 * @param now milliseconds; the time of a throttling storm begins here
 */
export function createFaultPlan(
  faults: readonly Fault[],
  seed: number,
  now: () => number,
): FaultPlan {
  const triggers = faults.filter(striking('answer', 'delay')).map((fault, index) => ({
    fault,
    strikes: createTrigger(fault, hash(seed, index, ABOUT.fault), now),
  }));
  const paging = faults.filter(striking('pages'));
  const unindexed = faults
    .filter(striking('index'))
    .flatMap((fault, index) =>
      fault.fault === 'unindexed' ? [concerning(fault, hash(seed, index, ABOUT.fault))] : [],
    );
  const badAnswers = badAnswersByUser(faults.filter(striking('content')));

  return {
    meet(call) {
      let delayMs = 0;
      let failure: Failure | undefined;
      for (const { fault, strikes } of triggers) {
        if (!strikes(call)) continue;
        if (fault.fault === 'slow') delayMs += fault.ms;
        else failure ??= fault;
      }
      return failure === undefined ? { delayMs } : { failure, delayMs };
    },
    pagesOf: (operation) =>
      paging
        .filter(({ operations }) => operations === undefined || operations.includes(operation))
        .reduce(withOddity, {
          empty: false,
          largest: Number.POSITIVE_INFINITY,
          duplicates: false,
          overlap: false,
          endless: false,
        }),
    badAnswersAbout: (userId) => badAnswers.get(userId) ?? NO_BAD_ANSWERS,
    indexLagDays: Math.max(
      0,
      ...faults.map((fault) => (fault.fault === 'laggingIndex' ? fault.days : 0)),
    ),
    isIndexed: (userId) => !unindexed.some((concerns) => concerns(userId)),
  };
}

/** Whether a fault is about a user, or about a call that names none. */
function concerning(
  { users, userFraction }: Pick<FaultOf<'answer' | 'delay'>, 'users' | 'userFraction'>,
  seed: number,
): (userId: string | undefined) => boolean {
  const named = users && new Set(users);
  return (userId) =>
    (named === undefined || (userId !== undefined && named.has(userId))) &&
    (userFraction === undefined ||
      (userId !== undefined && fraction(seed, hashText(userId)) < userFraction));
}

/** Whether a call is met; counts it. */
type Trigger = (call: Call) => boolean;

/** Decides, call by call, whether a fault strikes. */
function createTrigger(fault: Selecting, seed: number, now: () => number): Trigger {
  const until =
    fault.fault === 'throttle' && fault.forMs !== undefined
      ? now() + fault.forMs
      : Number.POSITIVE_INFINITY;
  const concerns = concerning(fault, seed);
  let seen = 0;
  let eligible = 0;
  let met = 0;

  const strikes = (): boolean => {
    if (fault.fault === 'deleted') return true;
    const { everyNth, onCalls, probability, times } = fault;
    return (
      (everyNth === undefined || eligible % everyNth === 0) &&
      (onCalls === undefined || onCalls.includes(eligible)) &&
      (probability === undefined || fraction(seed, eligible) < probability) &&
      (times === undefined || met < times)
    );
  };

  return (call) => {
    if (!isCounted(fault, call) || now() >= until) return false;
    seen += 1;
    if (seen <= (fault.afterCalls ?? 0) || !concerns(call.userId)) return false;
    eligible += 1;
    if (!strikes()) return false;
    met += 1;
    return true;
  };
}

/** Deletion is about users, whichever operation names them. */
function isCounted(fault: Selecting, { operation, userId }: Call): boolean {
  if (fault.fault === 'deleted') return userId !== undefined;
  return fault.operations === undefined || fault.operations.includes(operation);
}

function withOddity(page: PageOddities, fault: FaultOf<'pages'>): PageOddities {
  switch (fault.fault) {
    case 'emptyPages':
      return { ...page, empty: true };
    case 'shortPages':
      return { ...page, largest: fault.size };
    case 'duplicateUsers':
      return { ...page, duplicates: true };
    case 'overlappingPages':
      return { ...page, overlap: true };
    case 'endlessPages':
      return { ...page, endless: true };
  }
}

function badAnswersByUser(faults: readonly FaultOf<'content'>[]): Map<string, BadAnswer[]> {
  const byUser = new Map<string, BadAnswer[]>();
  for (const { users, answer } of faults) {
    for (const id of users) byUser.set(id, [...(byUser.get(id) ?? []), answer]);
  }
  return byUser;
}
