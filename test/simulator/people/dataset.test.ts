import fc from 'fast-check';
import { z } from 'zod';
import { createDataset, type DatasetOptions } from '../../../simulator/people/dataset.ts';
import { FULL } from '../../support/breadth.ts';

const truthOf = (options: DatasetOptions) => [...createDataset(options).truth()];

test('the same options give the same instance, another seed another one', () => {
  const options = { seed: 3, users: 200, day: 2, manyProficienciesShare: 0.1 };
  expect(truthOf(options)).toEqual(truthOf(options));
  expect(createDataset({ seed: 4 }).instanceId).not.toBe(createDataset({ seed: 3 }).instanceId);
  expect(truthOf({ seed: 4, users: 5 })).not.toEqual(truthOf({ seed: 3, users: 5 }));
});

test('a user does not depend on which others were asked for, nor on how many there are', () => {
  const large = createDataset({ seed: 1, users: 1_000_000 });
  expect(large.user(123)).toEqual(createDataset({ seed: 1, users: 200 }).user(123));
  expect(large.user(999_999)).toEqual(createDataset({ seed: 1, users: 1_000_000 }).user(999_999));
});

test('every user is what Connect allows', () => {
  const users = z.array(
    z.object({
      username: z.string().min(1).max(100),
      proficiencies: z.array(
        z.strictObject({
          attribute_name: z.string().min(1).max(100),
          attribute_value: z.string().min(1).max(100),
          level: z.int().min(1).max(5),
        }),
      ),
    }),
  );
  const isSet = (items: readonly string[]) => new Set(items).size === items.length;
  fc.assert(
    fc.property(fc.nat(), fc.nat({ max: 5 }), (seed, day) => {
      const all = truthOf({ seed, users: 100, day, manyProficienciesShare: 0.02 });
      users.parse(all);
      return (
        isSet(all.map(({ userId }) => userId)) &&
        isSet(all.map(({ username }) => username)) &&
        all.every(({ proficiencies }) =>
          isSet(proficiencies.map((one) => `${one.attribute_name}\n${one.attribute_value}`)),
        )
      );
    }),
    { numRuns: FULL ? 20 : 5 },
  );
});

test('who has no proficiencies has no time and no Region of them, everybody else has', () => {
  for (const user of truthOf({ users: 200, day: 20 })) {
    const hasAny = user.proficiencies.length > 0;
    expect(user.proficienciesModifiedAt !== undefined).toBe(hasAny);
    expect(user.proficienciesModifiedRegion !== undefined).toBe(hasAny);
  }
});

test('it is a contact centre: languages, skewed levels, some people without any skill', () => {
  const all = truthOf({ users: 2000 });
  const proficiencies = all.flatMap((user) => user.proficiencies);
  const share = (level: number) =>
    proficiencies.filter((one) => one.level === level).length / proficiencies.length;
  const without = all.filter((user) => user.proficiencies.length === 0);
  expect(without.length / all.length).toBeCloseTo(0.08, 1);
  expect(share(3)).toBeGreaterThan(share(5));
  expect(share(5)).toBeGreaterThan(share(1));
  const firsts = all.flatMap(({ proficiencies: [first] }) => first?.attribute_name ?? []);
  expect(new Set(firsts)).toEqual(new Set(['Language']));
  const overLimit = all.filter((user) => user.proficiencies.length > 10);
  expect(overLimit.length).toBeGreaterThan(0);
  expect(overLimit.length / all.length).toBeLessThan(0.02);
  const names = all.map(({ username }) => username).join();
  for (const oddity of [/@example\.com/, /"/, /'/, /[^\0-\u00ff]/]) expect(names).toMatch(oddity);
});

test('users with more than a page of proficiencies come as often as asked for', () => {
  const all = truthOf({ users: 1000, manyProficienciesShare: 0.3 });
  const many = all.filter(({ proficiencies }) => proficiencies.length > 100);
  expect(many.length / all.length).toBeCloseTo(0.3, 1);
  expect(truthOf({ users: 1000 }).every((user) => user.proficiencies.length <= 100)).toBe(true);
});

test('a day changes a few percent of the users and tells when', () => {
  const before = new Map(truthOf({ users: 2000, day: 3 }).map((user) => [user.userId, user]));
  const after = new Map(truthOf({ users: 2000, day: 4 }).map((user) => [user.userId, user]));
  const kept = [...after.values()].filter(({ userId }) => before.has(userId));
  const created = after.size - kept.length;
  const deleted = before.size - kept.length;
  expect(created).toBe(10);
  expect(deleted).toBeGreaterThan(2);
  const changed = kept.filter((user) => {
    const { proficienciesModifiedAt: at, ...rest } = user;
    const { proficienciesModifiedAt: was, ...old } = before.get(user.userId) ?? user;
    const isSame = JSON.stringify(rest) === JSON.stringify(old);
    if (isSame && at?.getTime() !== was?.getTime())
      throw new Error('A time changed, and nothing else.');
    return !isSame;
  });
  expect(changed.length / kept.length).toBeGreaterThan(0.02);
  expect(changed.length / kept.length).toBeLessThan(0.05);
  for (const user of changed) {
    const times = [user.userModifiedAt, user.proficienciesModifiedAt].map((at) =>
      at?.toISOString(),
    );
    const hasLostAll = user.proficiencies.length === 0;
    expect(hasLostAll || times.some((at) => at?.startsWith('2026-01-05'))).toBe(true);
  }
});

test('days only add to what has happened: who is deleted stays so', () => {
  const days = [1, 2, 3, 4].map((day) => createDataset({ users: 2000, day }));
  const lives = Array.from({ length: 2000 }, (_, index) =>
    days.map((dataset) => (dataset.exists(index) ? 'here' : 'gone')).join(' '),
  );
  expect(lives).toContainEqual('here here gone gone');
  expect(lives.filter((life) => life.includes('gone here'))).toEqual([]);
});

test('the count is that of the truth', () => {
  expect(createDataset({ users: 300 }).count()).toBe(300);
  const later = createDataset({ users: 300, day: 9 });
  expect(later.count()).toBe([...later.truth()].length);
});

test('numbers and ids that nobody has lead to nobody', () => {
  const dataset = createDataset({ users: 10 });
  expect(dataset.user(10)).toBeUndefined();
  expect(dataset.proficiencies(10)).toBeUndefined();
  expect(dataset.indexOf('nobody')).toBeUndefined();
});

test.each([{ users: -1 }, { users: 1.5 }, { day: Number.NaN }])('refuses %p', (options) => {
  expect(() => createDataset(options)).toThrow(RangeError);
});
