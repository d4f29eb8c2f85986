import { fileURLToPath } from 'node:url';
import { buildPackage } from './build.ts';

/** `npm run build`; `npm pack` and `npm publish` run it first. */
await buildPackage(fileURLToPath(new URL('..', import.meta.url)));
