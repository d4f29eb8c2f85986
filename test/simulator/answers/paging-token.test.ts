import fc from 'fast-check';
import { readToken, writeToken } from '../../../simulator/answers/paging-token.ts';

const NOW = 1_800_000_000;
const positions = fc.record({ index: fc.nat(), emptyPages: fc.nat({ max: 9 }) });

test('a token leads back to its position for 24 hours', () => {
  fc.assert(
    fc.property(positions, fc.nat(), fc.nat({ max: 86_400 }), (position, scope, age) => {
      expect(readToken(writeToken(position, scope, NOW), scope, NOW + age)).toEqual(position);
    }),
  );
});

test('a token is refused after 24 hours', () => {
  const token = writeToken({ index: 5, emptyPages: 0 }, 1, NOW);
  expect(() => readToken(token, 1, NOW + 86_401)).toThrow('has expired');
});

test.each(['', 'x', 'AAAAAAAAAAAAAAAAAAAAAA==', '%%%', 'eyJpbmRleCI6MX0='])(
  'refuses the invented token %p',
  (token) => {
    expect(() => readToken(token, 1, NOW)).toThrow('not valid');
  },
);

test('a token of one list is refused by another', () => {
  const token = writeToken({ index: 5, emptyPages: 0 }, 1, NOW);
  expect(() => readToken(token, 2, NOW)).toThrow('not valid');
});

test('tokens need escaping in a query string, as those of AWS may', () => {
  const token = writeToken({ index: 5, emptyPages: 0 }, 1, NOW);
  expect(encodeURIComponent(token)).not.toBe(token);
});
