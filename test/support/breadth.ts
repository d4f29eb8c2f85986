/**
 * How much of a matrix runs. `npm test` runs a sample of each, chosen by what differs in kind; `npm run test:full`
 * runs all of it. A promise that only the full matrix would guard does not exist: the sample has a case of each kind.
 */
export const FULL = process.env.TEST_BREADTH === 'full';

/** All of a matrix, or the cases that are its sample; `index` says where the case stands in the matrix. */
export const sampled = <Case>(
  all: readonly Case[],
  isInSample: (one: Case, index: number) => boolean,
): readonly Case[] => (FULL ? all : all.filter(isInSample));

/** The first case of each kind, for {@link sampled}. */
export function firstOfKind<Case>(kindOf: (one: Case) => string): (one: Case) => boolean {
  const seen = new Set<string>();
  return (one) => {
    const kind = kindOf(one);
    if (seen.has(kind)) return false;
    seen.add(kind);
    return true;
  };
}
