import { resolve } from 'node:path';
import type { Wanted } from '../../report/editions.ts';
import { page } from '../../report/page.ts';
import { writeFileWhole } from '../store/durable-file.ts';
import { readFacts } from './read-facts.ts';
import type { Reading } from './scoped-snapshots.ts';

export interface ReportOptions extends Wanted, Reading {
  /** The folder that was exported to, or an excerpt of a bucket. */
  readonly out: string;
  /** The file to write. */
  readonly to: string;
}

/**
 * Writes the report on the snapshots of a folder as one HTML file.
 *
 * @returns the file's absolute path
 * @throws ExportFailure InvalidRequest where there is no such snapshot or the file cannot be written
 */
export async function writeReport(options: ReportOptions): Promise<string> {
  const path = resolve(options.to);
  await writeFileWhole(path, page(await readFacts(options.out, options, options)));
  return path;
}
