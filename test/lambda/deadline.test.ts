import { once } from 'node:events';
import { halfTime, lambdaDeadline, SHUTDOWN_MARGIN_MS } from '../../lambda/deadline.ts';

const FIFTEEN_MINUTES = 15 * 60_000;

describe("a slice's deadline", () => {
  it('is reached when no more than the margin is left', () => {
    let remaining = FIFTEEN_MINUTES;
    const deadline = lambdaDeadline(() => remaining);
    expect(deadline.reached()).toBe(false);
    remaining = SHUTDOWN_MARGIN_MS + 1;
    expect(deadline.reached()).toBe(false);
    remaining = SHUTDOWN_MARGIN_MS;
    expect(deadline.reached()).toBe(true);
  });

  it('gives requests in flight a grace before it aborts them', () => {
    const timeout = jest.spyOn(AbortSignal, 'timeout');
    const { signal } = lambdaDeadline(() => FIFTEEN_MINUTES);
    expect(signal.aborted).toBe(false);
    const [graceEnds = 0] = timeout.mock.lastCall ?? [];
    expect(graceEnds).toBeGreaterThan(FIFTEEN_MINUTES - SHUTDOWN_MARGIN_MS);
    expect(graceEnds).toBeLessThan(FIFTEEN_MINUTES - SHUTDOWN_MARGIN_MS / 2);
    timeout.mockRestore();
  });

  it('aborts at once where an invocation begins with hardly any time', async () => {
    const { reached, signal } = lambdaDeadline(() => 1000);
    expect(reached()).toBe(true);
    if (!signal.aborted) await once(signal, 'abort');
    expect(signal.aborted).toBe(true);
  });
});

it('nothing more is derived in the second half of the time', () => {
  let remaining = FIFTEEN_MINUTES;
  const { reached } = halfTime(() => remaining);
  remaining = FIFTEEN_MINUTES / 2;
  expect(reached()).toBe(false);
  remaining -= 1;
  expect(reached()).toBe(true);
});
