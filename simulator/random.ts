/**
 * Chance that can be asked for by name: the same keys always give the same numbers, in any order of
 * asking, so nothing has to be generated beforehand or kept.
 */

const GOLDEN_RATIO = 0x9e3779b9;
const TWO_TO_32 = 2 ** 32;

/** The purposes of chance, as the last of the keys: what is drawn for one is not drawn for another. */
export const ABOUT = {
  name: 1,
  login: 2,
  userTime: 3,
  skills: 4,
  skillTime: 5,
  region: 6,
  many: 7,
  change: 8,
  changedSkill: 9,
  userId: 10,
  instanceId: 11,
  latency: 12,
  fault: 13,
  hierarchyGroup: 14,
  routingProfile: 15,
  queue: 16,
  placement: 17,
  move: 18,
  securityProfile: 19,
  tags: 20,
  afterContactWork: 21,
  predefinedAttribute: 22,
} as const;

/** MurmurHash3's finaliser: a bijection of the unsigned 32-bit integers that leaves no pattern. */
export function scramble(value: number): number {
  let word = value;
  word = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  word = Math.imul(word ^ (word >>> 13), 0xc2b2ae35);
  return (word ^ (word >>> 16)) >>> 0;
}

/** The inverse of `scramble`; the factors are the inverses of its factors modulo 2^32. */
export function unscramble(value: number): number {
  let word = value;
  word = Math.imul(word ^ (word >>> 16), 0x7ed1b41d);
  word = Math.imul(word ^ (word >>> 13) ^ (word >>> 26), 0xa5cb9243);
  return (word ^ (word >>> 16)) >>> 0;
}

/** An unsigned 32-bit integer that depends on every key and on their order. */
export function hash(...keys: readonly number[]): number {
  let sum = 0;
  for (const key of keys) sum = scramble(sum ^ scramble(key + GOLDEN_RATIO));
  return sum;
}

/** The hash of a text, for keys that are not numbers. */
export function hashText(text: string): number {
  let sum = 0;
  for (let i = 0; i < text.length; i++) sum = scramble(Math.imul(sum, 31) + text.charCodeAt(i));
  return sum;
}

/** A number from 0 (inclusive) to 1 (exclusive) that depends on the keys alone. */
export const fraction = (...keys: readonly number[]): number => hash(...keys) / TWO_TO_32;

/** Numbers from 0 (inclusive) to 1 (exclusive), one per call. */
export type Random = () => number;

/** A sequence of numbers that depends on the keys alone. */
export function randomStream(...keys: readonly number[]): Random {
  const start = hash(...keys);
  let step = 0;
  return () => {
    step += 1;
    return scramble(start + Math.imul(step, GOLDEN_RATIO)) / TWO_TO_32;
  };
}

/** A whole number from `from` to `to`, both included. */
export const between = (random: Random, from: number, to: number): number =>
  from + Math.floor(random() * (to - from + 1));

/**
 * One of the items; the earlier ones are likelier.
 *
 * @param skew 1 makes all equally likely; at 2 the first tenth is chosen in about a third of all cases
 */
export function pick<T>(random: Random, items: readonly T[], skew = 1): T {
  const item = items[Math.floor(items.length * random() ** skew)];
  if (item === undefined)
    throw new Error('Cannot pick from an empty list: give at least one item.');
  return item;
}
