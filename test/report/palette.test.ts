import { type Colour, HEAT, PALETTE, paletteStyle } from '../../report/palette.ts';

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

/** What stands on paper, and the contrast that it needs. */
const onPaper = (name: Colour, least: number) =>
  [`${name} on paper`, PALETTE[name], PALETTE.paper, least] as const;

const PAIRS = [
  onPaper('ink', TEXT),
  onPaper('muted', TEXT),
  onPaper('accent', TEXT),
  onPaper('warning', TEXT),
  onPaper('control', GRAPHICS),
  onPaper('bar', GRAPHICS),
  onPaper('warning-bar', GRAPHICS),
  ...HEAT.map(
    (shade, index) =>
      [`${shade.figures} on heat-${index + 1}`, PALETTE[shade.figures], shade, TEXT] as const,
  ),
];

test.each(PAIRS)('%s has enough contrast by day and by night', (_, front, back, least) => {
  for (const time of ['light', 'dark'] as const) {
    expect(contrast(front[time], back[time])).toBeGreaterThanOrEqual(least);
  }
});

it('declares every step of heat by day and by night', () => {
  const style = paletteStyle();
  for (const [index, { light, dark }] of HEAT.entries()) {
    expect(style).toContain(`--heat-${index + 1}: ${light};`);
    expect(style).toContain(`--heat-${index + 1}: ${dark};`);
  }
});
