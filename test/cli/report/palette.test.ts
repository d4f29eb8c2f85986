import { type Colour, PALETTE } from '../../../cli/report/palette.ts';

/** What WCAG 2.2 asks of text (1.4.3) and of graphics (1.4.11). */
const TEXT = 4.5;
const GRAPHICS = 3;

/** WCAG's relative luminance of `#rrggbb`. */
function luminance(hex: string): number {
  const channel = (start: number): number => {
    const share = Number.parseInt(hex.slice(start, start + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
}

function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

const PAIRS: readonly (readonly [Colour, Colour, number])[] = [
  ['ink', 'paper', TEXT],
  ['muted', 'paper', TEXT],
  ['accent', 'paper', TEXT],
  ['warning', 'paper', TEXT],
  ['bar', 'paper', GRAPHICS],
  ['warning-bar', 'paper', GRAPHICS],
  ['on-weak-heat', 'heat-1', TEXT],
  ['on-weak-heat', 'heat-2', TEXT],
  ['on-weak-heat', 'heat-3', TEXT],
  ['on-strong-heat', 'heat-4', TEXT],
  ['on-strong-heat', 'heat-5', TEXT],
];

test.each(PAIRS)(
  '%s on %s has a contrast of at least %d by day and by night',
  (front, back, least) => {
    for (const time of ['light', 'dark'] as const) {
      const ratio = contrast(PALETTE[front][time], PALETTE[back][time]);
      expect([time, ratio >= least]).toEqual([time, true]);
    }
  },
);
