import { DEFAULT_QUOTA } from '../../../contract/pace.ts';
import type { Timers } from './timers.ts';

/**
 * What a cut leaves of the rate: gentle enough that one stray refusal costs under three seconds of
 * work, harsh enough to give way to a neighbour within seconds (docs/adr/0002-pacing.md).
 */
const CUT = 0.7;

/** How long it takes from a standstill back to the full share, where every request is answered. */
const RESTORE_MS = 60_000;

/** The most that one answer may restore, as time: after a silence the rate ramps up, it does not jump. */
const RESTORE_STEP_MS = 1_000;

/** The slowest rate, in requests per second: a probe every ten seconds, however bad the weather. */
const FLOOR = 0.1;

/** How late a timer may ring without costing any of the rate, in seconds: longer than a busy event loop usually is. */
const CATCH_UP_SECONDS = 0.05;

/** The shortest pause, in milliseconds: below it, rounding could set an alarm for the very moment it rings. */
const SHORTEST_PAUSE_MS = 0.001;

/**
 * How many requests may go out at once after a pause.
 *
 * AWS documents a burst of 5 for the default of 2/s and nothing for raised quotas. Of those 5 we take
 * 3 (a second and a half's worth, so that a smaller share takes less): what is left absorbs the jitter of
 * the network and belongs to the neighbours. Above the default's rate nothing is taken for granted, so nothing is saved up.
 */
export const burstOf = (requestsPerSecond: number): number =>
  requestsPerSecond > DEFAULT_QUOTA ? 1 : Math.max(1, Math.min(3, 1.5 * requestsPerSecond));

/** How many requests may go out at once because a timer was late: made good is one request, or that much time. */
export const catchUpOf = (requestsPerSecond: number): number =>
  1 + Math.max(1, CATCH_UP_SECONDS * requestsPerSecond);

/** Leave to send one request. It tells which cut of the rate was the last when it was given. */
export type Grant = number;

/** Decides when a request may be sent: one governor for each operation, since each has its own quota. */
export interface Governor {
  /**
   * Waits for leave to send one request, first come, first served.
   *
   * @param signal leaves the queue; the promise rejects with the signal's reason and no token is lost
   */
  acquire(signal?: AbortSignal): Promise<Grant>;
  /** The request was refused for the quota: cuts the rate, once for all requests sent before the cut. */
  throttled(grant: Grant): void;
  /** The request was answered: restores some of what was cut. */
  succeeded(grant: Grant): void;
  /** The rate in force, in requests per second. */
  rate(): number;
  /**
   * Goes on with the rate of a process that worked a moment ago, and without a burst: that one spent it. What this process has learned
   * itself, in slices before, is not forgotten: the rate does not rise.
   */
  adopt(requestsPerSecond: number): void;
  /** Sets the rate that is never exceeded. */
  limit(requestsPerSecond: number): void;
}

/**
 * A token bucket whose rate gives way where requests are refused (multiplicatively) and returns where they
 * are answered (additively).
 *
 * Tokens grow with the time that has passed, never with the ticks of a timer, so a late timer costs nothing: it
 * lets several requests go.
 *
 * @param requestsPerSecond the share of the quota in force; the upper bound of the rate
 */
export function governor(requestsPerSecond: number, timers: Timers): Governor {
  const waiting = new Set<(grant: Grant) => void>();
  let bound = requestsPerSecond;
  let rate = bound;
  let tokens = burstOf(bound);
  let countedAt = timers.now();
  let restoredAt = countedAt;
  let cuts = 0;
  let disarm = () => {};

  function count(): number {
    const now = timers.now();
    // While the rate is cut, so is the burst: a crowd waiting at the end of a storm must not be let go at once.
    const burst = Math.max(1, burstOf(bound) * (rate / bound));
    const capacity = waiting.size > 0 ? Math.max(burst, catchUpOf(rate)) : burst;
    tokens = Math.min(capacity, tokens + (rate * (now - countedAt)) / 1000);
    countedAt = now;
    return now;
  }

  function take(): boolean {
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  }

  function release(): void {
    count();
    for (const grant of waiting) {
      if (!take()) break;
      waiting.delete(grant);
      grant(cuts);
    }
    arm();
  }

  function arm(): void {
    disarm();
    if (waiting.size === 0) return;
    disarm = timers.after(Math.max(SHORTEST_PAUSE_MS, (1000 * (1 - tokens)) / rate), release);
  }

  return {
    async acquire(signal) {
      signal?.throwIfAborted();
      count();
      if (waiting.size === 0 && take()) return cuts;
      return new Promise((resolve, reject) => {
        const leave = () => {
          waiting.delete(enter);
          arm();
          reject(signal?.reason);
        };
        const enter = (grant: Grant) => {
          signal?.removeEventListener('abort', leave);
          resolve(grant);
        };
        signal?.addEventListener('abort', leave, { once: true });
        waiting.add(enter);
        release();
      });
    },

    throttled(grant) {
      if (grant !== cuts) return;
      restoredAt = count();
      cuts += 1;
      rate = Math.max(Math.min(FLOOR, bound), rate * CUT);
      tokens = 0;
      arm();
    },

    succeeded(grant) {
      if (grant !== cuts || rate === bound) return;
      const now = count();
      const step = Math.min(RESTORE_STEP_MS, now - restoredAt);
      rate = Math.min(bound, rate + bound * (step / RESTORE_MS));
      restoredAt = now;
      arm();
    },

    rate: () => rate,

    adopt(requestsPerSecond) {
      restoredAt = count();
      rate = Math.min(rate, Math.max(FLOOR, requestsPerSecond));
      tokens = Math.min(tokens, 1);
      arm();
    },

    limit(requestsPerSecond) {
      count();
      rate = rate === bound ? requestsPerSecond : Math.min(rate, requestsPerSecond);
      bound = requestsPerSecond;
      arm();
    },
  };
}
