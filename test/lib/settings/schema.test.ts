import { readFileSync } from 'node:fs';
import { resolveSettings } from '../../../lib/settings/resolve.ts';
import { settingsSchema } from '../../../lib/settings/schema.ts';
import { INSTANCE_A } from '../../support/synthesize.ts';

/** A doc comment and the key that it stands before, perhaps with a remark in between. */
const DOCUMENTED_KEY = /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s+(?:\/\/.*\s+)?(\w+):/g;

/** What the doc comments give as defaults, up to the reason, by key. */
const documentedDefaults = (source: string): Record<string, string | undefined> =>
  Object.fromEntries(
    [...source.matchAll(DOCUMENTED_KEY)].map(([, comment = '', key]) => [
      key,
      /@default (.*?)(?: - .*)?\n/.exec(comment)?.[1],
    ]),
  );

const given = { instanceIds: [INSTANCE_A] };
const { instanceIds, snapshotExpectedWithinHours, ...defaults } = {
  ...settingsSchema.parse(given),
  ...resolveSettings(given),
};

describe('the doc comment of a setting', () => {
  const source = readFileSync('lib/settings/schema.ts', 'utf8');

  it.each(Object.entries(defaults))('%s gives its default', (key, value) => {
    expect(documentedDefaults(source)[key]).toBe(String(value));
  });

  it('says what happens if it is left out', () => {
    const optional = Object.entries(settingsSchema.shape).filter(([key]) => key !== 'instanceIds');
    expect(source.match(/@default /g)).toHaveLength(optional.length);
  });
});

it('every other prop that may be left out says what happens then', () => {
  const source = readFileSync('lib/proficiency-exporter.ts', 'utf8');
  const optional = [...source.matchAll(/readonly (\w+)\?/g)];
  expect(optional.length).toBeGreaterThan(5);
  expect(source.match(/@default /g)).toHaveLength(optional.length);
});
