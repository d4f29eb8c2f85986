import MiniSearch from 'minisearch';

/** A word may differ from another one in this share of its letters: short words are all alike. */
const LETTERS_THAT_DIFFER = 0.34;

/** So many letters tell what a word begins with. */
const SHORTEST_BEGINNING = 3;

/** What is nearly as good as the best is told, too. */
const NEARLY_AS_GOOD = 0.7;
const MOST_TOLD = 5;

const CAMEL_HUMP = /(?<=\p{Ll})(?=\p{Lu})/gu;

/** The words of a name, and all of them in one, for whoever has left out what is between them. */
function wordsOf(name: string): string[] {
  const spaced = name.replaceAll(CAMEL_HUMP, ' ').toLowerCase();
  const words = spaced.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '');
  return [...new Set([...words, words.join('')])];
}

/**
 * The names that were probably meant, the likeliest first: those that have words of the given one, or words like them, in any order.
 *
 * @returns empty where the given name is known, or like none
 */
export function probablyMeant(given: string, names: readonly string[]): readonly string[] {
  if (names.includes(given)) return [];
  const index = new MiniSearch<{ id: string }>({
    fields: ['id'],
    tokenize: wordsOf,
    processTerm: (word) => word,
    searchOptions: {
      fuzzy: LETTERS_THAT_DIFFER,
      prefix: (word) => word.length >= SHORTEST_BEGINNING,
    },
  });
  index.addAll(names.map((id) => ({ id })));
  const found = index.search(given);
  const best = found[0]?.score ?? 0;
  return found
    .filter(({ score }) => score >= NEARLY_AS_GOOD * best)
    .slice(0, MOST_TOLD)
    .map(({ id }) => String(id));
}

const either = new Intl.ListFormat('en-GB', { type: 'disjunction' });

/** @returns `did you mean a or b?`; `undefined` where no name was probably meant */
export function didYouMean(given: string, names: readonly string[]): string | undefined {
  const meant = probablyMeant(given, names);
  return meant.length === 0 ? undefined : `did you mean ${either.format(meant)}?`;
}
