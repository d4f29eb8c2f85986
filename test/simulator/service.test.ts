import fc from 'fast-check';
import { createService, type ServiceOptions } from '../../simulator/service.ts';

const CALL = { operation: 'ListInstances' } as const;

const delays = (options: ServiceOptions, calls = 20): number[] => {
  const service = createService({ quota: 'unlimited', ...options });
  return Array.from({ length: calls }, () => service.reply('someone', CALL).delayMs);
};

test('every answer takes the latency, and what slow faults add', () => {
  expect(delays({}, 1)).toEqual([3]);
  const faults = [20, 30].map((ms) => ({ fault: 'slow', ms }) as const);
  expect(delays({ latencyMs: 7, faults }, 1)).toEqual([57]);
});

test('a jittered latency stays in its range and follows the seed', () => {
  fc.assert(
    fc.property(fc.integer(), fc.nat(), fc.nat(), (seed, from, spread) => {
      const options = { seed, latencyMs: { from, to: from + spread } };
      const drawn = delays(options);
      expect(drawn.filter((delay) => delay < from || delay > from + spread)).toEqual([]);
      expect(delays(options)).toEqual(drawn);
    }),
  );
  expect(new Set(delays({ latencyMs: { from: 1, to: 9 } })).size).toBeGreaterThan(10);
});

test('a call that meets a fault has used up its quota, one that is denied has not', () => {
  const options = { quota: { requestsPerSecond: 1, burst: 1 }, now: () => 0 };
  const statuses = (fault: 'internalError' | 'accessDenied') => {
    const service = createService({ ...options, faults: [{ fault, times: 1 }] });
    return [service.reply('a', CALL).status, service.reply('a', CALL).status];
  };
  expect(statuses('internalError')).toEqual([500, 429]);
  expect(statuses('accessDenied')).toEqual([403, 200]);
});

test('a cut connection counts as failed, also where the answer would have been good', () => {
  const service = createService({ faults: [{ fault: 'dropConnection', when: 'midBody' }] });
  expect(service.reply('a', CALL)).toMatchObject({ status: 200, cut: 'midBody' });
  expect(service.stats().a?.ListInstances).toMatchObject({ ok: 0, failed: 1 });
});

test('the faults of later rules are counted though an earlier one strikes', () => {
  const service = createService({
    quota: 'unlimited',
    faults: [
      { fault: 'internalError', onCalls: [2] },
      { fault: 'throttle', onCalls: [2, 3] },
    ],
  });
  const statuses = [1, 2, 3, 4].map(() => service.reply('a', CALL).status);
  expect(statuses).toEqual([200, 500, 429, 200]);
});
