import type {
  FinalizeRequestMiddleware,
  Pluggable,
  RelativeMiddlewareOptions,
} from '@smithy/types';
import { awsFault } from '../../aws-fault.ts';
import type { Lane } from './lanes.ts';

/**
 * Inside the SDK's retries, so that every attempt waits for its turn, and before the signature, which a long
 * wait would let expire.
 */
const POSITION: RelativeMiddlewareOptions = {
  name: 'pacing',
  relation: 'after',
  toMiddleware: 'retryMiddleware',
};

/** Sends an attempt when the lane's governor gives leave, and counts how it was answered. */
const middleware =
  <Input extends object, Output extends object>(
    { governor, counts }: Lane,
    signal: AbortSignal,
  ): FinalizeRequestMiddleware<Input, Output> =>
  (next) =>
  async (args) => {
    const grant = await governor.acquire(signal);
    try {
      const result = await next(args);
      counts.ok += 1;
      governor.succeeded(grant);
      return result;
    } catch (error) {
      const { cause } = awsFault(error);
      if (cause === 'throttled') {
        counts.throttled += 1;
        governor.throttled(grant);
      } else if (cause === 'gone') {
        counts.ok += 1;
        governor.succeeded(grant);
      } else {
        counts.retried += 1;
      }
      throw error;
    }
  };

/** Keeps the requests of a command to the lane; for its stack of middleware. */
export const pacing = <Input extends object, Output extends object>(
  lane: Lane,
  signal: AbortSignal,
): Pluggable<Input, Output> => ({
  applyToStack: (stack) => stack.addRelativeTo(middleware(lane, signal), POSITION),
});
