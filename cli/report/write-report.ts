import { resolve } from 'node:path';
import { writeFileWhole } from '../store/durable-file.ts';
import { chooseEditions, type Wanted } from './editions.ts';
import { type Facts, readFacts } from './facts.ts';
import { page } from './page.ts';
import { openScopedSnapshots } from './scoped-snapshots.ts';

export interface ReportOptions extends Wanted {
  /** The folder that was exported to. */
  readonly out: string;
  /** The file to write. */
  readonly to: string;
}

async function readAll({ out, ...wanted }: ReportOptions): Promise<readonly Facts[]> {
  const snapshots = await openScopedSnapshots(out);
  try {
    const all: Facts[] = [];
    for (const edition of chooseEditions(await snapshots.published(), wanted)) {
      all.push(await readFacts(snapshots, edition));
    }
    return all;
  } finally {
    snapshots.close();
  }
}

/**
 * Writes the report on the snapshots of a folder as one HTML file.
 *
 * @returns the file's absolute path
 * @throws ExportFailure InvalidRequest where there is no such snapshot or the file cannot be written
 */
export async function writeReport(options: ReportOptions): Promise<string> {
  const path = resolve(options.to);
  await writeFileWhole(path, page(await readAll(options)));
  return path;
}
