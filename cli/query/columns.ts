import stringWidth from 'string-width';

/** Columns of a terminal: characters of East Asian scripts and emoji take two. */
export type Width = number;

/** Narrower than this nothing can be read: rather is the table too wide. */
const NARROWEST: Width = 6;

/** A border and a space on each side of a cell; one border more at the end. */
const AROUND_CELL: Width = 3;

/** The width of the widest line. */
export const widthOf = (text: string): Width => Math.max(...text.split('\n').map(stringWidth));

/**
 * How wide the columns of a table may be for it to fit: only the widest are made narrower, to one width.
 *
 * @param needed by each column
 * @param available to the whole table, borders included
 */
export function fitted(needed: readonly Width[], available: Width): readonly Width[] {
  const room = available - AROUND_CELL * needed.length - 1;
  const capped = (most: Width) => needed.map((width) => Math.min(width, most));
  const sum = (widths: readonly Width[]) => widths.reduce((total, width) => total + width, 0);
  let most = Math.max(NARROWEST, Math.min(room, Math.max(0, ...needed)));
  while (most > NARROWEST && sum(capped(most)) > room) most--;
  return capped(most);
}

const CHARACTERS = new Intl.Segmenter('en', { granularity: 'grapheme' });

function wrappedLine(line: string, width: Width): string {
  if (stringWidth(line) <= width) return line;
  let wrapped = '';
  let filled: Width = 0;
  for (const { segment } of CHARACTERS.segment(line)) {
    const wide = stringWidth(segment);
    if (filled > 0 && filled + wide > width) {
      wrapped += '\n';
      filled = 0;
    }
    wrapped += segment;
    filled += wide;
  }
  return wrapped;
}

/** A text in lines that are not wider than this. Nothing is left out, and no character is cut. */
export const wrapped = (text: string, width: Width): string =>
  text
    .split('\n')
    .map((line) => wrappedLine(line, width))
    .join('\n');
