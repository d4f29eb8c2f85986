import { oneLine } from '../format.ts';

/**
 * Widths of characters in parts of the size of the font, as in the widest of the usual fonts (DejaVu Sans, Verdana): what
 * fits there fits everywhere. The browser's font is not known when a chart is drawn.
 */
const WIDTHS: readonly (readonly [RegExp, number])[] = [
  [/^[ijlI.,:;'|! ]$/, 0.38],
  [/^[-frtJ()[\]/\\"*]$/, 0.47],
  [/^[a-ln-vx-z0-9]$/, 0.64],
  [/^[A-LN-VX-Z]$/, 0.79],
  [/^[\u0020-\u007e]$/, 1],
  [/^[\u00a0-\u058f]/, 0.8],
];

/** Ideographs, the ellipsis, and all that is not known. */
const WIDEST = 1.2;

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

const widthOf = (grapheme: string): number =>
  WIDTHS.find(([pattern]) => pattern.test(grapheme))?.[1] ?? WIDEST;

/** As many graphemes, from the first on, as there is room for. */
function beginning(text: readonly string[], room: number): string {
  let left = room;
  return text
    .filter((grapheme) => {
      left -= widthOf(grapheme);
      return left >= 0;
    })
    .join('');
}

/**
 * A text as one line that is no wider than the room there is; one that is too long ends in an ellipsis.
 *
 * @param room in parts of the size of the font
 */
export function cutTo(text: string, room: number): string {
  const line = oneLine(text);
  const all = [...graphemes.segment(line)].map(({ segment }) => segment);
  const needed = all.reduce((width, grapheme) => width + widthOf(grapheme), 0);
  return needed <= room ? line : `${beginning(all, room - WIDEST).trimEnd()}…`;
}
