import { sqlText } from './dialect.ts';
import type { GivenParameters } from './parameters.ts';

/** Answers an SQL statement of this software's own. */
export type Ask = (sql: string) => Promise<readonly (readonly unknown[])[]>;

/** So many letters may differ, and no more than every third one: short words are all alike. */
const MOST_DIFFERENCES = 2;

/**
 * The word that was probably meant, whatever its capitals; `undefined` where the given one is known, or none is like it.
 *
 * @param known a query whose only column holds the words
 */
async function probablyMeant(ask: Ask, given: string, known: string): Promise<string | undefined> {
  const word = sqlText(given);
  const [row] = await ask(`
    WITH known AS (SELECT DISTINCT word, damerau_levenshtein(lower(word), lower(${word})) AS differences
      FROM (${known}) AS words(word))
    SELECT word FROM known
    WHERE differences <= least(${MOST_DIFFERENCES}, length(${word}) // 3)
      AND NOT EXISTS (SELECT * FROM known WHERE word = ${word})
    ORDER BY differences, word LIMIT 1`);
  return row === undefined ? undefined : String(row[0]);
}

/** The saved query whose name was probably meant. */
export const queryMeant = (
  ask: Ask,
  given: string,
  names: readonly string[],
): Promise<string | undefined> =>
  probablyMeant(ask, given, `VALUES ${names.map((name) => `(${sqlText(name)})`).join(', ')}`);

/** Parameters that are compared letter by letter with what is in the snapshots, and where it is found. */
const COMPARED = ['attribute_name', 'attribute_value'] as const;

/** A sentence for each parameter whose value nobody has, where there is one like it. */
export async function doubtsAbout(ask: Ask, given: GivenParameters): Promise<readonly string[]> {
  const doubts: string[] = [];
  for (const parameter of COMPARED) {
    const value = given[parameter];
    if (value === undefined) continue;
    const meant = await probablyMeant(ask, value, `SELECT ${parameter} FROM latest_proficiencies`);
    if (meant === undefined) continue;
    doubts.push(`Nobody has the ${parameter} "${value}" now; did you mean ${meant}?`);
  }
  return doubts;
}
