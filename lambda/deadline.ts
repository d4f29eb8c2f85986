import type { Deadline } from '../export/ports.ts';

/**
 * Time kept back at the end of an invocation. It covers the answers still in flight (`GRACE_MS`), closing
 * and recording the last part, and publishing: concatenating a snapshot of a million users takes well
 * under half a minute.
 */
export const SHUTDOWN_MARGIN_MS = 90_000;

/** How long requests in flight may still take once no further user is begun: one request time-out. */
const GRACE_MS = 30_000;

/** @param remainingMs milliseconds until Lambda ends the invocation */
export function lambdaDeadline(remainingMs: () => number): Deadline {
  const graceEnds = Math.max(0, remainingMs() - SHUTDOWN_MARGIN_MS + GRACE_MS);
  return {
    reached: () => remainingMs() <= SHUTDOWN_MARGIN_MS,
    signal: AbortSignal.timeout(graceEnds),
    within: (milliseconds) =>
      AbortSignal.timeout(Math.max(0, Math.min(milliseconds, remainingMs() - SHUTDOWN_MARGIN_MS))),
  };
}

/**
 * When nothing more is derived. A comparison that was begun is finished, and takes as long as the snapshots are large: none is
 * begun in the second half of the time.
 */
export function halfTime(remainingMs: () => number): Pick<Deadline, 'reached'> {
  const half = remainingMs() / 2;
  return { reached: () => remainingMs() < half };
}
