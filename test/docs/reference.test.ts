import { readFileSync } from 'node:fs';
import * as z from 'zod/mini';
import { fieldsOf } from '../../build/reference/fields.ts';

/* That `API.md` says what the comments say, `npm pack` sees to: it takes the compiler to know. */

const namesIn = (file: string): string[] =>
  [...readFileSync(file, 'utf8').matchAll(/^export (?:type )?\{([^}]+)\}/gms)].flatMap(
    ([, list = '']) => list.split(',').flatMap((name) => name.replace('type ', '').trim() || []),
  );

it.each(['package/index.ts', 'package/contract.ts'])('API.md has all that %s exports', (file) => {
  const names = namesIn(file);
  expect(names.length).toBeGreaterThan(5);
  const text = readFileSync('API.md', 'utf8');
  const told = [...text.matchAll(/^(?:### (\w+)|\| `(\w+)` \|)/gm)].map((at) => at[1] ?? at[2]);
  expect(names.filter((name) => !told.includes(name))).toEqual([]);
});

it('says in words what a schema accepts', () => {
  const schema = z.strictObject({
    on: z.iso.date(),
    at: z.nullable(z.iso.datetime()),
    kind: z.enum(['a', 'b']),
    version: z.literal(1),
    parts: z.optional(
      z.array(z.strictObject({ key: z.string(), etag: z.string(), size: z.int() })),
    ),
    tags: z.record(z.string(), z.string()),
  });
  expect(fieldsOf(schema)).toEqual([
    { name: 'on', type: 'string (date)', isOptional: false },
    { name: 'at', type: 'string (date and time) | null', isOptional: false },
    { name: 'kind', type: '"a" | "b"', isOptional: false },
    { name: 'version', type: '1', isOptional: false },
    { name: 'parts', type: 'list of { key, etag: string; size: whole number }', isOptional: true },
    { name: 'tags', type: '{ [key]: string }', isOptional: false },
  ]);
});
