import fc from 'fast-check';
import { governor } from '../../../../lambda/connect/pacing/governor.ts';
import { createTokenBucket, DEFAULT_QUOTA, type Quota } from '../../../../simulator/quota.ts';
import { FULL } from '../../../support/breadth.ts';
import { virtualTimers } from '../../../support/virtual-timers.ts';

interface Run {
  readonly requests: number;
  readonly refused: number;
}

/** A new process: nothing is asked for a while, then a crowd asks for as long as the run lasts. */
async function coldStart(
  quota: Quota,
  share: number,
  idleMs: number,
  runMs: number,
  lateness: () => number = () => 0,
): Promise<Run> {
  const timers = virtualTimers(lateness);
  const paced = governor(share * quota.requestsPerSecond, timers);
  await timers.advance(idleMs);
  const admit = createTokenBucket(quota, timers.now);
  const end = timers.now() + runMs;
  const run = { requests: 0, refused: 0 };
  const ask = async (): Promise<void> => {
    const grant = await paced.acquire();
    if (timers.now() >= end) return;
    run.requests += 1;
    const ok = admit();
    if (!ok) run.refused += 1;
    paced[ok ? 'succeeded' : 'throttled'](grant);
    return ask();
  };
  for (let caller = 0; caller < 100; caller++) void ask();
  await timers.advance(runMs);
  return run;
}

/** A share of a raised quota that is still above what AWS documents a burst for. */
const anyRaised = fc
  .record({
    requestsPerSecond: fc.integer({ min: 2, max: 500 }),
    share: fc.oneof(fc.constant(1), fc.double({ min: 0.1, max: 0.99, noNaN: true })),
    burst: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  .filter(({ requestsPerSecond, share }) => requestsPerSecond * share > 2)
  .map(({ requestsPerSecond, share, burst }) => ({
    quota: {
      requestsPerSecond,
      // With the whole quota, rounding alone would now and then find a bucket of one request empty.
      burst: Math.max(share === 1 ? 2 : 1, Math.round(burst * 2 * requestsPerSecond)),
    },
    share,
  }));

const anyIdle = fc.constantFrom(0, 10, 5_000);

describe('a cold start', () => {
  it('is not refused at a raised quota, whatever its burst', async () => {
    await fc.assert(
      fc.asyncProperty(anyRaised, anyIdle, async ({ quota, share }, idleMs) => {
        expect(await coldStart(quota, share, idleMs, 5_000)).toMatchObject({ refused: 0 });
      }),
      { numRuns: FULL ? 300 : 50 },
    );
  });

  it('is not refused at the smallest burst of any raised quota', async () => {
    await fc.assert(
      fc.asyncProperty(anyRaised, async ({ quota, share }) => {
        const smallest = { ...quota, burst: 1 };
        expect(await coldStart(smallest, Math.min(share, 0.99), 1_000, 2_000)).toMatchObject({
          refused: 0,
        });
      }),
      { numRuns: FULL ? 300 : 50 },
    );
  });

  it('loses no more than 1 % of a minute, late timers included', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyRaised,
        fc.integer({ min: 0, max: 20 }),
        async ({ quota, share }, lateness) => {
          const roomy = { ...quota, burst: 2 * quota.requestsPerSecond };
          const run = await coldStart(roomy, share, 0, 60_000, () => lateness);
          expect(run.refused).toBe(0);
          // The next request would have been the first after the end.
          const ideal = (run.requests + 1) / (share * quota.requestsPerSecond);
          expect(60 / ideal).toBeLessThanOrEqual(1.01);
        },
      ),
      { numRuns: FULL ? 50 : 10 },
    );
  });

  it('at 150/s with a burst of 30 is not refused once', async () => {
    const quota = { requestsPerSecond: 150, burst: 30 };
    for (const share of [0.8, 1]) {
      expect(await coldStart(quota, share, 10_000, 60_000)).toMatchObject({ refused: 0 });
    }
  });

  it('at the default quota uses three of the five requests that AWS documents as its burst', async () => {
    const run = await coldStart(DEFAULT_QUOTA, 1, 0, 59_900);
    expect(run).toEqual({ requests: 3 + 119, refused: 0 });
  });
});
