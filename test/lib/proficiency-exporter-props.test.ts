import { readFileSync } from 'node:fs';
import { DEFAULTS } from '../../lib/defaults.ts';

const source = readFileSync('lib/proficiency-exporter-props.ts', 'utf8');

/** What the documentation of a prop gives as its default, up to the reason. */
const documentedDefault = (prop: string): string | undefined =>
  new RegExp(`@default (.*?)(?: - .*)?\\n(?:   \\* .*\\n)*   \\*/\\n  readonly ${prop}\\?`).exec(
    source,
  )?.[1];

test.each(Object.entries(DEFAULTS))('the documentation of %s knows its default', (prop, value) => {
  expect(documentedDefault(prop)).toBe(String(value));
});

test('every prop that may be left out says what happens then', () => {
  const optional = [...source.matchAll(/readonly (\w+)\?/g)];
  const documented = [...source.matchAll(/@default /g)];
  expect(optional.length).toBeGreaterThan(20);
  expect(documented).toHaveLength(optional.length);
});
