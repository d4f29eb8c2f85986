import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { FULL } from '../support/breadth.ts';
import { synthesize } from '../support/synthesize.ts';
import { tableBelow } from './markdown.ts';

const context = z.record(z.string(), z.unknown());

describe('the checklist for accounts with guardrails', () => {
  const rows = tableBelow(
    readFileSync('docs/configuration.md', 'utf8'),
    'A checklist for accounts with guardrails',
  );
  const settings = rows.filter(([, set]) => set?.startsWith('`'));

  it('is read', () => {
    expect(settings.length).toBeGreaterThan(10);
  });

  const givenBy = (set = '') => context.parse(JSON.parse(set.replaceAll('`', '')));

  it('is deployed as a whole', () => {
    const all = Object.assign({}, ...settings.map(([, set]) => givenBy(set)));
    expect(synthesize(all).findResources('AWS::Lambda::Function')).not.toEqual({});
  });

  // A synthesis each. Of our own settings, test/lib/settings/schema.test.ts says that each changes the stack.
  if (FULL) {
    it.each(settings)('%s: %s is deployed', (_, set) => {
      expect(synthesize(givenBy(set)).toJSON()).not.toEqual(synthesize().toJSON());
    });
  }
});
