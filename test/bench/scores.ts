import type { Score } from '../../bench/contest.ts';
import type { Cost } from '../../bench/cost.ts';
import type { Derivation } from '../../bench/derivation.ts';
import type { Results } from '../../bench/measure.ts';
import type { Questions } from '../../bench/questions.ts';

const NO_CALLS = { ok: 0, throttled: 0, refused: 0, failed: 0 };

/** A contest of ours at 20/s that went as well as it can. */
export const score = (changes: Partial<Score> = {}): Score => ({
  contest: {
    strategy: 'ours',
    users: 2_025,
    quota: { requestsPerSecond: 20, burst: 25 },
    share: 1,
  },
  exported: 2_025,
  seconds: 100,
  cpuSeconds: 2,
  startMb: 60,
  peakMb: 150,
  residentMb: Array(40).fill(120),
  ours: { ...NO_CALLS, ok: 2_025 },
  neighbour: NO_CALLS,
  course: [],
  ...changes,
});

export const cost = (changes: Partial<Cost> = {}): Cost => ({
  seconds: 2,
  cpuSeconds: 1,
  startMb: 50,
  peakMb: 80,
  residentMb: [],
  ...changes,
});

/** A derivation that went as well as it can. */
export const derivation = (changes: Partial<Derivation> = {}): Derivation => ({
  users: 50_000,
  changedUsers: 1_000,
  usersTold: 1_000,
  turns: [{ reading: cost(), deriving: cost({ seconds: 3, cpuSeconds: 2, peakMb: 200 }) }],
  ...changes,
});

/** Questions of which one is as quick as in a young folder, and two are of all dates. */
export const questions = (changes: Partial<Questions['asked'][number]> = {}): Questions => ({
  users: 8_000,
  dates: 400,
  asked: [
    {
      query: 'coverage-matrix',
      inAll: { cpuSeconds: 2.2, peakMb: 180 },
      inTwo: { cpuSeconds: 2, peakMb: 170 },
      ...changes,
    },
    {
      query: 'agent-history',
      inAll: { cpuSeconds: 3.6, peakMb: 200 },
      inTwo: { cpuSeconds: 2, peakMb: 170 },
    },
    {
      query: 'export-health',
      inAll: { cpuSeconds: 6, peakMb: 200 },
      inTwo: { cpuSeconds: 2, peakMb: 170 },
    },
  ],
});

const second = (ours: number, neighbour: number) => ({
  ours,
  oursRefused: 0,
  neighbour,
  neighbourRefused: 0,
});

const seconds = (count: number, ours: number, neighbour = 0) =>
  Array.from({ length: count }, () => second(ours, neighbour));

const unlimited = (strategy: Score['contest']['strategy'], took: number): Score =>
  score({
    contest: { strategy, users: 2_025, quota: 'unlimited', share: 1 },
    seconds: took,
  });

/** A bench of which every promise is kept. */
export const results = (changes: Partial<Results> = {}): Results => ({
  lines: [
    {
      score: score(),
      besideNeighbour: score({ neighbour: { ...NO_CALLS, ok: 500 } }),
    },
    { score: unlimited('bare loop, as many in flight as ours', 1) },
    { score: unlimited('ours', 1.1) },
  ],
  growingNeighbour: score({
    contest: {
      ...score().contest,
      neighbour: [
        { seconds: 30, requestsPerSecond: 4 },
        { seconds: 60, requestsPerSecond: 12 },
      ],
    },
    course: [
      ...seconds(30, 16, 4),
      ...seconds(10, 13, 7),
      ...seconds(50, 8, 12),
      ...seconds(40, 12),
      ...seconds(60, 16),
    ],
  }),
  storm: score({
    contest: { ...score().contest, storm: { afterSeconds: 10, seconds: 60 } },
    course: [...seconds(10, 20), ...seconds(60, 0), ...seconds(25, 5), ...seconds(60, 20)],
  }),
  memory: [score()],
  derivations: [derivation(), derivation({ users: 1_000_000 })],
  questions: [questions()],
  importTime: { workerMs: 100, clientsMs: 80 },
  startTime: { nodeMs: 40, helpMs: 90, exportMs: 190, listedMs: 480 },
  ...changes,
});
