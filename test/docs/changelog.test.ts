import { readFileSync } from 'node:fs';
import { EXPORTER_VERSION } from '../../lambda/contract/version.ts';

it('begins with the version that package.json and manifests name', () => {
  const [, newest] = /^## (\d+\.\d+\.\d+) - \d{4}-\d\d-\d\d$/m.exec(
    readFileSync('CHANGELOG.md', 'utf8'),
  ) ?? [''];
  expect(newest).toBe(JSON.parse(readFileSync('package.json', 'utf8')).version);
  expect(newest).toBe(EXPORTER_VERSION);
});
