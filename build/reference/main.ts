import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withEntries } from '../declarations.ts';
import { referenceOf } from './reference.ts';

/* `npm run api`; what is built is refused where the page says something else. */

const root = fileURLToPath(new URL('../..', import.meta.url));
writeFileSync(join(root, 'API.md'), withEntries(root, referenceOf));
