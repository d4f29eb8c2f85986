import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { z } from 'zod';
import { parseInstance } from '../../contract/instance.ts';

/** From the command line (`-c key=value`) everything is text; from cdk.json it has its type. */
export const number = (schema: z.core.$ZodType<number, number>) =>
  z
    .union([
      z.number(),
      z
        .string()
        .regex(/^-?\d+(\.\d+)?$/)
        .transform(Number),
    ])
    .pipe(schema);

export const wholeNumber = (min: number, max: number) => number(z.int().min(min).max(max));

export const trueOrFalse = z.union([
  z.boolean(),
  z.enum(['true', 'false']).transform((text) => text === 'true'),
]);

/** `a,b`, `["a","b"]` as text, or a list. */
export const list = z
  .union([z.array(z.string()), z.string().transform(splitList)])
  .pipe(z.array(z.string()).min(1))
  .readonly();

function splitList(text: string): unknown {
  if (!text.trim().startsWith('[')) return text.split(',').map((item) => item.trim());
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Ids of Amazon EC2, as `subnet-0123456789abcdef0`, each once, and no more than `most`. */
export const idsOf = (kind: 'subnet' | 'sg', most: number) =>
  list.refine(
    (ids) =>
      ids.every((id) => new RegExp(`^${kind}-[0-9a-f]{8,17}$`).test(id)) &&
      new Set(ids).size === ids.length &&
      ids.length <= most,
  );

export const hasNoDuplicates = (instances: readonly string[]): boolean =>
  new Set(instances.map((text) => parseInstance(text)?.id)).size === instances.length;

export const KEY_ARN =
  /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/(mrk-[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

export const LOG_RETENTIONS = Object.values(RetentionDays).filter(
  (days) => typeof days === 'number' && days !== RetentionDays.INFINITE,
);
