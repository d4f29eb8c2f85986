/** A colour by day and by night. */
interface Shade {
  readonly light: string;
  readonly dark: string;
}

/** The report's colours, by the names that style sheet and charts know them by. */
export const PALETTE = {
  paper: { light: '#ffffff', dark: '#15181b' },
  ink: { light: '#1c2126', dark: '#e6e9ec' },
  muted: { light: '#59636e', dark: '#9ba5b0' },
  rule: { light: '#dfe3e7', dark: '#2d343b' },
  /** The edges of what can be typed into, chosen from or pressed. */
  control: { light: '#7d8792', dark: '#6f7a85' },
  /** Empty cells, and the band behind what is hovered over. */
  faint: { light: '#f4f6f7', dark: '#1d2226' },
  accent: { light: '#12696b', dark: '#6cc4bd' },
  bar: { light: '#3a9290', dark: '#3f9c97' },
  /** Losses, and runs that went wrong. */
  warning: { light: '#a8400f', dark: '#ef9a6a' },
  'warning-bar': { light: '#d27a4d', dark: '#c8703f' },
  /** Figures on the weak and the strong steps of heat. */
  'on-weak-heat': { light: '#12302f', dark: '#e4f3f1' },
  'on-strong-heat': { light: '#ffffff', dark: '#071a19' },
} as const satisfies Record<string, Shade>;

export type Colour = keyof typeof PALETTE;

/** The colour of a step of heat, and of the figures on it. */
interface HeatShade extends Shade {
  readonly figures: Extract<Colour, 'on-weak-heat' | 'on-strong-heat'>;
}

/** The steps of heat, from few to many. Heatmaps and their legend have as many steps as there are shades here. */
export const HEAT: readonly HeatShade[] = [
  { light: '#dff0ee', dark: '#182f2f', figures: 'on-weak-heat' },
  { light: '#b4dcd8', dark: '#1b4545', figures: 'on-weak-heat' },
  { light: '#78c0bb', dark: '#1f605e', figures: 'on-weak-heat' },
  { light: '#1f7d7c', dark: '#46a8a1', figures: 'on-strong-heat' },
  { light: '#0b5257', dark: '#93ddd4', figures: 'on-strong-heat' },
];

/** A colour as charts and style sheet use it: the browser decides between day and night. */
export const colour = (name: Colour): string => `var(--${name})`;

/** The colour of a step of heat, counted from 1. */
export const heatColour = (step: number): string => `var(--heat-${step})`;

const declarations = (time: keyof Shade): string =>
  [...Object.entries(PALETTE), ...HEAT.map((shade, index) => [`heat-${index + 1}`, shade] as const)]
    .map(([name, shade]) => `--${name}: ${shade[time]};`)
    .join(' ');

/** Declares the colours: by day, by night, and by day again on paper. */
export const paletteStyle = (): string => `
:root { color-scheme: light dark; ${declarations('light')} }
@media screen and (prefers-color-scheme: dark) { :root { ${declarations('dark')} } }
`;
