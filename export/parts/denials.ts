import { type ExportFailure, MOST_FAILED_USERS } from '../../contract/failure.ts';
import { isAnswered, type State } from '../run/state.ts';

/** So many denials that nobody's answer interrupts are hardly those of single users. */
const FEW = 10;

/** How many denials are each their user's own failure. */
export interface DenialLimits {
  /** Whether users of this run have been answered for already. */
  readonly answered: boolean;
  /** Denials in a row that are borne once one user has been answered for. */
  readonly mostInARow: number;
}

/** While the plan is worked off: all that are allowed, in a row too, for users with a tag may stand side by side. */
export const denialsOfPlan = (state: State, allowedFailedUsers: number): DenialLimits => ({
  answered: isAnswered(state),
  mostInARow: Math.max(FEW, allowedFailedUsers),
});

/** While only failed users are asked for again: they may all be denied, as they were before. */
export const denialsOfFailed = (state: State): DenialLimits => ({
  answered: isAnswered(state),
  mostInARow: MOST_FAILED_USERS,
});

/** What became of a user, as far as it matters here. */
interface Outcome {
  readonly kind: 'exported' | 'deleted' | 'failed';
  /** See `UserFailure`. */
  readonly denial?: ExportFailure | undefined;
}

/**
 * Tells the denials of single users, such as by a tag, from a permission that is missing. A denial before anyone was
 * answered for is held back until it shows which it is.
 *
 * @throws ExportFailure AccessDenied where it is the permission
 */
export async function* withinDenials<T extends Outcome>(
  outcomes: AsyncIterable<T>,
  limits: DenialLimits,
): AsyncGenerator<T> {
  let { answered } = limits;
  let held: T[] = [];
  let inARow = 0;
  for await (const outcome of outcomes) {
    const { denial } = outcome;
    if (denial) inARow += 1;
    if (outcome.kind !== 'failed') {
      answered = true;
      inARow = 0;
    }
    if (denial && answered && inARow > limits.mostInARow) throw denial;
    held.push(outcome);
    const undecided = !answered && inARow > 0;
    if (undecided && held.length <= FEW) continue;
    if (undecided) break;
    yield* held;
    held = [];
  }
  const denial = held.map((outcome) => outcome.denial).find((found) => found !== undefined);
  if (denial) throw denial;
}
