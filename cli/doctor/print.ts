import type { Mark } from '../../doctor/check.ts';
import type { Line } from '../../doctor/run-checks.ts';

const SIGNS: Readonly<Record<Mark, string>> = {
  ok: '✓',
  warning: '!',
  failed: '✗',
  'not asked': '–',
};

/** Account ids stand in ARNs, in names of buckets and in what AWS says. */
const ACCOUNT_ID = /(?<!\d)\d{12}(?!\d)/g;

const masked = (text: string): string => text.replaceAll(ACCOUNT_ID, '************');

const withoutIds = ({ says, remedy, ...line }: Line): Line => ({
  ...line,
  says: masked(says),
  ...(remedy !== undefined && { remedy: masked(remedy) }),
});

/** How often each mark was given. */
export type Tally = Readonly<Record<Mark, number>>;

export const tallyOf = (lines: readonly Line[]): Tally => {
  const count = (mark: Mark): number => lines.filter((line) => line.mark === mark).length;
  return {
    ok: count('ok'),
    warning: count('warning'),
    failed: count('failed'),
    'not asked': count('not asked'),
  };
};

/** Within a sentence: names of services keep their capital letter. */
const inSentence = (about: string): string =>
  about.replace(/^(The|What|Who)\b/, (word) => word.toLowerCase());

/** What was kept back, in one line: a dozen of them would hide the finding that did it. */
function asKeptBack(lines: readonly Line[]): string[] {
  const abouts = lines.flatMap(({ keptBack }) => (keptBack === undefined ? [] : [keptBack]));
  return abouts.length === 0
    ? []
    : [
        `${SIGNS['not asked']} Not asked, because of a finding above: ${abouts.map(inSentence).join('; ')}`,
      ];
}

/** The checklist for a person: a line each, what to do below it, and the counts at the end. */
export function asText(lines: readonly Line[]): string {
  const { ok, warning, failed, 'not asked': left } = tallyOf(lines);
  const listed = lines
    .filter(({ keptBack }) => keptBack === undefined)
    .flatMap(({ mark, says, remedy }) => [
      `${SIGNS[mark]} ${says}`,
      ...(remedy === undefined ? [] : [`    ${remedy}`]),
    ]);
  const count = `${lines.length} findings: ${ok} ✓, ${warning} !, ${failed} ✗, ${left} –`;
  return [...listed, ...asKeptBack(lines), '', count, ''].join('\n');
}

/** The same for a program, or to be attached to an issue. @param showIds whether account ids are left in */
export const asJson = (lines: readonly Line[], showIds: boolean): string =>
  `${JSON.stringify(
    { findings: showIds ? lines : lines.map(withoutIds), count: tallyOf(lines) },
    null,
    2,
  )}\n`;
