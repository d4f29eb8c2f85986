import * as z from 'zod/mini';
import { ExportFailure } from './failure.ts';

function complain(issue: z.core.$ZodRawIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `expected ${issue.expected}`;
    case 'invalid_value':
      return `expected ${issue.values.join(' or ')}`;
    case 'invalid_format':
      return `expected ${issue.format}`;
    case 'too_small':
      return `expected at least ${issue.minimum}`;
    case 'too_big':
      return `expected at most ${issue.maximum}`;
    default:
      return 'not what is expected';
  }
}

/** The small build of zod, whose import costs a third, has no words of its own. */
export const IN_WORDS = { error: complain };

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
export function parse<T>(schema: z.core.$ZodType<T>, input: unknown, what: string): T {
  const result = z.safeParse(schema, input, IN_WORDS);
  if (result.success) return result.data;
  const sentences = result.error.issues.map((issue) => inWords(issue, input, what));
  throw new ExportFailure('InvalidRequest', sentences.join(' '));
}
