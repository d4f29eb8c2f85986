import type { TableName } from '../../sql/tables.ts';
import { didYouMean } from './did-you-mean.ts';
import type { GivenParameters } from './parameters.ts';

/** Answers an SQL statement of this software's own. */
export type Ask = (sql: string) => Promise<readonly (readonly unknown[])[]>;

/** Parameters that are compared letter by letter with what is in the snapshots, and the column that has it. */
const COMPARED = {
  attribute_name: 'attribute_name',
  attribute_value: 'attribute_value',
  other_attribute_name: 'attribute_name',
  other_attribute_value: 'attribute_value',
} as const;

/** The tables that are looked at for doubts about these parameters. */
export const tablesOfDoubts = (given: GivenParameters): readonly TableName[] =>
  Object.keys(COMPARED).some((name) => given[name] !== undefined)
    ? ['latest_user_proficiencies']
    : [];

/** A sentence for each parameter whose value nobody has, where there is one like it. */
export async function doubtsAbout(ask: Ask, given: GivenParameters): Promise<readonly string[]> {
  const doubts: string[] = [];
  for (const [parameter, column] of Object.entries(COMPARED)) {
    const value = given[parameter];
    if (value === undefined) continue;
    const known = await ask(
      `SELECT DISTINCT ${column} FROM latest_proficiencies WHERE ${column} IS NOT NULL`,
    );
    const meant = didYouMean(
      value,
      known.map(([one]) => String(one)),
    );
    if (meant === undefined) continue;
    doubts.push(`Nobody has the ${column} "${value}" now; ${meant}`);
  }
  return doubts;
}
