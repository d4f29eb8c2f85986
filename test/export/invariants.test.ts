import fc from 'fast-check';
import { attributesKey, manifestKey, snapshotKey } from '../../contract/keys.ts';
import { manifestSchema } from '../../contract/manifest.ts';
import type { WorkerResult } from '../../contract/result.ts';
import { readBytes } from '../../export/files/json.ts';
import { FULL, sampled } from '../support/breadth.ts';
import { Killed, killedStore, type Mortality } from '../support/killed-store.ts';
import {
  type Answer,
  NO_PROFICIENCIES,
  scriptedConnect,
  userId,
} from '../support/scripted-connect.ts';
import { INSTANCE, readRows, until, type World, world } from '../support/world.ts';

const DATE = '2026-11-23';
const EVENT = { scheduledTime: '2026-11-23T02:00:00Z' };
const USERS = 12;

/** The sample: after. Dead before an operation is dead after the one before; after the last one, nobody could be told of it. */
const DEATHS = sampled(
  [
    ['before', false],
    ['after', true],
  ] as const,
  ([, after]) => after,
);

/** Parts of about three users: the clock passes a minute with every third user asked for. */
function hurried(w: World) {
  return () => new Date(w.now().getTime() + Math.floor(w.connect.asked.length / 3) * 61_000);
}

const ended = (result: WorkerResult | undefined): boolean =>
  result?.status === 'PUBLISHED' || result?.status === 'ALREADY_PUBLISHED';

async function survive<T>(slice: Promise<T>): Promise<T | undefined> {
  try {
    return await slice;
  } catch (error) {
    if (error instanceof Killed) return undefined;
    throw error;
  }
}

/** Whether what follows a publication has followed this one. */
const isTold = (w: World, runId: string | undefined): boolean =>
  w.published.some((manifest) => manifest.run_id === runId);

/** Whether the attributes that are visible are those that the manifest describes. */
async function attributesBelong(w: World): Promise<boolean> {
  const object = await w.store.get(attributesKey(INSTANCE, DATE));
  const manifest = await w.store.get(manifestKey(INSTANCE, DATE));
  if (!manifest) return true;
  const { predefined_attributes } = manifestSchema.parse(
    JSON.parse((await readBytes(manifest)).toString()),
  );
  return predefined_attributes?.object?.etag === object?.etag;
}

/** All rows or nothing: whoever looks, whenever, sees a whole snapshot or none. */
async function visibleIds(w: World): Promise<string[] | undefined> {
  if (!w.store.objects.has(snapshotKey(INSTANCE, DATE))) return undefined;
  return (await w.rows(DATE)).map((row) => row.user_id).sort();
}

async function usersInParts({ store }: World): Promise<string[]> {
  const parts = [...store.objects.keys()].filter((key) => key.includes('/parts/'));
  const rows = await Promise.all(parts.map((key) => readRows(store, key)));
  return rows.flat().map((row) => row.user_id);
}

describe('a worker killed at one of its store operations', () => {
  const everyUser = Array.from({ length: USERS }, (_, index) => userId(index));

  /** @returns whether the worker lived to the end of its slice */
  async function killAndResume(mortality: Mortality): Promise<boolean> {
    const w = world(scriptedConnect(USERS));
    const store = killedStore(w.store, mortality);
    const result = await survive(w.slice(EVENT, { store, clock: hurried(w) }));
    expect([undefined, everyUser]).toContainEqual(await visibleIds(w));
    const safe = await usersInParts(w);
    w.connect.asked.length = 0;

    const last = await w.slice(EVENT, { clock: hurried(w) });
    expect(ended(last)).toBe(true);
    expect(isTold(w, last.runId)).toBe(true);
    expect(await visibleIds(w)).toEqual(everyUser);
    expect(await attributesBelong(w)).toBe(true);
    expect(w.connect.asked.filter((id) => safe.includes(id))).toEqual([]);
    return result !== undefined;
  }

  it.each(DEATHS)(
    'loses nothing and asks for nobody in a closed part again: killed %s the effect',
    async (_, after) => {
      let at = 1;
      while (!(await killAndResume({ at, after }))) at++;
      expect(at).toBeGreaterThan(15);
    },
  );
});

describe('a worker killed while it asks once more for users that had failed', () => {
  const FAILING = [userId(2), userId(3), userId(7), userId(11)];

  /** @returns whether the worker lived to the end of its slice */
  async function killAndResume(mortality: Mortality): Promise<boolean> {
    const w = world(scriptedConnect(USERS));
    for (const id of FAILING) w.connect.answers.set(id, 'failing');
    await expect(w.slice(EVENT)).rejects.toMatchObject({ name: 'IncompleteSnapshot' });
    for (const id of FAILING) w.connect.answers.set(id, NO_PROFICIENCIES);

    const store = killedStore(w.store, mortality);
    const result = await survive(w.slice(EVENT, { store }));
    expect(ended(await w.slice(EVENT))).toBe(true);
    expect(await visibleIds(w)).toEqual(w.connect.users.map(({ id }) => id));
    return result !== undefined;
  }

  it.each(DEATHS)('loses nothing: killed %s the effect', async (_, after) => {
    let at = 1;
    while (!(await killAndResume({ at, after }))) at++;
    expect(at).toBeGreaterThan(10);
  });
});

describe('any history of kills, cuts, failures and rivals', () => {
  const answer = fc.constantFrom<Answer>(NO_PROFICIENCIES, 'deleted', 'failing');
  const slice = fc.record({
    mortality: fc.option(fc.record({ at: fc.integer({ min: 1, max: 30 }), after: fc.boolean() })),
    users: fc.integer({ min: 1, max: USERS }),
    rival: fc.boolean(),
  });

  it('ends in a whole snapshot of every user, and shows nothing else on the way', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(fc.integer({ min: 0, max: USERS - 1 }).map(userId), answer),
        fc.array(slice, { maxLength: 8 }),
        async (answers, slices) => {
          const w = world(scriptedConnect(USERS, answers));
          const truth = w.connect.users
            .map(({ id }) => id)
            .filter((id) => w.connect.answers.get(id) !== 'deleted');

          for (const { mortality, users, rival } of slices) {
            const end = w.connect.asked.length + users;
            const changes = {
              clock: hurried(w),
              deadline: until(() => w.connect.asked.length >= end),
              ...(mortality && { store: killedStore(w.store, mortality) }),
            };
            const work = [w.slice(EVENT, changes), ...(rival ? [w.slice(EVENT, changes)] : [])];
            await Promise.all(work.map((one) => one.catch(() => undefined)));
            const failing = [...w.connect.answers.values()].includes('failing');
            expect([undefined, ...(failing ? [] : [truth])]).toContainEqual(await visibleIds(w));
          }

          for (const { id } of w.connect.users) {
            if (w.connect.answers.get(id) === 'failing')
              w.connect.answers.set(id, NO_PROFICIENCIES);
          }
          const last = await w.slice(EVENT, { clock: hurried(w) });
          expect(ended(last)).toBe(true);
          expect(isTold(w, last.runId)).toBe(true);
          expect(await visibleIds(w)).toEqual(truth);
          expect(await attributesBelong(w)).toBe(true);
        },
      ),
      { numRuns: FULL ? 150 : 12 },
    );
  });
});
