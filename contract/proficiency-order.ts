import type { Proficiency } from './row.ts';

/** By code units: the same on every machine, whatever its language is. */
export const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** What tells the proficiencies of a user apart. */
type NameAndValue = Pick<Proficiency, 'attribute_name' | 'attribute_value'>;

/** Name and value as one text, to look them up by. */
export const keyOf = ({ attribute_name, attribute_value }: NameAndValue): string =>
  JSON.stringify([attribute_name, attribute_value]);

/** The order of the proficiencies in a row, and of all else that has a name and a value. */
export const byNameThenValue = (a: NameAndValue, b: NameAndValue): number =>
  compareText(a.attribute_name, b.attribute_name) ||
  compareText(a.attribute_value, b.attribute_value);

/** Proficiencies by name and value, of which a user has each once; of two with the same, the later one. */
export const byNameAndValue = (all: readonly Proficiency[]): Map<string, Proficiency> =>
  new Map(all.map((one) => [keyOf(one), one]));
