import { createDataset, type Dataset } from '../../../simulator/people/dataset.ts';
import { pathOf, withDescendants } from '../../../simulator/people/hierarchy.ts';
import type { Placement } from '../../../simulator/people/placements.ts';

const everybody = (dataset: Dataset): Map<number, Placement> => {
  const placed = new Map<number, Placement>();
  for (let index = 0; index < dataset.end; index++) {
    const placement = dataset.placement(index);
    if (placement !== undefined) placed.set(index, placement);
  }
  return placed;
};

test('the hierarchy has five levels below the group of Connect, and more groups than a page', () => {
  const groups = withDescendants(createDataset().workplaces.hierarchy);
  expect(new Set(groups.map(({ level }) => level))).toEqual(new Set([0, 1, 2, 3, 4, 5]));
  expect(new Set(groups.map(({ id }) => id)).size).toBe(groups.length);
  expect(groups.length).toBeGreaterThan(100);
  for (const group of groups) {
    expect(pathOf(group).map(({ level }) => level)).toEqual([1, 2, 3, 4, 5].slice(0, group.level));
    for (const child of group.children) expect(child.parents).toEqual(pathOf(group));
  }
  // Whoever takes the name for the group mixes teams up.
  expect(groups.filter(({ name }) => name === 'Team A').length).toBeGreaterThan(1);
});

test('people work on every level, some of them in no group, and have a profile of the instance', () => {
  const dataset = createDataset({ users: 300 });
  const placements = [...everybody(dataset).values()];
  const { hierarchy, routingProfiles } = dataset.workplaces;
  const groups = new Set(withDescendants(hierarchy));
  const levels = new Map<number | undefined, number>();
  for (const { hierarchyGroup: group, routingProfile, securityProfileIds } of placements) {
    levels.set(group?.level, (levels.get(group?.level) ?? 0) + 1);
    expect(group === undefined || groups.has(group)).toBe(true);
    expect(routingProfiles).toContain(routingProfile);
    expect(securityProfileIds.length).toBeGreaterThan(0);
  }
  expect(new Set(levels.keys())).toEqual(new Set([undefined, 1, 2, 3, 4, 5]));
  expect((levels.get(undefined) ?? 0) / placements.length).toBeCloseTo(0.04, 1);
  expect(levels.get(3)).toBeGreaterThan(levels.get(2) ?? 0);
  const used = new Set(placements.map(({ routingProfile }) => routingProfile));
  expect(used.size).toBe(routingProfiles.length - 1);
});

test('some people have tags, some of which are empty or reserved by AWS', () => {
  const tags = [...everybody(createDataset({ users: 300 })).values()].map((one) => one.tags);
  const all = tags.flatMap(Object.entries).map(([key, value]) => `${key}=${value}`);
  expect(tags.some((one) => Object.keys(one).length === 0)).toBe(true);
  for (const tag of [/^site=Lisboa$/, /^aws:/, /^Équipe\/projet=$/])
    expect(all.join('\n')).toMatch(new RegExp(tag, 'm'));
});

test('a user works where it did, whoever else there is', () => {
  const small = createDataset({ seed: 3, users: 50 });
  expect(createDataset({ seed: 3, users: 5000 }).placement(42)).toEqual(small.placement(42));
  expect(small.placement(50)).toBeUndefined();
});

test('a day moves a few people, and ListUsers does not tell', () => {
  const [before, after] = [5, 6].map((day) => createDataset({ users: 500, day }));
  if (before === undefined || after === undefined) throw new Error('There are two days.');
  const moved = [...everybody(after)].flatMap(([index, { hierarchyGroup }]) =>
    index < before.end && before.placement(index)?.hierarchyGroup?.id !== hierarchyGroup?.id
      ? [index]
      : [],
  );
  expect(moved.length).toBeGreaterThan(0);
  expect(moved.length).toBeLessThan(10);
  const touched = moved.filter(
    (index) => after.user(index)?.modifiedAt.getTime() !== before.user(index)?.modifiedAt.getTime(),
  );
  expect(touched.length).toBeLessThan(moved.length / 2);
});

test('of the predefined attributes some values are held and retired, others defined and unused', () => {
  const dataset = createDataset({ users: 500, manyProficienciesShare: 0.01 });
  const valuesOf = (pairs: Iterable<readonly [string, string]>) =>
    new Set([...pairs].map(([name, value]) => `${name}: ${value}`));
  const defined = valuesOf(
    dataset.predefinedAttributes.flatMap(({ name, values }) =>
      values.map((value) => [name, value] as const),
    ),
  );
  const held = valuesOf(
    [...dataset.truth()].flatMap(({ proficiencies }) =>
      proficiencies.map((one) => [one.attribute_name, one.attribute_value] as const),
    ),
  );
  expect([...held].filter((value) => !defined.has(value)).sort()).toEqual([
    'Certification: Complaints level 1',
    'Product: Fibre "Gigabit"',
    'Product: Pay-as-you-go 5G',
  ]);
  const unused = [...defined].filter((value) => !held.has(value));
  expect(unused).toEqual(expect.arrayContaining(['Language: Suomi', 'Coaching: Mentor']));
  for (const { values } of dataset.predefinedAttributes)
    expect(values.length).toBeLessThanOrEqual(500);
});
