import fc from 'fast-check';
import { parseInstance } from '../../../contract/instance.ts';
import { createUserIds } from '../../../simulator/people/user-ids.ts';

test('an id leads back to its number and looks like a UUID of version 4', () => {
  fc.assert(
    fc.property(fc.integer(), fc.nat(), (seed, index) => {
      const ids = createUserIds(seed);
      const id = ids.idOf(index);
      expect(parseInstance(id)).toEqual({ id });
      expect(id).toMatch(/^.{8}-.{4}-4.{3}-[89ab]/);
      expect(ids.indexOf(id)).toBe(index);
    }),
  );
});

test('other seeds have other ids', () => {
  const id = createUserIds(1).idOf(0);
  expect(createUserIds(2).idOf(0)).not.toBe(id);
  expect(createUserIds(2).indexOf(id)).toBeUndefined();
});

test.each(['', 'nobody', '00000000-0000-4000-8000-000000000000'])(
  '%p is no id of any user',
  (id) => {
    expect(createUserIds(1).indexOf(id)).toBeUndefined();
  },
);

test('an id with any digit changed is no id of any user', () => {
  const ids = createUserIds(1);
  const id = ids.idOf(42);
  for (const [at, digit] of [...id].entries()) {
    if (digit === '-') continue;
    const other = digit === '0' ? '1' : '0';
    expect(ids.indexOf(id.slice(0, at) + other + id.slice(at + 1))).toBeUndefined();
  }
});
