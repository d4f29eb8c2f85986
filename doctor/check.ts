import type { Call } from '../aws/ask.ts';

/**
 * What a check came to: all is well; it may not stay so, or is not known; something does not work or will not; nobody was asked.
 */
export type Mark = 'ok' | 'warning' | 'failed' | 'not asked';

/** One line of the checklist. */
export interface Finding {
  readonly mark: Mark;
  /** What was found, in a sentence without its full stop. Holds no user's data. */
  readonly says: string;
  /** What to do: a command, a sentence, or a heading of a document. Of `warning` and `failed`. */
  readonly remedy?: string;
  /** What it is about, where a finding of another check kept it from being asked. */
  readonly keptBack?: string;
}

/** What a check hands to the checks that need it, and what it found. */
interface Found<Fact> {
  readonly findings: readonly Finding[];
  /** Absent where there is nothing to hand on: checks that need it are then not asked. */
  readonly fact?: Fact;
}

/** One thing that is looked at. */
export interface Check<Need, Fact = undefined> {
  /** Names it in JSON and in `--dry-run`; in lower case, with hyphens. */
  readonly id: string;
  /** What it is about, at the beginning of a sentence, such as `The schedule`. */
  readonly about: string;
  /** All requests that it can make, by the IAM actions that allow them. */
  readonly calls: readonly Call[];
  /** How long it may take, in seconds. Default 20: AWS answers within one or has a problem. */
  readonly seconds?: number;
  /**
   * Looks.
   *
   * @param need what other checks have found
   * @param signal aborts requests that take too long
   * @throws whatever AWS answers: the runner puts it into words
   */
  run(need: Need, signal: AbortSignal): Promise<Found<Fact>>;
}

export const ok = (says: string): Finding => ({ mark: 'ok', says });

export const warning = (says: string, remedy: string): Finding => ({
  mark: 'warning',
  says,
  remedy,
});

export const failed = (says: string, remedy: string): Finding => ({ mark: 'failed', says, remedy });

export const notAsked = (says: string): Finding => ({ mark: 'not asked', says });

/** Of a check that needs what another one did not find. */
export const keptBack = (about: string): Finding => ({
  ...notAsked(`${about}: not asked, because of a finding above`),
  keptBack: about,
});

/** Where a document says more, by a heading of it. */
export const inDocument = (document: string, heading: string): string =>
  `see docs/${document}#${heading
    .toLowerCase()
    .replaceAll(/[^a-z0-9 -]/g, '')
    .replaceAll(' ', '-')}`;

/** A heading of the runbook. */
export const inRunbook = (heading: string): string => inDocument('runbook.md', heading);
