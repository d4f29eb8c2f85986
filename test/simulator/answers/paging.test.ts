import fc from 'fast-check';
import { type Page, type Source, takePage } from '../../../simulator/answers/paging.ts';
import type { PageOddities } from '../../../simulator/faults/plan.ts';

const REGULAR: PageOddities = {
  empty: false,
  largest: Number.POSITIVE_INFINITY,
  duplicates: false,
  overlap: false,
  endless: false,
};

const sourceOf = (entries: ReadonlyArray<number | undefined>): Source<number> => ({
  end: entries.length,
  has: (index) => entries[index] !== undefined,
  at: (index) => entries[index],
});

/** All pages of a listing, as a client would take them. */
function pagesOf(source: Source<number>, maxResults: number, odd: PageOddities): Page<number>[] {
  const pages: Page<number>[] = [];
  let position: Page<number>['next'] = { index: 0, emptyPages: 0 };
  while (position !== undefined) {
    const page: Page<number> = takePage(source, position, maxResults, odd);
    pages.push(page);
    position = page.next;
    if (pages.length > 1000) throw new Error('The listing does not end.');
  }
  return pages;
}

/** Numbered entries, some of them gone. */
const lists = fc
  .array(fc.boolean(), { maxLength: 60 })
  .map((present) => present.map((is, index) => (is ? index : undefined)));

const isThere = (entry: number | undefined): entry is number => entry !== undefined;

test('the pages together are the list, each entry once and in order', () => {
  fc.assert(
    fc.property(lists, fc.integer({ min: 1, max: 20 }), fc.boolean(), (list, max, empty) => {
      const pages = pagesOf(sourceOf(list), max, { ...REGULAR, empty });
      expect(pages.flatMap(({ entries }) => entries)).toEqual(list.filter(isThere));
      for (const { entries } of pages) expect(entries.length).toBeLessThanOrEqual(max);
    }),
  );
});

test('a listing has no page more than it needs', () => {
  fc.assert(
    fc.property(lists, fc.integer({ min: 1, max: 20 }), (list, max) => {
      const needed = Math.max(1, Math.ceil(list.filter(isThere).length / max));
      expect(pagesOf(sourceOf(list), max, REGULAR)).toHaveLength(needed);
    }),
  );
});

test('short pages keep to their size', () => {
  const pages = pagesOf(sourceOf([0, 1, 2, 3, 4]), 100, { ...REGULAR, largest: 2 });
  expect(pages.map(({ entries }) => entries)).toEqual([[0, 1], [2, 3], [4]]);
});

test('an empty page comes before every page and after the last', () => {
  const pages = pagesOf(sourceOf([0, 1, 2]), 2, { ...REGULAR, empty: true });
  expect(pages.map(({ entries }) => entries)).toEqual([[], [0, 1], [], [2], []]);
});

test('with duplicates every page with room repeats an entry, and none is missing', () => {
  fc.assert(
    fc.property(lists, fc.integer({ min: 2, max: 20 }), (list, max) => {
      const expected = list.filter(isThere);
      const pages = pagesOf(sourceOf(list), max, { ...REGULAR, duplicates: true });
      const given = pages.flatMap(({ entries }) => entries);
      expect([...new Set(given)]).toEqual(expected);
      if (expected.length > 0) expect(given.length).toBe(expected.length + pages.length);
    }),
  );
});
