import * as z from 'zod/mini';
import { isOnePace, quotaShareSchema, requestsPerSecondSchema } from '../../contract/pace.ts';

it.each([0, -0.1, 1.01, Number.NaN])('a share of %d is none', (share) => {
  expect(z.safeParse(quotaShareSchema, share).success).toBe(false);
});

it.each([0, -2, Number.NaN, Number.POSITIVE_INFINITY])('a rate of %d is none', (rate) => {
  expect(z.safeParse(requestsPerSecondSchema, rate).success).toBe(false);
});

it('may be all of the quota, or very slow', () => {
  expect(z.safeParse(quotaShareSchema, 1).success).toBe(true);
  expect(z.safeParse(requestsPerSecondSchema, 0.001).success).toBe(true);
});

it('is given in one way only', () => {
  expect(isOnePace({ quotaShare: 1, requestsPerSecond: 2 })).toBe(false);
  expect([{}, { quotaShare: 1 }, { requestsPerSecond: 2 }].every(isOnePace)).toBe(true);
});
