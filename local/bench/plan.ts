import type { Quota } from '../simulator/token-bucket.ts';
import type { Contest } from './contest.ts';
import type { StrategyName } from './strategies.ts';

/** Strategies side by side under one quota. */
export interface Comparison {
  readonly quota: Quota | 'unlimited';
  /** About 100 seconds of work where there is a quota. */
  readonly users: number;
  readonly strategies: readonly StrategyName[];
  /** Users of the same contest next to somebody who uses a fifth of the quota; ours then has 0.8 of it. */
  readonly usersBesideNeighbour?: number;
  readonly besideNeighbour?: readonly StrategyName[];
}

/** What a bench measures. */
export interface Plan {
  readonly comparisons: readonly Comparison[];
  readonly growingNeighbour?: Contest;
  readonly storm?: Contest;
  /** Numbers of users exported without a quota, for their memory. */
  readonly memoryUsers: readonly number[];
  /** Starts of a process that imports the worker. */
  readonly imports: number;
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

const comparison = (
  requestsPerSecond: number,
  burst: number,
  users: number,
  usersBesideNeighbour: number,
): Comparison => ({
  quota: { requestsPerSecond, burst },
  users,
  strategies: RIVALS,
  usersBesideNeighbour,
  besideNeighbour: RIVALS,
});

/** Half an hour to an hour. */
export const FULL: Plan = {
  comparisons: [
    comparison(2, 5, 200, 80),
    comparison(20, 25, 2_000, 800),
    comparison(200, 200, 20_000, 8_000),
    { quota: 'unlimited', users: 20_000, strategies: [...SCRIPTS, ...BARE_AND_OURS] },
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
  imports: 15,
};

/** Under two minutes on a quiet machine. */
export const QUICK: Plan = {
  comparisons: [
    {
      quota: { requestsPerSecond: 200, burst: 200 },
      users: 3_000,
      strategies: RIVALS,
      usersBesideNeighbour: 1_000,
      besideNeighbour: ['ours'],
    },
    { quota: 'unlimited', users: 10_000, strategies: BARE_AND_OURS },
  ],
  memoryUsers: [],
  imports: 5,
};
