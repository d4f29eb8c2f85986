import type * as z from 'zod';
import type { Found } from './criteria-json.ts';

const pathInWords = (path: readonly PropertyKey[]): string =>
  path.reduce<string>((before, key) => {
    if (typeof key === 'number') return `${before}[${key}]`;
    return before === '' ? String(key) : `${before}.${String(key)}`;
  }, '');

/** Longer values are of no help where only their kind is wrong. */
const LONGEST_QUOTE = 60;

function quoted(value: unknown): string {
  const json = JSON.stringify(value);
  return json.length > LONGEST_QUOTE ? `${json.slice(0, LONGEST_QUOTE)}…` : json;
}

const valueAt = (input: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (value, key) => (value instanceof Object ? Reflect.get(value, key) : undefined),
    input,
  );

/**
 * What is wrong with routing criteria, in one sentence: which part, what it is, what it should be.
 *
 * @param issue its message stands after "expected"
 * @param from where the criteria come from
 */
export function problemInWords(issue: z.core.$ZodIssue, found: Found, from: string): string {
  const where = pathInWords([...found.path, ...issue.path]) || 'the whole';
  if (issue.code === 'unrecognized_keys') {
    const keys = issue.keys.map((key) => `"${key}"`).join(', ');
    return `${from}: ${where} has an unknown field ${keys}; expected ${issue.message}.`;
  }
  const value = valueAt(found.value, issue.path);
  const is = value === undefined ? 'is missing' : `is ${quoted(value)}`;
  return `${from}: ${where} ${is}; expected ${issue.message}.`;
}
