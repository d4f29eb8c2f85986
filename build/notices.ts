import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';

const packageSchema = z.object({ name: z.string(), version: z.string(), license: z.string() });

/** The folder of the package that a file is of; `undefined` for a file of our own. */
const packageOf = (file: string): string | undefined =>
  /(?:^|\/)(node_modules\/(?:.*\/node_modules\/)?(?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1];

const isLicence = (name: string): boolean => /^(licen[cs]e|notice)(\.|-|$)/i.test(name);

/** @throws Error for a package that says nothing of its licence: nobody may then pass it on */
function licenceOf(folder: string): { readonly name: string; readonly text: string } {
  const json: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const { name, version, license } = packageSchema.parse(json);
  const texts = readdirSync(folder)
    .filter(isLicence)
    .sort()
    .map((file) => readFileSync(join(folder, file), 'utf8').trim());
  return { name: `${name} ${version} (${license})`, text: texts.join('\n\n') };
}

/**
 * What the licences of bundled packages ask to be passed on with them. Packages with one text share it.
 *
 * @param files what was bundled, of our own and of others
 */
export function noticesOf(root: string, files: readonly string[]): string {
  const folders = [...new Set(files.flatMap((file) => packageOf(file) ?? []))].sort();
  const byText = new Map<string, string[]>();
  for (const { name, text } of folders.map((folder) => licenceOf(join(root, folder)))) {
    byText.set(text, [...(byText.get(text) ?? []), name]);
  }
  const notices = [...byText].map(([text, names]) => `${names.join('\n')}\n\n${text}`.trim());
  const all = ['The bundles in this package hold code of these packages.', ...notices];
  return `${all.join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}
