import { z } from 'zod';

/**
 * Tags, checked by what every service takes, so that no deployment fails half-way for one of them.
 *
 * Source: AWS General Reference, "Tag your AWS resources", and the IAM User Guide, "Tags for AWS Identity and Access Management resources":
 * IAM takes two keys that differ in capitals for the same one.
 */

/** The exporter's own tag is one of the 50 that a resource may have. */
const OWN_TAGS = { application: 'connect-proficiency-exporter' };
const MOST_TAGS = 50;

const CHARACTERS = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

type Pair = readonly [key: string, value: string];

/** `key=value,key=value`. */
const pairsIn = (text: string): Pair[] =>
  text.split(',').map((tag) => {
    const [key = '', ...value] = tag.trim().split('=');
    return [key, value.join('=')];
  });

const lowerCase = (key: string): string => key.toLowerCase();

const isOwn = (key: string): boolean => Object.keys(OWN_TAGS).includes(lowerCase(key));

/** The exporter's own tags, but for those that are given otherwise, and the given ones. */
export const withOwnTags = (
  given: Readonly<Record<string, string>> = {},
): Record<string, string> =>
  Object.keys(given).some(isOwn) ? { ...given } : { ...OWN_TAGS, ...given };

const hasRoom = (pairs: readonly Pair[]): boolean =>
  pairs.filter(([key]) => !isOwn(key)).length + Object.keys(OWN_TAGS).length <= MOST_TAGS;

const isOnce = (pairs: readonly Pair[]): boolean =>
  new Set(pairs.map(([key]) => lowerCase(key))).size === pairs.length;

const lengthOf = (text: string): number => [...text].length;

const every = (holds: (key: string, value: string) => boolean) => (pairs: readonly Pair[]) =>
  pairs.every(([key, value]) => holds(key, value));

/** `key=value,key=value`, or an object. */
export const tags = z
  .union([
    z.record(z.string(), z.string()).transform(Object.entries<string>),
    z.string().transform(pairsIn),
  ])
  .refine(every((key, value) => key !== '' && value !== ''))
  .refine(isOnce, {
    error: 'each key once, in whatever capitals: for IAM, Owner and owner are the same',
  })
  .refine(
    every((key) => !lowerCase(key).startsWith('aws:')),
    { error: 'keys that do not begin with aws:, which is reserved for AWS' },
  )
  .refine(
    every((key, value) => lengthOf(key) <= 128 && lengthOf(value) <= 256),
    { error: 'keys of at most 128 characters, and values of at most 256' },
  )
  .refine(
    every((key, value) => CHARACTERS.test(key) && CHARACTERS.test(value)),
    { error: 'letters, digits, spaces and _ . : / = + - @ only, in keys and values' },
  )
  .refine(hasRoom, {
    error: `at most ${MOST_TAGS - 1} tags: AWS takes ${MOST_TAGS}, and the exporter adds one`,
  })
  .transform((pairs): Readonly<Record<string, string>> => Object.fromEntries(pairs));
