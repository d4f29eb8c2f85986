import type { TableName } from '../../sql/tables.ts';
import { didYouMean } from './did-you-mean.ts';
import type { GivenParameters } from './parameters.ts';

/** Answers an SQL statement of this software's own. */
export type Ask = (sql: string) => Promise<readonly (readonly unknown[])[]>;

/** What a parameter is compared with, letter by letter. */
interface Compared {
  /** SQL that answers with all that is there. */
  readonly known: string;
  /** What is said of a value that is not. */
  readonly nobody: (value: string) => string;
  /** Said where nothing is there at all; absent where that goes without saying. */
  readonly unknown?: string;
}

const NEWEST = 'latest_user_proficiencies';

const held = (column: 'attribute_name' | 'attribute_value'): Compared => ({
  known: `SELECT DISTINCT ${column} FROM latest_proficiencies WHERE ${column} IS NOT NULL`,
  nobody: (value) => `Nobody has the ${column} "${value}" now`,
});

const instance: Compared = {
  known: `SELECT DISTINCT instance_id FROM ${NEWEST}`,
  nobody: (value) => `There are no agents of the instance "${value}" now`,
  unknown: 'The newest snapshots have no agents',
};

const COMPARED: Readonly<Record<string, Compared>> = {
  attribute_name: held('attribute_name'),
  attribute_value: held('attribute_value'),
  other_attribute_name: held('attribute_name'),
  other_attribute_value: held('attribute_value'),
  team: {
    known: `SELECT DISTINCT unnest(hierarchy) FROM ${NEWEST}`,
    nobody: (value) => `Nobody is in the team "${value}" now`,
    unknown: 'The newest snapshot does not say in which team anybody is',
  },
  routing_profile: {
    known: `SELECT DISTINCT routing_profile_name FROM ${NEWEST} WHERE routing_profile_name IS NOT NULL`,
    nobody: (value) => `Nobody has the routing profile "${value}" now`,
    unknown: 'The newest snapshot does not say which routing profile anybody has',
  },
  instance_id: instance,
  missing_in: instance,
};

/** The tables that are looked at for doubts about these parameters. */
export const tablesOfDoubts = (given: GivenParameters): readonly TableName[] =>
  Object.keys(COMPARED).some((name) => given[name] !== undefined) ? [NEWEST] : [];

/**
 * It may well be that nobody has a proficiency: then only a similar one is worth telling. In a team that does not exist nothing hangs on
 * one person and nobody lacks anything, and an instance without agents differs from none: such an answer looks like good news.
 */
function doubtAbout(value: string, { nobody, unknown }: Compared, known: readonly string[]) {
  if (known.includes(value)) return undefined;
  if (known.length === 0 && unknown !== undefined) return `${unknown}.`;
  const meant = didYouMean(value, known);
  if (meant !== undefined) return `${nobody(value)}; ${meant}`;
  return unknown === undefined ? undefined : `${nobody(value)}.`;
}

/** A sentence for each parameter whose value nobody has, where that says something about the answer. */
export async function doubtsAbout(ask: Ask, given: GivenParameters): Promise<readonly string[]> {
  const doubts: string[] = [];
  for (const [parameter, compared] of Object.entries(COMPARED)) {
    const value = given[parameter];
    if (value === undefined) continue;
    const known = (await ask(compared.known)).map(([one]) => String(one));
    const doubt = doubtAbout(value, compared, known);
    if (doubt !== undefined) doubts.push(doubt);
  }
  return doubts;
}
