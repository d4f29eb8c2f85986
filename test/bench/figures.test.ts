import {
  cpuMsPerThousand,
  derivingCpuSeconds,
  derivingPeakMb,
  derivingSeconds,
  derivingToReading,
  idealSeconds,
  neighbourRefused,
  rise,
  secondsUntil,
  throttledPerHundred,
  timeToIdeal,
  usersLost,
} from '../../bench/figures.ts';
import { cost, derivation, results, score } from './scores.ts';

const NO_CALLS = { ok: 0, throttled: 0, refused: 0, failed: 0 };

describe('the figures of a bench', () => {
  it('take the burst as given at once, and the share as the rate', () => {
    expect(idealSeconds(score().contest)).toBe(100);
    expect(idealSeconds({ ...score().contest, share: 0.5 })).toBe(200);
    expect(timeToIdeal(score({ seconds: 103 }))).toBeCloseTo(1.03);
  });

  it('know no ideal without a quota', () => {
    expect(timeToIdeal(score({ contest: { ...score().contest, quota: 'unlimited' } }))).toBe(
      undefined,
    );
  });

  it('count losses, refusals and costs', () => {
    expect(usersLost(score({ exported: 2_000 }))).toBe(25);
    expect(throttledPerHundred(score({ ours: { ...NO_CALLS, ok: 200, throttled: 3 } }))).toBe(1.5);
    expect(neighbourRefused(score({ neighbour: { ...NO_CALLS, ok: 75, throttled: 25 } }))).toBe(25);
    expect(cpuMsPerThousand(score({ exported: 4_000, cpuSeconds: 2 }))).toBe(500);
  });

  it('say nothing absurd of work that was not done', () => {
    const nothing = score({ exported: 0, ours: NO_CALLS });
    expect(throttledPerHundred(nothing)).toBe(0);
    expect(neighbourRefused(nothing)).toBe(100);
    expect(cpuMsPerThousand(nothing)).toBeGreaterThan(0);
  });

  it('tell memory that grows from memory that was taken at the start', () => {
    const growing = Array.from({ length: 40 }, (_, index) => 100 + index);
    expect(rise(score({ residentMb: [40, ...Array(39).fill(120)] }))).toBe(0);
    expect(rise(score({ residentMb: growing }))).toBe(20);
  });

  it('take of a derivation the least time and the most memory of all turns', () => {
    const turns = [
      {
        reading: cost({ cpuSeconds: 2 }),
        deriving: cost({ seconds: 6, cpuSeconds: 3, peakMb: 90 }),
      },
      {
        reading: cost({ cpuSeconds: 1 }),
        deriving: cost({ seconds: 5, cpuSeconds: 4, peakMb: 99 }),
      },
    ];
    const measured = derivation({ turns });
    expect(derivingSeconds(measured)).toBe(5);
    expect(derivingCpuSeconds(measured)).toBe(3);
    expect(derivingToReading(measured)).toBe(3);
    expect(derivingPeakMb(measured)).toBe(99);
  });

  it('tell when the pace has changed, and that it has not', () => {
    const { growingNeighbour = score() } = results();
    expect(secondsUntil(growingNeighbour, 30, (rate) => rate <= 9)).toBe(9);
    expect(secondsUntil(growingNeighbour, 90, (rate) => rate >= 15)).toBe(39);
    expect(secondsUntil(growingNeighbour, 30, (rate) => rate > 99)).toBeUndefined();
  });
});
