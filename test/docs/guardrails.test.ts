import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { synthesize } from '../support/synthesize.ts';
import { tableBelow } from './markdown.ts';

const context = z.record(z.string(), z.unknown());

describe('the checklist for accounts with guardrails', () => {
  const rows = tableBelow(
    readFileSync('docs/configuration.md', 'utf8'),
    'A checklist for accounts with guardrails',
  );
  const settings = rows.filter(([, set]) => set !== 'always' && set !== 'not yet');

  it('is read', () => {
    expect(settings.length).toBeGreaterThan(10);
  });

  it.each(settings)('%s: %s is deployed', (_, set = '') => {
    const given = context.parse(JSON.parse(set.replaceAll('`', '')));
    expect(synthesize(given).toJSON()).not.toEqual(synthesize().toJSON());
  });
});
