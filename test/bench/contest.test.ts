import { bundle } from '../../bench/bundle.ts';
import { hold } from '../../bench/contest.ts';
import { temporaryFolders } from '../support/temporary-folder.ts';

describe('a contest', () => {
  const folder = temporaryFolders();

  it('measures a strategy in a process of its own, beside a neighbour', async () => {
    const program = await bundle('bench/contender-process.ts', folder(), 'contender');
    const quota = { requestsPerSecond: 50, burst: 50 };
    const neighbour = [{ seconds: 60, requestsPerSecond: 20 }];
    const ours = await hold(program, { strategy: 'ours', users: 60, quota, share: 0.5, neighbour });
    expect(ours.exported).toBe(60);
    expect(ours.ours).toEqual({ ok: 60, throttled: 0, refused: 0, failed: 0 });
    expect(ours.neighbour.ok).toBeGreaterThan(0);
    expect(ours.peakMb).toBeGreaterThan(ours.startMb);

    const script = await hold(program, {
      strategy: 'p-limit(10), maxAttempts 10',
      users: 20,
      quota: 'unlimited',
      share: 1,
    });
    expect(script.exported).toBe(20);
  });
});
