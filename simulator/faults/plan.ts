import type { Call, Operation } from '../operations.ts';
import { ABOUT, hash } from '../random.ts';
import type { BadAnswer, Fault, FaultOf } from './faults.ts';
import { createFaultTrigger, type Failure, type Selecting } from './trigger.ts';

/** How the pages of a listing are odd, though legal. */
export interface PageOddities {
  readonly empty: boolean;
  readonly largest: number;
  readonly duplicates: boolean;
}

/** What goes wrong, call by call. */
export interface FaultPlan {
  /** What happens to this call; counts it. */
  meet(call: Call): { readonly failure?: Failure; readonly delayMs: number };
  pagesOf(operation: Operation): PageOddities;
  badAnswersAbout(userId: string): readonly BadAnswer[];
}

type Paging = FaultOf<'emptyPages'> | FaultOf<'shortPages'> | FaultOf<'duplicateUsers'>;

const NO_BAD_ANSWERS: readonly BadAnswer[] = [];

const isPaging = (fault: Fault): fault is Paging =>
  fault.fault === 'emptyPages' || fault.fault === 'shortPages' || fault.fault === 'duplicateUsers';

const isSelecting = (fault: Fault): fault is Selecting =>
  !isPaging(fault) && fault.fault !== 'badAnswer';

/** Draws from the seed and its own counts of calls only: the same calls in the same order meet the same faults. */
export function createFaultPlan(
  faults: readonly Fault[],
  seed: number,
  now: () => number,
): FaultPlan {
  const triggers = faults.filter(isSelecting).map((fault, index) => ({
    fault,
    strikes: createFaultTrigger(fault, hash(seed, index, ABOUT.fault), now),
  }));
  const paging = faults.filter(isPaging);
  const badAnswers = new Map<string, BadAnswer[]>();
  for (const fault of faults) {
    if (fault.fault !== 'badAnswer') continue;
    for (const id of fault.users) badAnswers.set(id, [...(badAnswers.get(id) ?? []), fault.answer]);
  }

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
    pagesOf: (operation) => oddities(paging, operation),
    badAnswersAbout: (userId) => badAnswers.get(userId) ?? NO_BAD_ANSWERS,
  };
}

function oddities(faults: readonly Paging[], operation: Operation): PageOddities {
  let page: PageOddities = { empty: false, largest: Number.POSITIVE_INFINITY, duplicates: false };
  for (const fault of faults) {
    if (fault.operations && !fault.operations.includes(operation)) continue;
    if (fault.fault === 'emptyPages') page = { ...page, empty: true };
    if (fault.fault === 'shortPages') page = { ...page, largest: fault.size };
    if (fault.fault === 'duplicateUsers') page = { ...page, duplicates: true };
  }
  return page;
}
