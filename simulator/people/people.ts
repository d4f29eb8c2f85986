import type { Proficiency } from '../../contract/row.ts';
import { between, pick, type Random } from '../random.ts';
import { FIRST_NAMES, LANGUAGE, LAST_NAMES, SKILLS, STOCK_ITEM } from './vocabulary.ts';

/** The share of users that nobody has given a proficiency yet. */
const SHARE_WITHOUT_SKILLS = 0.08;

/** Ten is Connect's default limit per user; few instances have it raised. */
const SHARE_ABOVE_LIMIT = 0.005;

/** Numbers of proficiencies of the others, as often as they are listed here. */
const USUAL_COUNTS = [1, 2, 2, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 6, 6, 7, 8, 9, 10];

/** Levels as often as they are listed here: most people are good, few excellent. */
const LEVELS = [1, 2, 2, 2, 3, 3, 3, 3, 3, 3, 3, 4, 4, 4, 4, 4, 5, 5];

const SKEW = 2;

/** A person's name. */
export interface Name {
  readonly first: string;
  readonly last: string;
}

export const name = (random: Random): Name => ({
  first: pick(random, FIRST_NAMES, SKEW),
  last: pick(random, LAST_NAMES, SKEW),
});

/**
 * A login name in one of the styles companies use: e-mail addresses, plain ones, and now and then a nickname in
 * quotes. The suffix makes it unique.
 */
export function username(random: Random, { first, last }: Name, suffix: string): string {
  const login = `${first}.${last}`.toLowerCase().replaceAll(' ', '-');
  const style = random();
  if (style < 0.35) return `${login}.${suffix}@example.com`;
  if (style < 0.95) return `${login}.${suffix}`;
  return `"${first}" ${last} ${suffix}`;
}

/** How good someone is, from 1 to 5. */
export const level = (random: Random): number => pick(random, LEVELS);

/** A proficiency that is not among the given ones. */
export function anotherProficiency(random: Random, present: readonly Proficiency[]): Proficiency {
  for (;;) {
    const skill = present.length === 0 ? LANGUAGE : pick(random, SKILLS, SKEW);
    const value = pick(random, skill.values, SKEW);
    const isPresent = present.some(
      ({ attribute_name, attribute_value }) =>
        attribute_name === skill.name && attribute_value === value,
    );
    if (!isPresent) {
      return { attribute_name: skill.name, attribute_value: value, level: level(random) };
    }
  }
}

/** The usual set of proficiencies: none to ten, seldom more; the first is a language. */
export function usualProficiencies(random: Random): Proficiency[] {
  const proficiencies: Proficiency[] = [];
  const wanted = usualCount(random);
  while (proficiencies.length < wanted) {
    proficiencies.push(anotherProficiency(random, proficiencies));
  }
  return proficiencies;
}

function usualCount(random: Random): number {
  const kind = random();
  if (kind < SHARE_WITHOUT_SKILLS) return 0;
  if (kind > 1 - SHARE_ABOVE_LIMIT) return between(random, 11, 14);
  return pick(random, USUAL_COUNTS);
}

/** More than one page of proficiencies (101 to 250): one per stock item. */
export function manyProficiencies(random: Random): Proficiency[] {
  return Array.from({ length: between(random, 101, 250) }, (_, item) => ({
    attribute_name: STOCK_ITEM,
    attribute_value: `SKU-${String(item + 1).padStart(4, '0')}`,
    level: level(random),
  }));
}
