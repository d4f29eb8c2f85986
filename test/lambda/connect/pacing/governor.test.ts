import fc from 'fast-check';
import {
  burstOf,
  catchUpOf,
  type Grant,
  governor,
} from '../../../../lambda/connect/pacing/governor.ts';
import { FULL } from '../../../support/breadth.ts';
import { virtualTimers } from '../../../support/virtual-timers.ts';

/** Requests per second from one in ten seconds to far more than Connect ever gave. */
const anyRate = fc.double({ min: 0.1, max: 500, noNaN: true });

/** When callers come, as the pauses between them in milliseconds: crowds and lulls. */
const anyArrivals = fc.array(
  fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 5_000 })),
  { minLength: 1, maxLength: 80 },
);

const anyLateness = fc.integer({ min: 0, max: 60 });

interface Arrival {
  readonly index: number;
  readonly at: number;
}

/** Lets callers come and gives the times at which they were let go, in that order. */
async function grants(
  rate: number,
  pauses: readonly number[],
  lateness: number,
): Promise<Arrival[]> {
  const timers = virtualTimers(() => lateness);
  const paced = governor(rate, timers);
  const released: Arrival[] = [];
  for (const [index, pause] of pauses.entries()) {
    await timers.advance(pause);
    void paced.acquire().then(() => released.push({ index, at: timers.now() }));
  }
  const longest = (pauses.length / rate) * 1000 + (pauses.length + 1) * (lateness + 1);
  await timers.advance(longest);
  return released;
}

describe('a governor', () => {
  it('never gives leave to more than burst + rate × t in any time t', async () => {
    await fc.assert(
      fc.asyncProperty(anyRate, anyArrivals, anyLateness, async (rate, pauses, lateness) => {
        const released = await grants(rate, pauses, lateness);
        for (const [first, from] of released.entries()) {
          for (const [last, to] of released.entries()) {
            if (last < first) continue;
            const atOnce = Math.max(burstOf(rate), catchUpOf(rate));
            const allowed = atOnce + (rate * (to.at - from.at)) / 1000;
            expect(last - first + 1).toBeLessThanOrEqual(allowed + 1e-6);
          }
        }
      }),
    );
  });

  it('serves everybody, and in the order of coming', async () => {
    await fc.assert(
      fc.asyncProperty(anyRate, anyArrivals, anyLateness, async (rate, pauses, lateness) => {
        const released = await grants(rate, pauses, lateness);
        expect(released.map(({ index }) => index)).toEqual([...pauses.keys()]);
      }),
    );
  });

  it('loses nothing to late timers: a crowd is served at the full rate', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.double({ min: 1, max: 500, noNaN: true }),
        anyLateness,
        fc.integer({ min: 1, max: 300 }),
        async (rate, lateness, callers) => {
          const released = await grants(
            rate,
            Array(callers).fill(0),
            Math.min(lateness, 500 / rate),
          );
          const ideal = (Math.max(0, callers - burstOf(rate)) / rate) * 1000;
          expect(released.at(-1)?.at).toBeLessThanOrEqual(ideal + lateness + 2 + 1000 / rate);
        },
      ),
    );
  });

  it('loses no token to those who leave the queue', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyRate,
        fc.array(fc.boolean(), { minLength: 1, maxLength: 60 }),
        async (rate, stays) => {
          const timers = virtualTimers();
          const paced = governor(rate, timers);
          const queued = stays.slice(Math.floor(burstOf(rate)));
          const leaving = new AbortController();
          const reason = new Error('left');
          const outcomes = stays.map((stay) =>
            paced.acquire(stay ? undefined : leaving.signal).then(
              () => timers.now(),
              (error: unknown) => error,
            ),
          );
          await timers.advance(0);
          leaving.abort(reason);
          await timers.advance((stays.length / rate) * 1000 + stays.length);

          const later = (await Promise.all(outcomes)).slice(stays.length - queued.length);
          expect(later.filter((outcome) => outcome === reason)).toHaveLength(
            queued.filter((stay) => !stay).length,
          );
          const times = later.filter((outcome) => typeof outcome === 'number');
          const spare = burstOf(rate) % 1;
          for (const [index, time] of times.entries()) {
            expect(time).toBeGreaterThanOrEqual(((index + 1 - spare) / rate) * 1000 - 1e-6);
            expect(time).toBeLessThan(((index + 1 - spare) / rate) * 1000 + 2 + index);
          }
        },
      ),
    );
  });

  it('refuses at once whoever comes with an aborted signal', async () => {
    const reason = new Error('too late');
    const paced = governor(10, virtualTimers());
    await expect(paced.acquire(AbortSignal.abort(reason))).rejects.toBe(reason);
  });

  it('leaves no alarm and no listener behind', async () => {
    const timers = virtualTimers();
    const paced = governor(1, timers);
    const leaving = new AbortController();
    const remove = jest.spyOn(leaving.signal, 'removeEventListener');
    for (let token = 0; token < Math.floor(burstOf(1)); token++) await paced.acquire();
    const served = paced.acquire(leaving.signal);
    await timers.advance(1000);
    await served;
    expect(remove).toHaveBeenCalledTimes(1);
    const waiting = paced.acquire(leaving.signal);
    leaving.abort();
    await expect(waiting).rejects.toThrow();
    expect(timers.alarms()).toBe(0);
  });
});

describe('the rate', () => {
  /** Time passes, and requests are let go and answered. */
  const anyWeather = fc.array(
    fc.oneof(
      fc.record({ pass: fc.integer({ min: 0, max: 20_000 }) }),
      fc.record({ answer: fc.constantFrom('succeeded' as const, 'throttled' as const) }),
      fc.record({ adopt: fc.double({ min: 0, max: 1000, noNaN: true }) }),
    ),
    { maxLength: 200 },
  );

  it('stays between floor and bound, whatever happens', async () => {
    await fc.assert(
      fc.asyncProperty(anyRate, anyWeather, async (bound, weather) => {
        const timers = virtualTimers();
        const paced = governor(bound, timers);
        for (const event of weather) {
          if ('pass' in event) await timers.advance(event.pass);
          else if ('adopt' in event) paced.adopt(event.adopt);
          else {
            const grant = paced.acquire();
            await timers.advance(10_001);
            paced[event.answer](await grant);
          }
          expect(paced.rate()).toBeLessThanOrEqual(bound);
          expect(paced.rate()).toBeGreaterThanOrEqual(Math.min(0.1, bound));
        }
      }),
      { numRuns: FULL ? 50 : 10 },
    );
  });

  /** So many requests on their way at once. */
  async function inFlight(bound: number, requests: number) {
    const timers = virtualTimers();
    const paced = governor(bound, timers);
    const pending = Array.from({ length: requests }, () => paced.acquire());
    await timers.advance(60_000);
    return { timers, paced, grants: await Promise.all(pending) };
  }

  it('is cut once for all requests that were on their way', async () => {
    const { paced, grants } = await inFlight(10, 20);
    for (const grant of grants) paced.throttled(grant);
    expect(paced.rate()).toBeCloseTo(7);
  });

  it('is cut again for a request sent after the cut', async () => {
    const { timers, paced, grants } = await inFlight(10, 1);
    for (const grant of grants) paced.throttled(grant);
    const next = paced.acquire();
    await timers.advance(1000);
    paced.throttled(await next);
    expect(paced.rate()).toBeCloseTo(4.9);
  });

  it('is not restored by answers to requests sent before the cut', async () => {
    const { timers, paced, grants } = await inFlight(10, 20);
    const [first = 0, ...others] = grants;
    paced.throttled(first);
    await timers.advance(5000);
    for (const grant of others) paced.succeeded(grant);
    expect(paced.rate()).toBeCloseTo(7);
  });

  it('lets nobody go on tokens saved before a cut', async () => {
    const { timers, paced, grants } = await inFlight(10, 1);
    for (const grant of grants) paced.throttled(grant);
    const release = jest.fn();
    void paced.acquire().then(release);
    await timers.advance(1000 / 7 - 2);
    expect(release).not.toHaveBeenCalled();
    await timers.advance(4);
    expect(release).toHaveBeenCalled();
  });

  it('saves up no more than it gives out while it is cut', async () => {
    const timers = virtualTimers();
    const paced = governor(200, timers);
    paced.adopt(2);
    await timers.advance(60_000);
    const release = jest.fn();
    for (let caller = 0; caller < 100; caller++) void paced.acquire().then(release);
    await timers.advance(0);
    expect(release.mock.calls.length).toBeLessThanOrEqual(2);
  });

  /** Keeps one request on its way, answered at once, and gives the rate second by second. */
  async function recovery(bound: number, from: number, seconds: number): Promise<number[]> {
    const timers = virtualTimers();
    const paced = governor(bound, timers);
    paced.adopt(from);
    const answer = (grant: Grant): Promise<void> => {
      paced.succeeded(grant);
      return paced.acquire().then(answer);
    };
    void paced.acquire().then(answer);
    const rates: number[] = [];
    for (let second = 0; second < seconds; second++) {
      await timers.advance(1000);
      rates.push(paced.rate());
    }
    return rates;
  }

  it.each([2, 20, 200])('is back at %d/s within two minutes from the slowest', async (bound) => {
    expect((await recovery(bound, 0, 120)).at(-1)).toBe(bound);
  });

  it.each([2, 20, 200])('ramps up to %d/s without a jump', async (bound) => {
    const rates = await recovery(bound, 0, 120);
    for (const [second, rate] of rates.entries()) {
      expect(rate - (rates[second - 1] ?? 0.1)).toBeLessThanOrEqual((2 * bound) / 60 + 1e-6);
    }
  });

  it('learned by an earlier process comes without a burst, and never above the bound', async () => {
    const timers = virtualTimers();
    const paced = governor(10, timers);
    paced.adopt(50);
    expect(paced.rate()).toBe(10);
    const release = jest.fn();
    for (let caller = 0; caller < 5; caller++) void paced.acquire().then(release);
    await timers.advance(0);
    expect(release).toHaveBeenCalledTimes(1);
  });

  it('does not rise to what another process learned before it was cut here', async () => {
    const { paced, grants } = await inFlight(10, 1);
    for (const grant of grants) paced.throttled(grant);
    paced.adopt(9);
    expect(paced.rate()).toBeCloseTo(7);
  });

  it('follows a new limit down, and up where it was not cut', () => {
    const paced = governor(10, virtualTimers());
    paced.limit(4);
    expect(paced.rate()).toBe(4);
    paced.limit(20);
    expect(paced.rate()).toBe(20);
    paced.adopt(5);
    paced.limit(40);
    expect(paced.rate()).toBe(5);
  });
});
