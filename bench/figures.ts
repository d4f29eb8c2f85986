import type { Contest, Score, Second } from './contest.ts';
import type { Cost } from './cost.ts';
import type { Derivation } from './derivation.ts';

/** How long the work takes at the least: the burst at once, the rest at the rate. Undefined without a quota. */
export function idealSeconds({ quota, users, share }: Contest): number | undefined {
  if (quota === 'unlimited') return undefined;
  return (users - quota.burst) / (quota.requestsPerSecond * share);
}

export const usersLost = ({ contest, exported }: Score): number => contest.users - exported;

export const throttledPerHundred = ({ ours }: Score): number =>
  (100 * ours.throttled) / Math.max(1, ours.ok);

export const usersPerSecond = ({ exported, seconds }: Score): number => exported / seconds;

export function timeToIdeal(score: Score): number | undefined {
  const ideal = idealSeconds(score.contest);
  return ideal === undefined ? undefined : score.seconds / ideal;
}

/** Of the neighbour's calls, in percent; all of them where none got through. */
export const neighbourRefused = ({ neighbour: { ok, throttled } }: Score): number =>
  ok === 0 ? 100 : (100 * throttled) / (ok + throttled);

export const cpuMsPerThousand = ({ cpuSeconds, exported }: Score): number =>
  (1_000_000 * cpuSeconds) / Math.max(1, exported);

/** The one in the middle; of an even number, the larger of the two. */
export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

/** How much more is resident in the last quarter of the work than in the second one, in MB. */
export function rise({ residentMb }: Score): number {
  const quarter = Math.floor(residentMb.length / 4);
  return median(residentMb.slice(3 * quarter)) - median(residentMb.slice(quarter, 2 * quarter));
}

type Side = 'reading' | 'deriving';

/** The least that any turn took: whatever else the machine does can only add to it. */
const least = ({ turns }: Derivation, side: Side, figure: (cost: Cost) => number): number =>
  Math.min(...turns.map((turn) => figure(turn[side])));

export const derivingSeconds = (derivation: Derivation): number =>
  least(derivation, 'deriving', ({ seconds }) => seconds);

export const derivingCpuSeconds = (derivation: Derivation): number =>
  least(derivation, 'deriving', ({ cpuSeconds }) => cpuSeconds);

/** Processor time, of which other work on the machine takes none away. */
export const derivingToReading = (derivation: Derivation): number =>
  derivingCpuSeconds(derivation) / least(derivation, 'reading', ({ cpuSeconds }) => cpuSeconds);

/** The most that any turn took. */
export const derivingPeakMb = ({ turns }: Derivation): number =>
  Math.max(...turns.map(({ deriving }) => deriving.peakMb));

const meanOurs = (course: readonly Second[]): number =>
  course.reduce((sum, { ours }) => sum + ours, 0) / Math.max(1, course.length);

/** Seconds smoothed over, so that one busy second does not count as a change. */
const WINDOW = 5;

/** Seconds from a moment on until our calls stay within bounds for a while, if they come to. */
export function secondsUntil(
  { course }: Score,
  from: number,
  isReached: (callsPerSecond: number) => boolean,
): number | undefined {
  for (let second = from; second + WINDOW <= course.length; second++) {
    if (isReached(meanOurs(course.slice(second, second + WINDOW)))) return second - from;
  }
  return undefined;
}
