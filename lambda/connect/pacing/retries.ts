import type { RetryErrorInfo, RetryStrategyV2, RetryToken } from '@smithy/types';
import { type AwsFault, awsFault, holdsNoError } from '../../aws-fault.ts';
import type { Warnings } from './rate.ts';
import type { Timers } from './timers.ts';

/** How long one request is tried again before its user is given up on; milliseconds. */
export interface Patience {
  /** With errors of the service and of the network, since the first of them or the last throttling. */
  readonly troubleMs: number;
  /** With throttling, since the first failure of any kind. */
  readonly throttledMs: number;
}

/**
 * Three minutes outlast a failover or a lost connection. Throttling is no trouble but a full quota: it
 * may take as long as a whole invocation of the worker.
 */
export const PATIENCE: Patience = { troubleMs: 3 * 60_000, throttledMs: 15 * 60_000 };

/** Of what a snapshot can do without: it must not keep the users waiting. What AWS says is told, not that time was over. */
export const BRIEF_PATIENCE: Patience = { troubleMs: 60_000, throttledMs: 60_000 };

/** The first pause after trouble is shorter than this, each further one up to twice as long … */
const FIRST_PAUSE_MS = 100;

/** … but never longer than this. */
const LONGEST_PAUSE_MS = 10_000;

/** A person is told of trouble that has outlasted this many attempts; less than that passes unnoticed. */
const TOLD_AFTER_TROUBLES = 4;

function inWords(fault: AwsFault): string {
  const { cause, name, status, reason } = fault;
  if (cause === 'proxy') return `The proxy gives no connection (${reason})`;
  if (holdsNoError(fault)) return `HTTP ${status} comes back, but not what Connect answers`;
  return `Connect does not answer (${name})`;
}

/** Tells the SDK's retries to throw the error that they have. */
const notAgain = new Error('not to be tried again');

interface PatientToken extends RetryToken {
  readonly failingSince?: number;
  readonly troubleSince?: number;
  /** Failures in a row that were not throttling. */
  readonly troubles: number;
}

const token = (
  retries: number,
  pauseMs: number,
  history: Pick<PatientToken, 'failingSince' | 'troubleSince' | 'troubles'>,
): PatientToken => ({
  ...history,
  getRetryCount: () => retries,
  getRetryDelay: () => pauseMs,
});

/**
 * Retries measured in each request's own time, where the SDK's strategies have a budget that all requests share
 * and that a burst of refusals uses up (docs/adr/0002-pacing.md).
 *
 * A throttled request is tried again at once: the governor, whose leave every attempt needs, is its pause.
 *
 * @param random from 0 to below 1; spreads the pauses, so that requests which failed together do not return together
 * @param warnings hears of lasting trouble, once until a request succeeds
 */
export function patientRetries(
  patience: Patience,
  timers: Timers,
  random: () => number,
  warnings: Warnings,
): RetryStrategyV2 {
  let told = false;

  function tell(error: unknown): void {
    if (told) return;
    told = true;
    const minutes = Math.round(patience.troubleMs / 60_000);
    warnings.warn(`${inWords(awsFault(error))}; trying again for up to ${minutes} minutes.`);
  }

  function next(failed: PatientToken, { errorType, error }: RetryErrorInfo): PatientToken {
    const now = timers.now();
    const retries = failed.getRetryCount() + 1;
    const failingSince = failed.failingSince ?? now;
    if (errorType === 'CLIENT_ERROR') throw notAgain;
    if (errorType === 'THROTTLING') {
      if (now - failingSince >= patience.throttledMs) throw notAgain;
      return token(retries, 0, { failingSince, troubles: 0 });
    }
    const troubleSince = failed.troubleSince ?? now;
    if (now - troubleSince >= patience.troubleMs) throw notAgain;
    const longest = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** failed.troubles);
    const troubles = failed.troubles + 1;
    if (troubles === TOLD_AFTER_TROUBLES) tell(error);
    return token(retries, random() * longest, { failingSince, troubleSince, troubles });
  }

  return {
    acquireInitialRetryToken: async () => token(0, 0, { troubles: 0 }),
    refreshRetryTokenForRetry: async (failed: PatientToken, failure) => next(failed, failure),
    recordSuccess() {
      told = false;
    },
  };
}
