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
  /** Empty cells, and the band behind what is hovered over. */
  faint: { light: '#f4f6f7', dark: '#1d2226' },
  accent: { light: '#12696b', dark: '#6cc4bd' },
  bar: { light: '#3a9290', dark: '#3f9c97' },
  /** Losses, and runs that went wrong. */
  warning: { light: '#a8400f', dark: '#ef9a6a' },
  'warning-bar': { light: '#d27a4d', dark: '#c8703f' },
  /** From few to many. */
  'heat-1': { light: '#dff0ee', dark: '#182f2f' },
  'heat-2': { light: '#b4dcd8', dark: '#1b4545' },
  'heat-3': { light: '#78c0bb', dark: '#1f605e' },
  'heat-4': { light: '#1f7d7c', dark: '#46a8a1' },
  'heat-5': { light: '#0b5257', dark: '#93ddd4' },
  /** Figures on the three weak and the two strong steps. */
  'on-weak-heat': { light: '#12302f', dark: '#e4f3f1' },
  'on-strong-heat': { light: '#ffffff', dark: '#071a19' },
} as const satisfies Record<string, Shade>;

export type Colour = keyof typeof PALETTE;

/** A colour as charts and style sheet use it: the browser decides between day and night. */
export const colour = (name: Colour): string => `var(--${name})`;

const declarations = (time: keyof Shade): string =>
  Object.entries(PALETTE)
    .map(([name, shade]) => `--${name}: ${shade[time]};`)
    .join(' ');

/** Declares the colours: by day, by night, and by day again on paper. */
export const paletteStyle = (): string => `
:root { color-scheme: light dark; ${declarations('light')} }
@media screen and (prefers-color-scheme: dark) { :root { ${declarations('dark')} } }
`;
