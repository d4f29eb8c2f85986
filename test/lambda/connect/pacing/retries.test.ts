import type { RetryErrorType, RetryToken } from '@smithy/types';
import { PATIENCE, patientRetries } from '../../../../lambda/connect/pacing/retries.ts';
import { virtualTimers } from '../../../support/virtual-timers.ts';

/** How a request that failed like this fared, attempt by attempt, each of them taking ten seconds. */
async function fate(failures: Iterable<RetryErrorType>, random = 0.5) {
  const timers = virtualTimers();
  const warnings = { warn: () => undefined };
  const retries = patientRetries(PATIENCE, timers, () => random, warnings);
  const pauses: number[] = [];
  let token: RetryToken = await retries.acquireInitialRetryToken('');
  for (const errorType of failures) {
    await timers.advance(10_000);
    try {
      token = await retries.refreshRetryTokenForRetry(token, { errorType });
    } catch {
      return { pauses, givenUpAfterMs: timers.now() - 10_000 };
    }
    expect(token.getRetryCount()).toBe(pauses.length + 1);
    pauses.push(token.getRetryDelay());
    await timers.advance(token.getRetryDelay());
  }
  return { pauses, givenUpAfterMs: undefined };
}

function* minutesOf(errorType: RetryErrorType, minutes: number): Generator<RetryErrorType> {
  for (let attempt = 0; attempt < minutes * 6; attempt++) yield errorType;
}

describe('retries', () => {
  it('never repeat a request that is wrong', async () => {
    expect(await fate(['CLIENT_ERROR'])).toEqual({ pauses: [], givenUpAfterMs: 0 });
  });

  it.each<RetryErrorType>(['TRANSIENT', 'SERVER_ERROR'])(
    'have three minutes of patience with trouble: %s',
    async (errorType) => {
      const { givenUpAfterMs } = await fate(minutesOf(errorType, 60));
      expect(givenUpAfterMs).toBeGreaterThanOrEqual(180_000);
      expect(givenUpAfterMs).toBeLessThan(200_000);
    },
  );

  it('pause longer and longer, up to ten seconds', async () => {
    const { pauses } = await fate([...minutesOf('TRANSIENT', 1.5)], 0.999_999);
    expect(pauses.map(Math.round)).toEqual([100, 200, 400, 800, 1600, 3200, 6400, 10_000, 10_000]);
  });

  it('spread their pauses from nothing on', async () => {
    const { pauses } = await fate([...minutesOf('TRANSIENT', 1)], 0);
    expect(new Set(pauses)).toEqual(new Set([0]));
  });

  it('never pause for throttling: the governor does', async () => {
    const { pauses } = await fate([...minutesOf('THROTTLING', 2)]);
    expect(new Set(pauses)).toEqual(new Set([0]));
  });

  it('lose nobody to a storm of refusals, not even between two errors', async () => {
    const { givenUpAfterMs } = await fate([
      'SERVER_ERROR',
      ...minutesOf('THROTTLING', 10),
      'SERVER_ERROR',
      ...minutesOf('TRANSIENT', 2),
    ]);
    expect(givenUpAfterMs).toBeUndefined();
  });

  it('end in throttling without end, too', async () => {
    const { givenUpAfterMs } = await fate(minutesOf('THROTTLING', 60));
    expect(givenUpAfterMs).toBe(15 * 60_000);
  });

  it('end where throttling and trouble take turns', async () => {
    const turns = function* (): Generator<RetryErrorType> {
      for (let turn = 0; turn < 200; turn++) yield* ['THROTTLING', 'SERVER_ERROR'] as const;
    };
    expect((await fate(turns())).givenUpAfterMs).toBeLessThan(16 * 60_000);
  });

  it('tell a person of lasting trouble, once until a request succeeds', async () => {
    const warn = jest.fn();
    const retries = patientRetries(PATIENCE, virtualTimers(), () => 0.5, { warn });
    const fail = async (times: number) => {
      let token: RetryToken = await retries.acquireInitialRetryToken('');
      const error = Object.assign(new Error(), { code: 'ECONNREFUSED', cause: new Error() });
      for (let failure = 0; failure < times; failure++) {
        token = await retries.refreshRetryTokenForRetry(token, { errorType: 'TRANSIENT', error });
      }
      return token;
    };
    await fail(3);
    expect(warn).not.toHaveBeenCalled();
    await Promise.all([fail(4), fail(4)]);
    expect(warn.mock.calls).toEqual([
      ['Connect does not answer (ECONNREFUSED); trying again for up to 3 minutes.'],
    ]);
    retries.recordSuccess(await fail(4));
    await fail(4);
    expect(warn).toHaveBeenCalledTimes(2);
  });

  it('tells of a page that comes in place of an answer', async () => {
    const warn = jest.fn();
    const retries = patientRetries(PATIENCE, virtualTimers(), () => 0, { warn });
    const error = Object.assign(new Error('Unexpected token <'), {
      name: 'SyntaxError',
      cause: new Error(),
      $metadata: { httpStatusCode: 503 },
    });
    let token: RetryToken = await retries.acquireInitialRetryToken('');
    for (let failure = 0; failure < 4; failure++) {
      token = await retries.refreshRetryTokenForRetry(token, { errorType: 'TRANSIENT', error });
    }
    expect(warn.mock.calls).toEqual([
      ['HTTP 503 comes back, but not what Connect answers; trying again for up to 3 minutes.'],
    ]);
  });

  it('tells of the proxy where that is what gives no connection', async () => {
    const warn = jest.fn();
    const retries = patientRetries(PATIENCE, virtualTimers(), () => 0, { warn });
    const error = Object.assign(new Error('connect ECONNREFUSED 10.0.0.1:3128'), {
      name: 'ProxyError',
      cause: new Error(),
    });
    let token: RetryToken = await retries.acquireInitialRetryToken('');
    for (let failure = 0; failure < 4; failure++) {
      token = await retries.refreshRetryTokenForRetry(token, { errorType: 'TRANSIENT', error });
    }
    expect(warn.mock.calls).toEqual([
      [
        'The proxy gives no connection (connect ECONNREFUSED 10.0.0.1:3128); trying again for up to 3 minutes.',
      ],
    ]);
  });
});
