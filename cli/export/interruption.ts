import { once } from 'node:events';
import type { Deadline } from '../../export/ports.ts';

export const HOW_TO_GO_ON = 'go on with it by the same command and --resume.';

/** The person at the terminal has stopped the run; it can be resumed. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/** How long answers in flight are waited for once a person has pressed Ctrl-C. */
const GRACE_MS = 3_000;

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** A deadline that a person sets. */
export interface Interruption extends Deadline {
  /** Gives the signals back: the next Ctrl-C ends the process. */
  dispose(): void;
}

/**
 * Ends a run cleanly at the first Ctrl-C (or SIGTERM): no further user is begun, what was fetched is
 * kept. The second one ends the process at once; the run can be resumed all the same.
 */
export function onInterruption(): Interruption {
  const inFlight = new AbortController();
  const disposed = new AbortController();
  let interrupted = false;
  const stop = (): void => {
    interrupted = true;
    disposed.abort();
    setTimeout(() => inFlight.abort(), GRACE_MS).unref();
  };
  for (const signal of SIGNALS) {
    once(process, signal, { signal: disposed.signal }).then(stop, () => undefined);
  }
  return {
    reached: () => interrupted,
    signal: inFlight.signal,
    within: (milliseconds) => AbortSignal.any([AbortSignal.timeout(milliseconds), inFlight.signal]),
    dispose: () => disposed.abort(),
  };
}
