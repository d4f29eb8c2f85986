import { governor } from '../../../../lambda/connect/pacing/governor.ts';
import type { Timers } from '../../../../lambda/connect/pacing/timers.ts';
import { createTokenBucket } from '../../../../simulator/quota.ts';
import { sampled } from '../../../support/breadth.ts';
import { type VirtualTimers, virtualTimers } from '../../../support/virtual-timers.ts';

/** A quota as it stands in an account: ours and everybody's. */
interface World {
  readonly timers: VirtualTimers;
  readonly calls: { readonly who: 'us' | 'neighbour'; readonly at: number; readonly ok: boolean }[];
  /** How long a message travels, in milliseconds; every one differently. */
  latency(): number;
  call(who: 'us' | 'neighbour'): boolean;
  storm: boolean;
}

function world(requestsPerSecond: number, burst: number): World {
  // A generator of Park and Miller's: another run must not be another test.
  let seed = 7;
  const random = () => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
  const timers = virtualTimers(() => 3 * random());
  const admit = createTokenBucket({ requestsPerSecond, burst }, timers.now);
  const calls: World['calls'] = [];
  return {
    timers,
    calls,
    storm: false,
    latency: () => 20 + 30 * random(),
    call(who) {
      const ok = admit() && !this.storm;
      calls.push({ who, at: timers.now(), ok });
      return ok;
    },
  };
}

const pause = (timers: Timers, milliseconds: number): Promise<void> =>
  new Promise((resolve) => {
    timers.after(milliseconds, resolve);
  });

/** Our export, with more requests in flight than the latency asks for. */
function exportAt(world: World, requestsPerSecond: number) {
  const paced = governor(requestsPerSecond, world.timers);
  const ask = async (): Promise<void> => {
    const grant = await paced.acquire();
    await pause(world.timers, world.latency());
    const ok = world.call('us');
    await pause(world.timers, world.latency());
    paced[ok ? 'succeeded' : 'throttled'](grant);
    return ask();
  };
  for (let caller = 0; caller < Math.min(40, 4 + requestsPerSecond); caller++) void ask();
  return paced;
}

/** Somebody else, who calls steadily until the given time and never tries again. */
async function neighbour(world: World, requestsPerSecond: number, until: number): Promise<void> {
  const begun = world.timers.now();
  for (let call = 0; world.timers.now() < until; call++) {
    void pause(world.timers, world.latency()).then(() => world.call('neighbour'));
    await pause(world.timers, begun + ((call + 1) * 1000) / requestsPerSecond - world.timers.now());
  }
}

const MINUTE = 60_000;

const refused = ({ calls }: World, who: 'us' | 'neighbour'): number => {
  const own = calls.filter((call) => call.who === who);
  return own.filter(({ ok }) => !ok).length / own.length;
};

/** The default, and raised ones; the higher the quota, the longer it takes. */
const QUOTAS = sampled(
  [
    { rate: 2, burst: 5 },
    { rate: 20, burst: 25 },
    { rate: 200, burst: 200 },
  ],
  ({ rate }) => rate === 2,
);

describe.each(QUOTAS)('at a quota of $rate/s with a burst of $burst', ({ rate, burst }) => {
  const quota = () => world(rate, burst);

  it('alone with all of it: no call is refused, and 100 seconds bear what they can', async () => {
    const all = quota();
    exportAt(all, rate);
    await all.timers.advance(100_000);
    expect(refused(all, 'us')).toBe(0);
    const ideal = (all.calls.length - burst) / rate;
    expect(100 / ideal).toBeLessThanOrEqual(1.03);
  });

  it('a neighbour who uses a fifth steadily is not refused', async () => {
    const shared = quota();
    exportAt(shared, 0.8 * rate);
    void neighbour(shared, 0.2 * rate, 4 * MINUTE);
    await shared.timers.advance(4 * MINUTE);
    expect(refused(shared, 'neighbour')).toBeLessThan(0.01);
    expect(refused(shared, 'us')).toBeLessThan(0.01);
  });

  it('gives way within 30 s to a neighbour who grows, and comes back within two minutes', async () => {
    const shared = quota();
    const paced = exportAt(shared, 0.8 * rate);
    await shared.timers.advance(MINUTE);
    void neighbour(shared, 0.6 * rate, 3 * MINUTE);
    let least = paced.rate();
    for (let second = 0; second < 30; second++) {
      await shared.timers.advance(1000);
      least = Math.min(least, paced.rate());
    }
    expect(least).toBeLessThan(0.45 * rate);
    const yielded = shared.calls.length;
    await shared.timers.advance(1.5 * MINUTE);
    const ours = shared.calls.slice(yielded).filter(({ who, ok }) => who === 'us' && ok).length;
    expect(ours / 90 / rate).toBeLessThan(0.5);
    await shared.timers.advance(2 * MINUTE);
    expect(paced.rate()).toBe(0.8 * rate);
  });

  it('ramps up after a minute of refusals', async () => {
    const stormy = quota();
    const paced = exportAt(stormy, rate);
    await stormy.timers.advance(10_000);
    stormy.storm = true;
    await stormy.timers.advance(MINUTE);
    const attempts = stormy.calls.filter(({ ok }) => !ok).length;
    // The crowd in flight when it began, and few to see whether it is over.
    expect(attempts).toBeLessThan(rate * 0.3 + 20);
    stormy.storm = false;
    const end = stormy.calls.length;
    for (let second = 0; second < 10; second++) {
      await stormy.timers.advance(1000);
      expect(paced.rate()).toBeLessThan(0.1 + (rate * (second + 2)) / 60);
    }
    expect(stormy.calls.slice(end).every(({ ok }) => ok)).toBe(true);
    await stormy.timers.advance(2 * MINUTE);
    expect(paced.rate()).toBe(rate);
  });
});
