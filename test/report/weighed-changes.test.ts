import fc from 'fast-check';
import type { Change, Coverage, TargetResult } from '../../report/facts.ts';
import { weighedChanges } from '../../report/weighed-changes.ts';

/** A change of Ann's, from a level to a level; 0 where she has none. */
const change = (attribute_value: string, before: number, after: number): Change => ({
  change: before === 0 ? 'added' : after === 0 ? 'removed' : 'level changed',
  username: 'ann',
  user_id: 'user-ann',
  attribute_name: 'Language',
  attribute_value,
  level_before: before || null,
  level_after: after || null,
  user_status: 'present',
});

const coverage = (...values: readonly string[]): Coverage[] =>
  values.map((attribute_value) => ({
    attribute_name: 'Language',
    attribute_value,
    ...{ agents: 1, level_1: 0, level_2: 0, level_3: 1, level_4: 0, level_5: 0, average_level: 3 },
  }));

const target = (attribute_value: string, minimum_level: number, gap: number): TargetResult => ({
  attribute_name: 'Language',
  attribute_value,
  minimum_level,
  ...{ need: 4, have: 4 - gap, gap, one_level_short: 0, who_is_one_level_short: null },
});

const weigh = (changes: readonly Change[], targets: readonly TargetResult[] = []) =>
  weighedChanges(changes, {
    coverage: coverage('French', 'English'),
    againstTargets: { lines: targets, problems: [], isBehind: false },
  });

it('begins with what nobody has any more, then with missed targets, then with the largest steps, losses first', () => {
  const inOrder = [
    change('Klingon', 1, 0),
    change('French', 4, 3),
    change('English', 5, 0),
    change('English', 0, 5),
    change('English', 5, 3),
    change('English', 1, 2),
  ];
  const shuffled = fc.shuffledSubarray(inOrder, { minLength: inOrder.length });
  fc.assert(
    fc.property(shuffled, (changes) => {
      const weighed = weigh(changes, [target('French', 4, 1)]);
      expect(weighed.map(({ consequence: _, ...one }) => one)).toEqual(inOrder);
    }),
  );
});

it.each([
  ['a proficiency that others have', change('French', 4, 0), [], 'none'],
  ['a proficiency that nobody else has', change('Klingon', 4, 0), [], 'nobody left'],
  [
    'a fall below the level of a target',
    change('French', 4, 3),
    [target('French', 4, 1)],
    'target missed',
  ],
  ['a loss', change('French', 5, 0), [target('French', 4, 2)], 'target missed'],
  ['a fall to the level of a target', change('French', 5, 4), [target('French', 4, 1)], 'none'],
  ['a fall of those who did not count', change('French', 3, 2), [target('French', 4, 1)], 'none'],
  ['a target that is met all the same', change('French', 4, 3), [target('French', 4, 0)], 'none'],
  ['a target of another proficiency', change('French', 4, 3), [target('English', 4, 1)], 'none'],
  ['a gain', change('French', 1, 5), [target('French', 4, 1)], 'none'],
])('knows the consequence of %s', (_, one, targets, consequence) => {
  expect(weigh([one], targets)).toEqual([{ ...one, consequence }]);
});

it('leaves those of equal weight as they are', () => {
  const changes = ['French', 'English', 'French'].map((value) => change(value, 2, 3));
  expect(weigh(changes)).toEqual(changes.map((one) => ({ ...one, consequence: 'none' })));
});
