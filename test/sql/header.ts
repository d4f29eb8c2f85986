import type { SavedQuery } from '../../sql/saved-queries.ts';
import { TABLES } from '../../sql/tables.ts';

/** The header comment of a saved query, without the hyphens. */
const header = (query: SavedQuery): string[] =>
  query.sql
    .split('\n')
    .filter((line) => line.startsWith('--'))
    .map((line) => line.slice(3));

/** What stands below a title of the header, up to the next empty line; nothing where there is no such title. */
export function paragraph(query: SavedQuery, title: string): string[] {
  const lines = header(query);
  const start = lines.indexOf(title) + 1;
  const rest = lines.slice(start);
  const end = rest.indexOf('');
  return start === 0 ? [] : rest.slice(0, end === -1 ? undefined : end);
}

/** The lines of such a paragraph, each of which has a name and what is said about it. */
export const described = (query: SavedQuery, title: string): string[][] =>
  paragraph(query, title).map((line) => line.trim().split(/ {2,}/));

const TIMES: Readonly<Record<string, number>> = { once: 1, twice: 2, 'three times': 3 };

/** How a header says how much of a table is read, and how often: one object, or one of each of its partitions. */
const READS =
  /^(?:its one object|one object of every (?<instance>instance)(?<date> and date)?), (?<times>once|twice|three times)$/;

const COLUMNS: Readonly<Record<string, string>> = {
  instance: 'instance_id',
  date: 'snapshot_date',
};

/**
 * How often a saved query reads every object of a table, by table, as its header says.
 *
 * @throws Error where the header says it in other words
 */
export function saidReads(query: SavedQuery): Readonly<Record<string, number>> {
  return Object.fromEntries(
    described(query, 'Reads (npm run test:trino measures it)').map(([name = '', words = '']) => {
      const table = TABLES.find((one) => one.name === name);
      const { times = '', ...named } = READS.exec(words)?.groups ?? {};
      const isRight =
        table &&
        Object.entries(COLUMNS).every(
          ([word, column]) => (named[word] !== undefined) === column in table.partitions,
        );
      if (!isRight || TIMES[times] === undefined) {
        throw new Error(
          `The header of ${query.name} says "${words}" of ${name}; say "one object of every instance and date, once", without the date where the table has none, or "its one object, once".`,
        );
      }
      return [name, TIMES[times]];
    }),
  );
}
