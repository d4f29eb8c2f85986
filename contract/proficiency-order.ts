import type { Proficiency } from './row.ts';

/** By code units: the same on every machine, whatever its language is. */
export const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The order of the proficiencies in a row. */
export const byNameThenValue = (a: Proficiency, b: Proficiency): number =>
  compareText(a.attribute_name, b.attribute_name) ||
  compareText(a.attribute_value, b.attribute_value);

/** Proficiencies by name and value, of which a user has each once; of two with the same, the later one. */
export const byNameAndValue = (all: readonly Proficiency[]): Map<string, Proficiency> =>
  new Map(all.map((one) => [JSON.stringify([one.attribute_name, one.attribute_value]), one]));
