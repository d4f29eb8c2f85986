import fc from 'fast-check';
import { type HiveType, parseHiveType, SCALAR_NAMES } from '../../sql/column-type.ts';

const { type: anyType } = fc.letrec<{ type: HiveType }>((tie) => ({
  type: fc.oneof(
    { depthSize: 'small' },
    fc.record({ kind: fc.constant('scalar' as const), name: fc.constantFrom(...SCALAR_NAMES) }),
    fc.record({ kind: fc.constant('array' as const), element: tie('type') }),
    fc.record({
      kind: fc.constant('map' as const),
      key: fc.constant({ kind: 'scalar' as const, name: 'string' as const }),
      value: tie('type'),
    }),
    fc.record({
      kind: fc.constant('struct' as const),
      fields: fc.array(fc.tuple(fc.stringMatching(/^[a-z_]+$/), tie('type')), { minLength: 1 }),
    }),
  ),
}));

function write(type: HiveType): string {
  switch (type.kind) {
    case 'scalar':
      return type.name;
    case 'array':
      return `array<${write(type.element)}>`;
    case 'map':
      return `map<${write(type.key)},${write(type.value)}>`;
    case 'struct':
      return `struct<${type.fields.map(([name, field]) => `${name}:${write(field)}`).join(',')}>`;
  }
}

it('any type is taken apart as it was put together', () => {
  fc.assert(
    fc.property(anyType, (type) => {
      expect(parseHiveType(write(type))).toEqual(type);
    }),
  );
});

it.each(['varchar', 'array<int', 'map<string>', ''])('"%s" is refused', (text) => {
  expect(() => parseHiveType(text)).toThrow(`"${text}"`);
});
