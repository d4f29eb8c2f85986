import fc from 'fast-check';
import {
  between,
  fraction,
  hash,
  pick,
  randomStream,
  scramble,
  unscramble,
} from '../../simulator/random.ts';

const word = fc.nat({ max: 0xffffffff });

test('unscramble undoes scramble', () => {
  fc.assert(fc.property(word, (value) => unscramble(scramble(value)) === value));
});

test('a hash depends on the order of its keys', () => {
  expect(hash(1, 2)).not.toBe(hash(2, 1));
  expect(hash(1)).not.toBe(hash(1, 0));
});

test('the same keys give the same sequence, other keys another', () => {
  const draw = (...keys: number[]) => Array.from({ length: 5 }, randomStream(...keys));
  expect(draw(1, 2)).toEqual(draw(1, 2));
  expect(draw(1, 2)).not.toEqual(draw(1, 3));
});

test('fractions are spread evenly over 0 to 1', () => {
  const tenths = new Array<number>(10).fill(0);
  for (let i = 0; i < 10_000; i++) {
    const tenth = Math.floor(fraction(7, i) * 10);
    tenths[tenth] = (tenths[tenth] ?? 0) + 1;
  }
  for (const count of tenths) expect(Math.abs(count - 1000)).toBeLessThan(150);
});

test('between stays within its bounds and reaches both', () => {
  const random = randomStream(1);
  const drawn = new Set(Array.from({ length: 200 }, () => between(random, 3, 6)));
  expect([...drawn].sort()).toEqual([3, 4, 5, 6]);
});

test('a skewed pick prefers the earlier items, and nothing can be picked from nothing', () => {
  const random = randomStream(1);
  const items = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
  const firsts = Array.from({ length: 1000 }, () => pick(random, items, 2)).filter((i) => i === 0);
  expect(firsts.length).toBeGreaterThan(250);
  expect(() => pick(random, [])).toThrow('empty list');
});
