const UNRELEASED = '## Unreleased\n';

/** A changelog in which a version has taken what was unreleased. */
interface DatedChangelog {
  readonly text: string;
  /** What the version's section says, without its heading. */
  readonly notes: string;
}

/**
 * Gives what stands below `## Unreleased` a version and a date; the heading stays, for what comes next.
 *
 * @param date `yyyy-MM-dd`
 * @throws Error where there is no such heading, or nothing below it
 */
export function dateChangelog(text: string, version: string, date: string): DatedChangelog {
  const [before = '', after] = text.split(UNRELEASED);
  const notes = after?.split(/^## /m)[0]?.trim() ?? '';
  if (notes === '') {
    throw new Error(
      'CHANGELOG.md has nothing under "## Unreleased": write there what users will notice.',
    );
  }
  return { text: `${before}${UNRELEASED}\n## ${version} - ${date}\n${after}`, notes };
}
