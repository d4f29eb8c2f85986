import { hash, scramble, unscramble } from './random.ts';

/** Ids that look like Connect's and tell the user's number to whoever knows the seed. */
export interface UserIds {
  idOf(index: number): string;
  /** The number of the user with this id, or `undefined` where no number has it. */
  indexOf(id: string): number | undefined;
}

const hex = (value: number, digits: number): string =>
  value.toString(16).padStart(8, '0').slice(-digits);

/** A UUID of version 4 with the given first 32 bits; the others depend on the keys. */
export function uuid(firstWord: number, ...keys: readonly number[]): string {
  const [a, b, c] = [hash(...keys, 1), hash(...keys, 2), hash(...keys, 3)];
  const variant = '89ab'.charAt(a & 3);
  return `${hex(firstWord, 8)}-${hex(a >>> 16, 4)}-4${hex(b, 3)}-${variant}${hex(b >>> 20, 3)}-${hex(c, 8)}${hex(a >>> 4, 4)}`;
}

/**
 * The ids of all users of a seed, without a table: the first 32 bits are the number, scrambled, and
 * an id counts only if the rest is right too.
 */
export function createUserIds(seed: number): UserIds {
  const key = hash(seed, 0x1d);
  const idOf = (index: number): string => uuid(scramble(index ^ key), seed, index);
  return {
    idOf,
    indexOf(id) {
      const index = (unscramble(Number.parseInt(id.slice(0, 8), 16)) ^ key) >>> 0;
      return idOf(index) === id ? index : undefined;
    },
  };
}
