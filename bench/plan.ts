import type { Quota } from '../simulator/quota.ts';
import type { Contest } from './contest.ts';
import type { DerivationPlan } from './derivation.ts';
import type { QuestionsPlan } from './questions.ts';
import type { StrategyName } from './strategies.ts';

/** Strategies side by side under one quota. */
export interface Comparison {
  readonly quota: Quota | 'unlimited';
  /** Where there is a quota, in the full plan, about 100 seconds of work. */
  readonly users: number;
  readonly strategies: readonly StrategyName[];
  /** Users of the same contest next to somebody who uses a fifth of the quota; ours then has 0.8 of it. */
  readonly usersBesideNeighbour?: number;
  readonly besideNeighbour?: readonly StrategyName[];
  /** Whether the strategies, each with a simulator of its own, work at once: where they leave the machine idle, and time is short. */
  readonly isSideBySide: boolean;
  /** How often each strategy has its turn; what counts is the fastest turn. */
  readonly turns: number;
}

/** What a bench measures. */
export interface Plan {
  readonly comparisons: readonly Comparison[];
  readonly growingNeighbour?: Contest;
  readonly storm?: Contest;
  /** Numbers of users exported without a quota, for their memory. */
  readonly memoryUsers: readonly number[];
  /** Pairs of snapshots from which the newest rows and the changes are derived. */
  readonly derivations: readonly DerivationPlan[];
  /** Folders in which each saved query is asked. */
  readonly questions: readonly QuestionsPlan[];
  /** Starts of a process that imports the worker. */
  readonly imports: number;
  /** Starts of the built command, of each kind. */
  readonly starts: number;
}

const SCRIPTS = [
  'one by one, SDK defaults',
  'p-limit(10), SDK defaults',
  'p-limit(10), maxAttempts 10',
  'p-limit(10), adaptive',
] as const satisfies readonly StrategyName[];

const RIVALS: readonly StrategyName[] = [...SCRIPTS, 'ours'];

const BARE_AND_OURS: readonly StrategyName[] = ['bare loop, as many in flight as ours', 'ours'];

const MIDDLING: Quota = { requestsPerSecond: 20, burst: 25 };

const comparison = (quota: Quota, users: number, usersBesideNeighbour: number): Comparison => ({
  quota,
  users,
  strategies: RIVALS,
  usersBesideNeighbour,
  besideNeighbour: RIVALS,
  isSideBySide: false,
  turns: 1,
});

const unlimited = (users: number, strategies: readonly StrategyName[], turns = 1): Comparison => ({
  quota: 'unlimited',
  users,
  strategies,
  isSideBySide: false,
  turns,
});

/** About an hour. */
export const FULL: Plan = {
  comparisons: [
    comparison({ requestsPerSecond: 2, burst: 5 }, 200, 150),
    comparison(MIDDLING, 2_000, 1_500),
    comparison({ requestsPerSecond: 200, burst: 200 }, 20_000, 4_000),
    unlimited(20_000, SCRIPTS),
    unlimited(20_000, BARE_AND_OURS, 3),
  ],
  growingNeighbour: {
    strategy: 'ours',
    users: 2_900,
    quota: MIDDLING,
    share: 0.8,
    neighbour: [
      { seconds: 30, requestsPerSecond: 4 },
      { seconds: 60, requestsPerSecond: 12 },
    ],
  },
  storm: {
    strategy: 'ours',
    users: 1_600,
    quota: MIDDLING,
    share: 1,
    storm: { afterSeconds: 10, seconds: 60 },
  },
  memoryUsers: [10_000, 100_000, 1_000_000],
  derivations: [
    { users: 50_000, turns: 3 },
    { users: 1_000_000, turns: 1 },
  ],
  questions: [{ users: 8_000, dates: 400 }],
  imports: 40,
  starts: 20,
};

/** Under two minutes, if nothing else is going on. */
export const QUICK: Plan = {
  comparisons: [
    { ...comparison(MIDDLING, 1_000, 700), isSideBySide: true },
    unlimited(8_000, BARE_AND_OURS, 3),
  ],
  memoryUsers: [],
  derivations: [
    { users: 50_000, turns: 3 },
    // Compared in groups, so that what is kept of the lines of others shows in the memory.
    { users: 150_000, turns: 1 },
  ],
  questions: [{ users: 1_000, dates: 60 }],
  imports: 20,
  starts: 10,
};
