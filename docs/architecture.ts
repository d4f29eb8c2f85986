import { readFileSync, writeFileSync } from 'node:fs';
import { drawArchitecture } from './architecture.draw.ts';

// npx tsx docs/architecture.ts: draws architecture.svg anew after architecture.json has changed.
const beside = (file: string): URL => new URL(file, import.meta.url);

writeFileSync(
  beside('architecture.svg'),
  drawArchitecture(readFileSync(beside('architecture.json'), 'utf8')),
);
