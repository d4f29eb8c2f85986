import { snapshotKey, stateKey } from '../../../contract/keys.ts';
import { LEASE_SECONDS } from '../../../export/run/lease.ts';
import { scriptedConnect, userId } from '../../support/scripted-connect.ts';
import { INSTANCE, until, type World, world } from '../../support/world.ts';

const USERS = 30;
const DATE = '2026-11-23';
const EVENT = { scheduledTime: `${DATE}T02:00:00Z` };
const HOUR = 3600;
const DAY = 24 * HOUR;

const everyone = Array.from({ length: USERS }, (_, index) => userId(index));

/** A slice that ends after ten more users. */
function shortSlice(w: World, event: { runId?: string; scheduledTime?: string } = EVENT) {
  const end = w.connect.asked.length + 10;
  return w.slice(event, { deadline: until(() => w.connect.asked.length >= end) });
}

const idsOf = async (w: World): Promise<string[]> => (await w.rows(DATE)).map((row) => row.user_id);

function changeState(w: World, runId: string, change: (state: object) => object): void {
  const key = stateKey(INSTANCE, runId);
  const state = JSON.parse(Buffer.from(w.store.objects.get(key) ?? []).toString());
  w.store.objects.set(key, Buffer.from(JSON.stringify(change(state))));
}

describe('a run taken up by another version of this software', () => {
  it.each([0, 1, 2, 3, 1000])(
    'is refused where its state has version %d, and left alone',
    async (version) => {
      const w = world(scriptedConnect(USERS));
      const { runId } = await shortSlice(w);
      changeState(w, runId, (state) => ({ ...state, version, parts: 'of another kind' }));
      const before = new Map(w.store.objects);

      await expect(w.slice({ runId })).rejects.toMatchObject({
        name: 'UnknownStateVersion',
        message: expect.stringMatching(
          new RegExp(
            `${runId}/state.json has version ${version}, .* version 4 only; start a new run`,
          ),
        ),
      });
      expect(new Map(w.store.objects)).toEqual(before);
      expect(w.connect.asked).toHaveLength(10);
    },
  );

  it('is refused as damaged where the version is right and the rest is not', async () => {
    const w = world(scriptedConnect(USERS));
    const { runId } = await shortSlice(w);
    changeState(w, runId, (state) => ({ ...state, extra: true }));
    await expect(w.slice({ runId })).rejects.toMatchObject({ name: 'DamagedRun' });
    expect(w.store.objects.has(snapshotKey(INSTANCE, DATE))).toBe(false);
  });
});

describe('a clock that jumps between slices', () => {
  it.each([
    ['an hour forward', HOUR],
    ['a day forward', DAY],
    ['an hour back', -HOUR],
    ['a day back', -DAY],
  ])('%s: the run goes on, under its date, with the same rows', async (_, jump) => {
    const w = world(scriptedConnect(USERS));
    const first = await shortSlice(w);
    w.pass(jump);
    const second = await shortSlice(w);
    w.pass(-jump);
    const third = await w.slice({ runId: first.runId });

    expect([first, second, third]).toMatchObject([
      { status: 'IN_PROGRESS', percent: 33, snapshotDate: DATE },
      { status: 'IN_PROGRESS', percent: 66, snapshotDate: DATE, runId: first.runId },
      { status: 'PUBLISHED', percent: 100, snapshotDate: DATE, runId: first.runId },
    ]);
    expect(await idsOf(w)).toEqual(everyone);
    expect(w.connect.asked).toEqual(everyone);
    for (const { seconds } of w.summaries) expect(seconds).toBeGreaterThanOrEqual(0);
  });

  it.each([
    ['an hour forward', HOUR],
    ['a day back', -DAY],
  ])('%s in the middle of a slice: the rows are the same', async (_, jump) => {
    const w = world(scriptedConnect(USERS));
    const clock = () => {
      const jumped = w.connect.asked.length > 15;
      return new Date(w.now().getTime() + (jumped ? jump * 1000 : 0));
    };
    const result = await w.slice(EVENT, { clock });
    expect(result).toMatchObject({ status: 'PUBLISHED', snapshotDate: DATE });
    expect(result.estimatedSecondsLeft).toBeGreaterThanOrEqual(0);
    expect(await idsOf(w)).toEqual(everyone);
  });

  it.each([
    ['an hour forward', HOUR],
    ['an hour back', -HOUR],
    ['a day back', -DAY],
  ])('%s: the estimate of a slice in progress is never below nothing', async (_, jump) => {
    const w = world(scriptedConnect(USERS));
    const clock = () =>
      new Date(w.now().getTime() + (w.connect.asked.length > 5 ? jump * 1000 : 0));
    const deadline = until(() => w.connect.asked.length >= 10);
    const { status, estimatedSecondsLeft } = await w.slice(EVENT, { clock, deadline });
    expect(status).toBe('IN_PROGRESS');
    expect(estimatedSecondsLeft).toBeGreaterThan(0);
    expect(Number.isFinite(estimatedSecondsLeft)).toBe(true);
  });

  it('forward beyond the lease: another run takes over, and this one stops without harm', async () => {
    const w = world(scriptedConnect(USERS));
    const first = await shortSlice(w);
    w.pass(LEASE_SECONDS + 1);
    const other = await w.slice({ scheduledTime: `${DATE}T03:00:00Z` });
    expect(other.status).toBe('PUBLISHED');
    expect(await w.slice({ runId: first.runId })).toMatchObject({
      status: 'SUPERSEDED',
      reason: expect.stringContaining(other.runId),
    });
    expect((await w.rows(DATE)).every((row) => row.run_id === other.runId)).toBe(true);
  });
});
