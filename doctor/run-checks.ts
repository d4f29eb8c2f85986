import { awsFault } from '../lambda/aws-fault.ts';
import { type Check, type Finding, failed, keptBack } from './check.ts';
import { lineOfFailure } from './unanswered.ts';

const DEFAULT_SECONDS = 20;

/** What a check found, by its id. */
export interface Line extends Finding {
  readonly check: string;
}

/** Gives a signal that aborts after so many seconds. */
export type Limits = (seconds: number) => AbortSignal;

/** Runs checks, each as soon as what it needs is known. */
export interface Run {
  /**
   * Begins a check. Never rejects.
   *
   * @param need what another check hands on; `undefined` where that one has nothing
   * @returns what the check hands on
   */
  start<Need, Fact>(
    check: Check<Need, Fact>,
    need: Promise<Need | undefined>,
  ): Promise<Fact | undefined>;
  /** All lines, in the order in which the checks were begun. */
  lines(): Promise<readonly Line[]>;
}

/** Whatever is thrown becomes a line. */
function lineOf(about: string, error: unknown): Finding {
  const line = lineOfFailure(error);
  if (line !== undefined) return line;
  const { name, reason } = awsFault(error);
  return failed(`${about} could not be looked at (${name}: ${reason})`, 'run doctor again');
}

/** Ends a wait, also for what does not heed the signal. */
function whenAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const abort = (): void => reject(signal.reason);
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  });
}

async function lookAt<Need, Fact>(
  check: Check<Need, Fact>,
  need: Need | undefined,
  limits: Limits,
): Promise<{ readonly findings: readonly Finding[]; readonly fact?: Fact | undefined }> {
  const { about, seconds = DEFAULT_SECONDS } = check;
  if (need === undefined) {
    return { findings: [keptBack(about)] };
  }
  const signal = limits(seconds);
  try {
    return await Promise.race([check.run(need, signal), whenAborted(signal)]);
  } catch (error) {
    if (signal.aborted) {
      return {
        findings: [
          failed(
            `${about}: no answer within ${seconds} seconds`,
            'look at the network, then run doctor again',
          ),
        ],
      };
    }
    return { findings: [lineOf(about, error)] };
  }
}

/** @param limits default: by the clock of this computer */
export function checkRun(limits: Limits = (seconds) => AbortSignal.timeout(seconds * 1000)): Run {
  const begun: Promise<readonly Line[]>[] = [];
  return {
    start(check, need) {
      const found = need.then((known) => lookAt(check, known, limits));
      begun.push(
        found.then(({ findings }) => findings.map((finding) => ({ check: check.id, ...finding }))),
      );
      return found.then(({ fact }) => fact);
    },
    async lines() {
      return (await Promise.all(begun)).flat();
    },
  };
}
