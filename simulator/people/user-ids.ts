import { ABOUT, hash, scramble, unscramble } from '../random.ts';

/** Ids that look like Connect's and tell the user's number to whoever knows the seed. */
export interface UserIds {
  idOf(index: number): string;
  /** The number of the user with this id, or `undefined` where no number has it. */
  indexOf(id: string): number | undefined;
}

/** Looked up, not formatted: a page of users needs thousands of these. */
const HEX_BYTES = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

const hex16 = (half: number): string =>
  `${HEX_BYTES[(half >>> 8) & 0xff]}${HEX_BYTES[half & 0xff]}`;

/** A UUID of version 4 with the given first 32 bits; the others depend on the keys. */
export function uuid(firstWord: number, ...keys: readonly number[]): string {
  const start = hash(...keys);
  const [a, b, c] = [scramble(start + 1), scramble(start + 2), scramble(start + 3)];
  const version = (a & 0x0fff) | 0x4000;
  const variant = (b & 0x3fff) | 0x8000;
  return `${hex16(firstWord >>> 16)}${hex16(firstWord)}-${hex16(a >>> 16)}-${hex16(version)}-${hex16(variant)}-${hex16(b >>> 16)}${hex16(c >>> 16)}${hex16(c)}`;
}

/**
 * The ids of all users of a seed, without a table: the first 32 bits are the number, scrambled, and
 * an id counts only if the rest is right too.
 */
export function createUserIds(seed: number): UserIds {
  const key = hash(seed, ABOUT.userId);
  const idOf = (index: number): string => uuid(scramble(index ^ key), seed, index, ABOUT.userId);
  return {
    idOf,
    indexOf(id) {
      const index = (unscramble(Number.parseInt(id.slice(0, 8), 16)) ^ key) >>> 0;
      return idOf(index) === id ? index : undefined;
    },
  };
}
