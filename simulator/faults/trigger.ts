import type { Call } from '../operations.ts';
import { fraction, hashText } from '../random.ts';
import type { FaultOf } from './faults.ts';

/** A fault that takes the place of the answer. */
export type Failure =
  | FaultOf<'internalError'>
  | FaultOf<'dropConnection'>
  | FaultOf<'throttle'>
  | FaultOf<'accessDenied'>
  | FaultOf<'deleted'>;

/** A fault that meets single calls. */
export type Selecting = Failure | FaultOf<'slow'>;

/** Whether a call is met; counts it. */
export type FaultTrigger = (call: Call) => boolean;

/**
 * Decides, call by call, whether a fault strikes.
 *
 * @param seed of its draws
 * @param now milliseconds; the time of a throttling storm begins here
 */
export function createFaultTrigger(
  fault: Selecting,
  seed: number,
  now: () => number,
): FaultTrigger {
  const until =
    fault.fault === 'throttle' && fault.forMs !== undefined
      ? now() + fault.forMs
      : Number.POSITIVE_INFINITY;
  const users = fault.users && new Set(fault.users);
  let seen = 0;
  let eligible = 0;
  let met = 0;

  const concerns = ({ userId }: Call): boolean =>
    (users === undefined || (userId !== undefined && users.has(userId))) &&
    (fault.userFraction === undefined ||
      (userId !== undefined && fraction(seed, hashText(userId)) < fault.userFraction));

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
    if (seen <= (fault.afterCalls ?? 0) || !concerns(call)) return false;
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
