import type { z } from 'zod';
import { ExportFailure } from './result.ts';

type Issue = z.core.$ZodIssue;

const valueAt = (input: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (value, key) => (value instanceof Object ? Reflect.get(value, key) : undefined),
    input,
  );

const inWords = (issue: Issue, input: unknown, what: string): string => {
  if (issue.code === 'unrecognized_keys') {
    return `${what} has an unknown field ${issue.keys.map((key) => `"${key}"`).join(', ')}; remove it.`;
  }
  if (issue.path.length === 0) return `${what} is wrong: ${issue.message}.`;
  const value = valueAt(input, issue.path);
  const found = value === undefined ? 'is missing' : `is ${JSON.stringify(value)}`;
  return `${what}: field "${issue.path.map(String).join('.')}" ${found}; ${issue.message}.`;
};

/**
 * Takes what came from outside as what the schema says it is.
 *
 * @param what begins the message: "The event", "The environment"
 * @throws ExportFailure InvalidRequest, one sentence for each thing that is wrong
 */
export function parse<T>(schema: z.ZodType<T>, input: unknown, what: string): T {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const sentences = result.error.issues.map((issue) => inWords(issue, input, what));
  throw new ExportFailure('InvalidRequest', sentences.join(' '));
}
