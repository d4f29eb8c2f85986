import { InvalidArgumentError } from 'commander';
import * as z from 'zod/mini';
import { parseInstance } from '../lambda/contract/instance.ts';
import { quotaShareSchema, requestsPerSecondSchema } from '../lambda/contract/pace.ts';
import { isTimeZone } from '../lambda/contract/time-zone.ts';

/** Parsers of command-line arguments; what they refuse is wrong usage. */

export const instanceId = (text: string): string => {
  if (parseInstance(text)) return text;
  throw new InvalidArgumentError(
    'Give an Amazon Connect instance id (a lower-case UUID) or instance ARN; `aws connect list-instances` shows them.',
  );
};

export const date = (text: string): string => {
  if (z.safeParse(z.iso.date(), text).success) return text;
  throw new InvalidArgumentError('Give a date as yyyy-MM-dd.');
};

export const wholeNumber =
  (least: number, most: number) =>
  (text: string): number => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`Give a whole number from ${least} to ${most}.`);
  };

const number =
  (schema: z.ZodMiniType<number>, expected: string) =>
  (text: string): number => {
    const value = Number(text);
    if (text.trim() !== '' && z.safeParse(schema, value).success) return value;
    throw new InvalidArgumentError(`Give a ${expected}.`);
  };

export const positive = number(requestsPerSecondSchema, 'number above 0');

export const share = number(quotaShareSchema, 'number above 0 and at most 1');

export const timeZone = (text: string): string => {
  if (isTimeZone(text)) return text;
  throw new InvalidArgumentError('Give an IANA time zone such as Europe/Berlin.');
};
