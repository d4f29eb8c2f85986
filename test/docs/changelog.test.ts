import { readFileSync } from 'node:fs';
import { EXPORTER_VERSION } from '../../contract/version.ts';

const headings = [...readFileSync('CHANGELOG.md', 'utf8').matchAll(/^## (.*)$/gm)].map(
  ([, heading]) => heading,
);

it('begins with a place for what comes next, then the version that manifests name, with its date', () => {
  expect(headings.slice(0, 2)).toEqual([
    'Unreleased',
    expect.stringMatching(/^\d+\.\d+\.\d+ - \d{4}-\d\d-\d\d$/),
  ]);
  expect(headings[1]?.split(' ')[0]).toBe(EXPORTER_VERSION);
});
