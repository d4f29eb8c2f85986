import { copyFileSync, cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundleCommand, bundleLibrary } from './bundles.ts';
import { withEntries } from './declarations.ts';
import { assembleFunctions, sourcesOfFunctions, writeHashes } from './functions.ts';
import { noticesOf } from './notices.ts';
import { referenceOf } from './reference/reference.ts';

/** What modules read that lie in bundles: files of the same names, at the same places in the package. */
const READ_AT_RUN_TIME = ['sql/queries', 'sql/views', 'report/report.css', 'report/agents.js'];

/**
 * Makes `dist`, which is all of the package that is not in the clone.
 *
 * @returns what `API.md`, which is, should say
 */
export async function buildPackage(root: string): Promise<string> {
  const dist = join(root, 'dist');
  rmSync(dist, { recursive: true, force: true });
  mkdirSync(dist);

  const functions = join(dist, 'functions');
  assembleFunctions(root, functions);
  writeHashes(functions);

  await bundleLibrary(root, dist);
  const filesOfCommand = await bundleCommand(root, dist);
  for (const path of READ_AT_RUN_TIME)
    cpSync(join(root, path), join(dist, path), { recursive: true });

  const notices = noticesOf(root, [...sourcesOfFunctions(functions), ...filesOfCommand]);
  writeFileSync(join(dist, 'THIRD-PARTY-NOTICES.txt'), notices);

  return withEntries(root, (entries) => {
    for (const [entry, { types }] of Object.entries(entries)) {
      // For ES modules and for CommonJS.
      for (const ending of ['d.ts', 'd.cts']) copyFileSync(types, join(dist, `${entry}.${ending}`));
    }
    return referenceOf(entries);
  });
}
