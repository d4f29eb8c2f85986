import fc from 'fast-check';
import { type ChangeLine, changeSchema } from '../../contract/change.ts';
import { changesKey, latestKey, manifestKey, snapshotKey } from '../../contract/keys.ts';
import type { Manifest } from '../../contract/manifest.ts';
import { rowSchema } from '../../contract/row.ts';
import { compare, type Side } from '../../derive/compare.ts';
import { deriveInstance } from '../../derive/instance.ts';
import { snapshotReader } from '../../derive/published.ts';
import { snapshotPublished } from '../../derive/snapshot-published.ts';
import { fromLine, gunzipLines } from '../../export/files/ndjson.ts';
import type { Store } from '../../export/ports.ts';
import { FULL } from '../support/breadth.ts';
import { interruptedStore } from '../support/interrupted-store.ts';
import { Killed, killedStore } from '../support/killed-store.ts';
import { type MemoryStore, memoryStore } from '../support/memory-store.ts';
import type { WorldUser } from '../support/published-world.ts';
import {
  INSTANCE,
  type Known,
  keyOf,
  knownIn,
  type Publication,
  publish,
  rowsOf,
} from './history.ts';

const ALL = { snapshots: 'all' } as const;
const RUNS = FULL ? 500 : 8;

const text = fc.oneof(
  fc.constantFrom(
    'Language',
    'French',
    'Frañçais',
    '한국어',
    'a "quoted" \\ value',
    '\u2028',
    '🎧',
  ),
  fc.string({ unit: 'grapheme', maxLength: 6 }),
);
const proficiency = fc.record({
  attribute_name: fc.constantFrom('Language', 'Product', 'Ä "\\'),
  attribute_value: text,
  level: fc.constantFrom(1, 2, 3.5, 5),
});
const user = fc.record(
  {
    id: fc.constantFrom('u1', 'u2', 'u3', 'u4', 'ü5', '"user_id":"u6"'),
    username: text,
    proficiencies: fc.uniqueArray(proficiency, { selector: keyOf, maxLength: 4 }),
  },
  { requiredKeys: ['id', 'proficiencies'] },
);
const sorted = (users: readonly WorldUser[]): WorldUser[] =>
  users.map((one) => ({
    ...one,
    proficiencies: one.proficiencies.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1)),
  }));
const users = fc.uniqueArray(user, { selector: ({ id }) => id, maxLength: 6 }).map(sorted);

/** Publications in the order in which they happen: dates come in any order, and again. */
const history = fc
  .array(
    fc.record({
      date: fc.constantFrom('2026-11-01', '2026-11-02', '2026-11-05', '2026-11-06'),
      users,
      undated: fc.boolean(),
    }),
    { minLength: 1, maxLength: 6 },
  )
  .map((all): Publication[] => all.map((one, run) => ({ ...one, run })));

async function linesIn(store: Store, key: string): Promise<unknown[]> {
  const object = await store.get(key);
  const lines: unknown[] = [];
  if (object) for await (const line of gunzipLines(object.body)) lines.push(fromLine(line));
  return lines;
}

const changesIn = async (store: Store, date: string): Promise<ChangeLine[]> =>
  (await linesIn(store, changesKey(INSTANCE, date))).map((line) => changeSchema.parse(line));

/** What is visible at the end of a history, the oldest date first. */
function published(all: readonly Publication[]): Publication[] {
  const byDate = new Map(all.map((one) => [one.date, one]));
  return [...byDate.values()].sort((a, b) => (a.date < b.date ? -1 : 1));
}

/** Applies changes to what was known: each must fit what it is applied to. */
function applied(before: Known, changes: readonly ChangeLine[]): Known {
  const known: Known = new Map(
    [...before].map(([id, one]) => [id, { ...one, levels: new Map(one.levels) }]),
  );
  for (const line of changes) {
    const { change, user_id, username, attribute_name, attribute_value, level } = line;
    if (user_id === null) continue;
    if (change === 'user created') {
      expect(known.has(user_id)).toBe(false);
      known.set(user_id, { username, levels: new Map() });
    }
    const one = known.get(user_id);
    expect(one).toBeDefined();
    if (!one) continue;
    if (change === 'user renamed') {
      expect(one.username).toBe(line.previous_username);
      one.username = username;
    }
    if (attribute_name === null || attribute_value === null) continue;
    const key = keyOf({ attribute_name, attribute_value });
    expect(one.levels.get(key) ?? null).toBe(line.previous_level);
    if (level === null) one.levels.delete(key);
    else one.levels.set(key, level);
  }
  for (const { change, user_id } of changes) {
    if (change !== 'user deleted' || user_id === null) continue;
    expect(known.get(user_id)?.levels.size).toBe(0);
    known.delete(user_id);
  }
  return known;
}

/** Names that are switched on or off are no change, so they are not compared. */
const named = (known: Known, other: Known) =>
  [...known]
    .map(([id, { username, levels }]) => [
      id,
      username === null || (other.get(id)?.username ?? null) === null ? null : username,
      [...levels].sort(([a], [b]) => (a < b ? -1 : 1)),
    ])
    .sort(([a], [b]) => (String(a) < String(b) ? -1 : 1));

async function expectDerived(store: Store, all: readonly Publication[]): Promise<void> {
  const visible = published(all);
  for (const [index, later] of visible.entries()) {
    const changes = await changesIn(store, later.date);
    const earlier = visible[index - 1];
    if (!earlier) {
      expect(changes).toEqual([]);
      continue;
    }
    expect(changes.filter(({ change }) => change === 'compared')).toMatchObject([
      { snapshot_date: later.date, previous_snapshot_date: earlier.date },
    ]);
    expect(changes[0]?.change).toBe('compared');
    const before = knownIn(earlier.users);
    const after = knownIn(later.users);
    expect(named(applied(before, changes), after)).toEqual(named(after, applied(before, changes)));
  }
  const newest = visible.at(-1);
  expect(await linesIn(store, latestKey(INSTANCE))).toEqual(
    newest && rowsOf({ ...newest, undated: false }),
  );
}

const derivedObjects = ({ objects }: MemoryStore) =>
  new Map([...objects].filter(([key]) => /^(latest|changes)\//.test(key)).sort());

/** What is derived of what is visible at the end, in an empty store. */
async function derivedAfresh(all: readonly Publication[]) {
  const store = memoryStore();
  for (const one of published(all)) await publish(store, one);
  await deriveInstance(store, INSTANCE, ALL);
  return derivedObjects(store);
}

it('tells what leads from each snapshot to the next, and copies the newest', async () => {
  await fc.assert(
    fc.asyncProperty(history, async (all) => {
      const store = memoryStore();
      for (const one of all) await publish(store, one);
      await deriveInstance(store, INSTANCE, ALL);
      await expectDerived(store, all);
    }),
    { numRuns: RUNS },
  );
});

it('ends in the same bytes however often and wherever it ran and was killed', async () => {
  const step = fc.record({
    at: fc.option(fc.integer({ min: 1, max: 20 }), { nil: undefined }),
    after: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(history, fc.array(step, { maxLength: 6 }), async (all, steps) => {
      const store = memoryStore();
      for (const [index, one] of all.entries()) {
        await publish(store, one);
        const { at = Number.POSITIVE_INFINITY, after = false } = steps[index] ?? {};
        await deriveInstance(killedStore(store, { at, after }), INSTANCE).catch(
          (error: unknown) => {
            if (!(error instanceof Killed)) throw error;
          },
        );
      }
      await deriveInstance(store, INSTANCE, ALL);
      expect(derivedObjects(store)).toEqual(await derivedAfresh(all));
      expect(await deriveInstance(store, INSTANCE, ALL)).toEqual({
        latest: 'unchanged',
        changesWritten: [],
        changesLeft: 0,
        damages: [],
      });
    }),
    { numRuns: RUNS },
  );
});

const ANNA: WorldUser = {
  id: 'u1',
  username: 'anna',
  proficiencies: [{ attribute_name: 'Language', attribute_value: 'French', level: 3 }],
};

async function storeOf(...all: Publication[]): Promise<MemoryStore> {
  const store = memoryStore();
  for (const one of all) await publish(store, one);
  return store;
}

const day = (date: string, some: readonly WorldUser[], run = 0): Publication => ({
  date,
  run,
  users: some,
});

it.each(['2026-11-02', '2026-11-03', '2026-11-04'])(
  'replaces nothing newer where another run publishes %s and derives, wherever in between',
  async (date) => {
    const before = [day('2026-11-01', [ANNA]), day('2026-11-03', [])];
    const meanwhile = day(date, [{ ...ANNA, username: 'anne' }], 1);
    const expected = await derivedAfresh([...before, meanwhile]);
    for (let at = 1, reached = true; reached; at++) {
      const store = await storeOf(...before);
      const slow = interruptedStore(store, at, async () => {
        await publish(store, meanwhile);
        await deriveInstance(store, INSTANCE);
      });
      // What it was reading may have been replaced; then it has said so, and done no harm.
      await deriveInstance(slow.store, INSTANCE);
      reached = slow.wasReached();
      if (reached) expect(derivedObjects(store)).toEqual(expected);
    }
  },
);

it('is never seen half, wherever it is killed', async () => {
  const all: Publication[] = [
    { date: '2026-11-01', run: 0, users: [{ id: 'u1', username: 'a', proficiencies: [] }] },
    { date: '2026-11-02', run: 1, users: [{ id: 'u2', username: 'b', proficiencies: [] }] },
  ];
  const complete = await derivedAfresh(all);
  for (const after of [false, true]) {
    for (let at = 1, lived = false; !lived; at++) {
      const store = memoryStore();
      for (const one of all) await publish(store, one);
      lived = await deriveInstance(killedStore(store, { at, after }), INSTANCE).then(
        () => true,
        () => false,
      );
      for (const [key, bytes] of derivedObjects(store)) expect(bytes).toEqual(complete.get(key));
      await deriveInstance(store, INSTANCE);
      expect(derivedObjects(store)).toEqual(complete);
    }
  }
});

async function collected(lines: AsyncIterable<string>): Promise<string[]> {
  const all: string[] = [];
  for await (const line of lines) all.push(line);
  return all;
}

it('compares in groups of any size, and tells the same', async () => {
  await fc.assert(
    fc.asyncProperty(
      users,
      users,
      fc.integer({ min: 1, max: 7 }),
      async (before, after, atATime) => {
        const store = memoryStore();
        const earlier = await publish(store, { date: '2026-11-01', run: 0, users: before });
        const later = await publish(store, { date: '2026-11-02', run: 1, users: after });
        const side = (manifest: Manifest): Side => ({
          manifest,
          lines: snapshotReader(store, manifest),
        });
        const lines = (usersAtATime?: number) =>
          collected(compare(side(earlier), side(later), usersAtATime));
        const all = await lines();
        const inGroups = await lines(atATime);
        expect(inGroups.toSorted()).toEqual(all.toSorted());
      },
    ),
    { numRuns: RUNS },
  );
});

it('copies the newest snapshot byte by byte, and dates the rows of earlier versions', async () => {
  const store = await storeOf(day('2026-11-01', [ANNA]));
  await deriveInstance(store, INSTANCE);
  expect(store.objects.get(latestKey(INSTANCE))).toEqual(
    store.objects.get(snapshotKey(INSTANCE, '2026-11-01')),
  );
  await publish(store, { ...day('2026-11-02', [ANNA]), undated: true });
  await deriveInstance(store, INSTANCE);
  const [row] = await linesIn(store, latestKey(INSTANCE));
  expect(rowSchema.parse(row).snapshot_date).toBe('2026-11-02');
});

it('tells "nothing changed" from "not compared"', async () => {
  const store = await storeOf(day('2026-11-01', [ANNA]), day('2026-11-02', [ANNA]));
  await deriveInstance(store, INSTANCE);
  expect(store.objects.has(changesKey(INSTANCE, '2026-11-01'))).toBe(false);
  expect(await changesIn(store, '2026-11-02')).toMatchObject([{ change: 'compared' }]);
});

it('goes on with other dates where one is damaged, and then says which', async () => {
  const store = await storeOf(
    day('2026-11-01', []),
    day('2026-11-02', []),
    day('2026-11-03', []),
    day('2026-11-04', [ANNA]),
  );
  const key = snapshotKey(INSTANCE, '2026-11-02');
  store.objects.set(key, Buffer.alloc(store.objects.get(key)?.length ?? 0));
  const { damages } = await deriveInstance(store, INSTANCE);
  expect(damages).toEqual([
    { of: '2026-11-03', message: expect.stringContaining('snapshot_date=2026-11-02') },
    { of: '2026-11-02', message: expect.stringContaining('snapshot_date=2026-11-02') },
  ]);
  expect([...derivedObjects(store).keys()]).toEqual([
    changesKey(INSTANCE, '2026-11-04'),
    latestKey(INSTANCE),
  ]);
});

it('stops before a comparison where there is no time, and says how many are left', async () => {
  const store = await storeOf(...['1', '2', '3', '4'].map((n) => day(`2026-11-0${n}`, [ANNA])));
  let asked = 0;
  const deadline = { reached: () => ++asked > 1 };
  expect(await deriveInstance(store, INSTANCE, { deadline })).toEqual({
    latest: 'written',
    changesWritten: ['2026-11-04'],
    changesLeft: 2,
    damages: [],
  });
});

it('renames nobody where names are switched off or on', async () => {
  const { username: _, ...unnamed } = ANNA;
  const store = await storeOf(
    day('2026-11-01', [ANNA]),
    day('2026-11-02', [unnamed]),
    day('2026-11-03', [{ ...ANNA, username: 'anne' }]),
    day('2026-11-04', [ANNA]),
  );
  await deriveInstance(store, INSTANCE);
  expect(await changesIn(store, '2026-11-02')).toHaveLength(1);
  expect(await changesIn(store, '2026-11-03')).toHaveLength(1);
  expect(await changesIn(store, '2026-11-04')).toMatchObject([
    { change: 'compared' },
    { change: 'user renamed', previous_username: 'anne', username: 'anna' },
  ]);
});

it('goes on where a manifest cannot be read', async () => {
  const store = await storeOf(day('2026-11-01', []), day('2026-11-02', []), day('2026-11-03', []));
  await deriveInstance(store, INSTANCE);
  store.objects.set(manifestKey(INSTANCE, '2026-11-01'), Buffer.from('{'));
  await publish(store, day('2026-11-04', [ANNA]));
  const { changesWritten, damages } = await deriveInstance(store, INSTANCE);
  expect(changesWritten).toEqual(['2026-11-04']);
  expect(damages).toMatchObject([{ of: '2026-11-02' }]);
});

it('looks first at the date that it is asked for, however old', async () => {
  const dates = Array.from({ length: 40 }, (_, n) =>
    new Date(Date.UTC(2026, 9, 1 + n)).toISOString().slice(0, 10),
  );
  const store = await storeOf(...dates.map((date) => day(date, [ANNA])));
  const snapshotDate = '2026-10-03';
  const { changesWritten } = await deriveInstance(store, INSTANCE, { snapshotDate });
  expect(changesWritten).toEqual([snapshotDate, ...dates.slice(-31).reverse()]);
});

it('keeps changes whose earlier snapshot has expired', async () => {
  const store = await storeOf(day('2026-11-01', []), day('2026-11-02', [ANNA]));
  await deriveInstance(store, INSTANCE);
  const before = derivedObjects(store);
  for (const key of [...store.objects.keys()]) {
    if (key.includes('2026-11-01')) store.objects.delete(key);
  }
  await deriveInstance(store, INSTANCE, ALL);
  expect(derivedObjects(store)).toEqual(before);
});

it('says in the event what is there, and where', async () => {
  const bert = { id: 'u2', username: 'bert', proficiencies: [] };
  const store = await storeOf(
    day('2026-11-01', [ANNA]),
    day('2026-11-02', [{ ...ANNA, username: 'anne', proficiencies: [] }, bert]),
  );
  await deriveInstance(store, INSTANCE);
  const said = await snapshotPublished(store, INSTANCE, '2026-11-02', undefined);
  expect(said).toMatchObject({
    instanceId: INSTANCE,
    users: 2,
    proficiencies: 0,
    changes: {
      previousSnapshotDate: '2026-11-01',
      usersCreated: 1,
      usersDeleted: 0,
      usersRenamed: 1,
      added: 0,
      removed: 1,
      levelChanged: 0,
    },
    coverage: null,
    latestUri: store.uri(latestKey(INSTANCE)),
    changesUri: store.uri(changesKey(INSTANCE, '2026-11-02')),
  });
  expect(JSON.stringify(said)).not.toMatch(/ann|bert|French/);
  const first = await snapshotPublished(store, INSTANCE, '2026-11-01', undefined);
  expect(first).toMatchObject({ changes: null, changesUri: null });
});
