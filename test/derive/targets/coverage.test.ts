import fc from 'fast-check';
import { snapshotKey } from '../../../contract/keys.ts';
import type { Target } from '../../../contract/target.ts';
import { coverageOf } from '../../../derive/targets/coverage.ts';
import { readTargets } from '../../../derive/targets/read-targets.ts';
import { FULL } from '../../support/breadth.ts';
import { memoryStore } from '../../support/memory-store.ts';
import type { WorldUser } from '../../support/published-world.ts';
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

const have = (people: readonly WorldUser[], target: Target): number =>
  people.filter(({ proficiencies }) =>
    proficiencies.some((one) => keyOf(one) === keyOf(target) && one.level >= target.minimum_level),
  ).length;

it('tells of each target that too few agents meet, the largest gaps first', async () => {
  await fc.assert(
    fc.asyncProperty(users, targets, async (people, all) => {
      const store = memoryStore();
      const manifest = await publish(store, { date: DATE, run: 0, users: people });
      const coverage = await coverageOf(store, manifest, { targets: all, problems: [] });
      const gaps = all
        .filter((target) => have(people, target) < target.minimum_agents)
        .map((target) => ({
          attributeName: target.attribute_name,
          attributeValue: target.attribute_value,
          minimumLevel: target.minimum_level,
          minimumAgents: target.minimum_agents,
          agents: have(people, target),
        }));
      expect(coverage).toMatchObject({ targetCount: all.length, gapCount: gaps.length });
      expect(coverage.gaps.map((gap) => JSON.stringify(gap)).toSorted()).toEqual(
        gaps.map((gap) => JSON.stringify(gap)).toSorted(),
      );
      const sizes = coverage.gaps.map(({ minimumAgents, agents }) => minimumAgents - agents);
      expect(sizes).toEqual(sizes.toSorted((a, b) => b - a));
    }),
    { numRuns: FULL ? 500 : 50 },
  );
});

const FRENCH: Target = {
  line_number: 2,
  attribute_name: 'Language',
  attribute_value: 'French',
  minimum_level: 4,
  minimum_agents: 1,
};

it('refuses a snapshot that is not what its manifest describes, and reads none where there is no target', async () => {
  const store = memoryStore();
  const user = { id: 'u1', username: 'anna', proficiencies: [] };
  const manifest = await publish(store, { date: DATE, run: 0, users: [user] });
  const key = snapshotKey(INSTANCE, DATE);
  store.objects.set(key, Buffer.alloc(store.objects.get(key)?.length ?? 0));
  const problems = [{ line_number: 3, problem: 'it is wrong' }];
  const compared = (all: readonly Target[]) =>
    coverageOf(store, manifest, { targets: all, problems });
  await expect(compared([FRENCH])).rejects.toMatchObject({ name: 'DamagedRun' });
  expect(await compared([])).toEqual({
    targetCount: 0,
    gapCount: 0,
    gaps: [],
    problemCount: 1,
    problems: [{ line: 3, problem: 'it is wrong' }],
  });
});

it('stays within a third of what EventBridge and Step Functions take, however much there is to tell', async () => {
  const store = memoryStore();
  const manifest = await publish(store, { date: DATE, run: 0, users: [] });
  const longest = '\u{20BB7}'.repeat(100);
  const numbered = (n: number) => `${String(n).padStart(4, '0')}${'\u{20BB7}'.repeat(96)}`;
  const rows = Array.from({ length: 300 }, (_, n) => [
    [longest, numbered(n), '4', '1000000'].join(),
    [longest, longest, longest, longest].join(),
  ]);
  const header = 'attribute_name,attribute_value,minimum_level,minimum_agents';
  const text = [header, ...rows.flat()].join('\n');
  const coverage = await coverageOf(store, manifest, readTargets(Buffer.from(text)));
  expect(coverage).toMatchObject({ targetCount: 300, gapCount: 300, problemCount: 300 });
  expect([coverage.gaps.length, coverage.problems.length]).toEqual([50, 20]);
  expect(Buffer.byteLength(JSON.stringify(coverage))).toBeLessThan((256 * 1024) / 3);
});
