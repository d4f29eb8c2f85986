import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The text of a .sql file that lies below this folder, without the line break at its end. */
export const readSql = (path: string): string =>
  readFileSync(fileURLToPath(new URL(path, import.meta.url)), 'utf8').trimEnd();
