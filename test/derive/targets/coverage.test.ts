import fc from 'fast-check';
import { snapshotKey } from '../../../contract/keys.ts';
import type { Target } from '../../../contract/target.ts';
import { countCovered } from '../../../derive/targets/coverage.ts';
import { FULL } from '../../support/breadth.ts';
import { memoryStore } from '../../support/memory-store.ts';
import { INSTANCE, keyOf, publish } from '../history.ts';

const DATE = '2026-11-01';

const name = fc.constantFrom('Language', 'Ä "\\', '한국어\u2028');
const level = fc.constantFrom(1, 2, 3.5, 4, 5);
const proficiency = fc.record({ attribute_name: name, attribute_value: name, level });
const users = fc.uniqueArray(
  fc.record({
    id: fc.constantFrom('u1', 'u2', 'u3', 'u4', 'u5'),
    username: fc.string(),
    proficiencies: fc.uniqueArray(proficiency, { selector: keyOf, maxLength: 5 }),
  }),
  { selector: ({ id }) => id },
);
const targets = fc.array(
  fc.record({
    line_number: fc.nat(),
    attribute_name: name,
    attribute_value: name,
    minimum_level: level,
    minimum_agents: fc.integer({ min: 1, max: 5 }),
  }),
  { maxLength: 5 },
);

it('counts the agents at the level or above, for each target', async () => {
  await fc.assert(
    fc.asyncProperty(users, targets, async (people, all) => {
      const store = memoryStore();
      const manifest = await publish(store, { date: DATE, run: 0, users: people });
      const counted = await countCovered(store, manifest, all);
      const expected = all.map((target: Target) => ({
        target,
        agents: people.filter(({ proficiencies }) =>
          proficiencies.some(
            (one) => keyOf(one) === keyOf(target) && one.level >= target.minimum_level,
          ),
        ).length,
      }));
      expect(counted).toHaveLength(all.length);
      for (const one of expected) expect(counted).toContainEqual(one);
    }),
    { numRuns: FULL ? 500 : 50 },
  );
});

it('refuses a snapshot that is not what its manifest describes, and reads none where nothing is to be counted', async () => {
  const store = memoryStore();
  const user = { id: 'u1', username: 'anna', proficiencies: [] };
  const manifest = await publish(store, { date: DATE, run: 0, users: [user] });
  const key = snapshotKey(INSTANCE, DATE);
  store.objects.set(key, Buffer.alloc(store.objects.get(key)?.length ?? 0));
  const target = {
    line_number: 2,
    attribute_name: 'Language',
    attribute_value: 'French',
    minimum_level: 4,
    minimum_agents: 1,
  };
  await expect(countCovered(store, manifest, [target])).rejects.toMatchObject({
    name: 'DamagedRun',
  });
  expect(await countCovered(store, manifest, [])).toEqual([]);
});
