import fc from 'fast-check';
import { createTokenBucket } from '../../simulator/quota.ts';

const quotas = fc.record({
  requestsPerSecond: fc.double({ min: 0.1, max: 1000, noNaN: true }),
  burst: fc.integer({ min: 1, max: 100 }),
});

/** Milliseconds between one request and the next. */
const gaps = fc.array(fc.nat({ max: 2000 }), { maxLength: 200 });

test('in no stretch of time does more pass than the burst and what the rate adds', () => {
  fc.assert(
    fc.property(quotas, gaps, (quota, waits) => {
      let now = 0;
      const admit = createTokenBucket(quota, () => now);
      const passed: number[] = [];
      for (const wait of waits) {
        now += wait;
        if (admit()) passed.push(now);
      }
      for (const [i, from] of passed.entries()) {
        for (const [j, to] of passed.entries()) {
          if (j < i) continue;
          const most = quota.burst + ((to - from) / 1000) * quota.requestsPerSecond;
          expect(j - i + 1).toBeLessThanOrEqual(most + 1e-6);
        }
      }
    }),
  );
});

test('whoever keeps to the rate is never refused', () => {
  fc.assert(
    fc.property(quotas, fc.nat({ max: 300 }), (quota, requests) => {
      let now = 0;
      const admit = createTokenBucket(quota, () => now);
      for (let i = 0; i < requests; i++) {
        now += (1000 / quota.requestsPerSecond) * (1 + 1e-9);
        expect(admit()).toBe(true);
      }
    }),
  );
});

test('a full bucket bears its burst at once, and a refused request costs nothing', () => {
  let now = 0;
  const admit = createTokenBucket({ requestsPerSecond: 2, burst: 5 }, () => now);
  expect(Array.from({ length: 8 }, admit)).toEqual([
    ...Array(5).fill(true),
    ...Array(3).fill(false),
  ]);
  now = 499;
  expect(admit()).toBe(false);
  now = 500;
  expect([admit(), admit()]).toEqual([true, false]);
});

test('a clock that steps back refills nothing', () => {
  let now = 10_000;
  const admit = createTokenBucket({ requestsPerSecond: 1, burst: 1 }, () => now);
  expect(admit()).toBe(true);
  now = 0;
  expect(admit()).toBe(false);
});

test.each([
  { requestsPerSecond: 0, burst: 5 },
  { requestsPerSecond: 2, burst: 0.5 },
  { requestsPerSecond: Number.NaN, burst: 5 },
])('refuses %p, which would let nothing pass', (quota) => {
  expect(() => createTokenBucket(quota, () => 0)).toThrow('lets nothing pass');
});
