import { isHopeless } from './failures.ts';
import { type State, usersDone } from './run/state.ts';

/** What follows when no more users can be asked for in a slice. */
export type Next = 'publish' | 'go on' | 'give up' | 'no progress';

export interface SliceOutcome {
  readonly state: State;
  /** Whether the plan was made, or a user newly answered for, in this slice. */
  readonly progressed: boolean;
  /** Whether the deadline ended the slice, and not the lack of users to ask for. */
  readonly cutOff: boolean;
}

export const isPlanDone = (state: State): boolean => usersDone(state) === state.plan.users;

/**
 * Decides how a slice ends. Nothing is published unless every user of the plan has an answer, or may be
 * missing: then asking once more, for as long as that brought answers, has been in vain.
 *
 * @param allowedFailed users that may fail before the snapshot counts as incomplete
 */
export function next({ state, progressed, cutOff }: SliceOutcome, allowedFailed: number): Next {
  if (isPlanDone(state) && state.failed.length === 0) return 'publish';
  if (cutOff && progressed) return 'go on';
  if (isHopeless(state)) return 'give up';
  if (!isPlanDone(state)) return 'no progress';
  return state.failed.length > allowedFailed ? 'give up' : 'publish';
}
