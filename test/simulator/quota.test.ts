import { ListUsersCommand, SearchUsersCommand } from '@aws-sdk/client-connect';
import fc from 'fast-check';
import { createTokenBucket } from '../../simulator/quota.ts';
import { type Simulator, startSimulator } from '../../simulator/server.ts';
import { connectClient } from './client.ts';

describe('the quotas of an account', () => {
  let now = 0;
  let simulator: Simulator;

  beforeEach(async () => {
    simulator = await startSimulator({ users: 3, latencyMs: 0, now: () => now });
  });

  afterEach(() => simulator.close());

  /** Sends one request after the other and tells the status of each. */
  async function statuses(requests: number, accessKeyId = 'simulator', search = false) {
    const client = connectClient(simulator.url, accessKeyId);
    const input = { InstanceId: simulator.instanceId };
    const found: Array<number | undefined> = [];
    for (let i = 0; i < requests; i++) {
      const answer = search
        ? client.send(new SearchUsersCommand(input))
        : client.send(new ListUsersCommand(input));
      found.push(
        await answer.then(
          () => 200,
          ({ $metadata }) => $metadata.httpStatusCode,
        ),
      );
    }
    client.destroy();
    return found;
  }

  test('by default five calls pass at once, then two a second', async () => {
    expect(await statuses(7)).toEqual([200, 200, 200, 200, 200, 429, 429]);
    now += 1000;
    expect(await statuses(3)).toEqual([200, 200, 429]);
  });

  test('every operation has a bucket of its own, shared by all callers', async () => {
    await statuses(5, 'one');
    expect(await statuses(1, 'other')).toEqual([429]);
    expect(await statuses(1, 'other', true)).toEqual([200]);
  });

  test('a refusal reads as AWS words it', async () => {
    await statuses(5);
    const response = await fetch(`${simulator.url}/users-summary/${simulator.instanceId}`);
    expect(response.status).toBe(429);
    expect(response.headers.get('x-amzn-errortype')).toBe('ThrottlingException');
    expect(await response.json()).toEqual({ Message: 'Rate exceeded' });
  });

  test('the counts tell callers and operations apart', async () => {
    await statuses(6, 'one');
    await statuses(1, 'other');
    await statuses(1, 'other', true);
    await fetch(`${simulator.url}/users-summary/elsewhere`);
    expect(simulator.stats()).toEqual({
      one: { ListUsers: { ok: 5, throttled: 1, refused: 0, failed: 0 } },
      other: {
        ListUsers: { ok: 0, throttled: 1, refused: 0, failed: 0 },
        SearchUsers: { ok: 1, throttled: 0, refused: 0, failed: 0 },
      },
      unsigned: { ListUsers: { ok: 0, throttled: 1, refused: 0, failed: 0 } },
    });
  });

  test('quotas can be changed while it runs, for one operation or all', async () => {
    simulator.setQuota({ requestsPerSecond: 1, burst: 1 }, 'ListUsers');
    expect(await statuses(2)).toEqual([200, 429]);
    expect(await statuses(5, 'simulator', true)).toEqual([200, 200, 200, 200, 200]);
    simulator.setQuota('unlimited');
    expect(await statuses(10)).toEqual(Array(10).fill(200));
  });
});

describe('a token bucket', () => {
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
        const most = (from: number, to: number): number =>
          quota.burst + ((to - from) / 1000) * quota.requestsPerSecond + 1e-6;
        const excesses = passed.flatMap((from, i) =>
          passed.slice(i).filter((to, more) => more + 1 > most(from, to)),
        );
        expect(excesses).toEqual([]);
      }),
    );
  });

  test('whoever keeps to the rate is never refused', () => {
    fc.assert(
      fc.property(quotas, fc.nat({ max: 300 }), (quota, requests) => {
        let now = 0;
        const admit = createTokenBucket(quota, () => now);
        const admitted = Array.from({ length: requests }, () => {
          now += (1000 / quota.requestsPerSecond) * (1 + 1e-9);
          return admit();
        });
        expect(admitted).not.toContain(false);
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
});
