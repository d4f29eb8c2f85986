/** A monotonic clock and its alarms; passed in, so that tests can run hours in a moment. */
export interface Timers {
  /** Milliseconds since some fixed moment; never goes back, whatever is done to the wall clock. */
  now(): number;
  /**
   * Calls back once, no earlier than after so many milliseconds but for rounding.
   *
   * @returns takes the call back
   */
  after(milliseconds: number, callback: () => void): () => void;
}

/** The process's own clock. A pending alarm keeps the process alive. */
export const systemTimers: Timers = {
  now: () => performance.now(),
  after(milliseconds, callback) {
    // Node.js cuts off the fraction: a timer rounded down would ring once for nothing.
    const timeout = setTimeout(callback, Math.ceil(milliseconds));
    return () => clearTimeout(timeout);
  },
};
