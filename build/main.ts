import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildPackage } from './build.ts';

/* `npm run build`; `npm pack` and `npm publish` run it first, and go no further where it says that API.md is out of date. */
const root = fileURLToPath(new URL('..', import.meta.url));
const reference = await buildPackage(root);
if (readFileSync(join(root, 'API.md'), 'utf8') !== reference) {
  console.error('API.md is not what the sources say: run npm run api.');
  process.exitCode = 1;
}
