import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import * as z from 'zod';
import { type Ended, shell } from '../docs/sandbox.ts';

const lockSchema = z.object({
  packages: z.record(z.string(), z.object({ version: z.string().optional() })),
});

/** The version of a package in this clone: npm has it already. */
const versionHere = (name: string): string =>
  lockSchema.parse(JSON.parse(readFileSync('package-lock.json', 'utf8'))).packages[
    `node_modules/${name}`
  ]?.version ?? 'latest';

export const here = (name: string): string => `${name}@${versionHere(name)}`;

/** Installs packages into an empty folder, as somebody's first `npm install` does. */
export function install(folder: string, ...packages: readonly string[]): void {
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true }));
  const options = ['--prefer-offline', '--no-audit', '--no-fund', '--no-package-lock', '--silent'];
  execFileSync('npm', ['install', ...options, ...packages], { cwd: folder });
}

/** The packages in a folder, by their names. */
export const installed = (folder: string): string[] =>
  readdirSync(join(folder, 'node_modules'))
    .filter((name) => !name.startsWith('.'))
    .flatMap((name) =>
      name.startsWith('@')
        ? readdirSync(join(folder, 'node_modules', name)).map((part) => `${name}/${part}`)
        : [name],
    )
    .sort();

/** A person's environment: nothing of this clone is on the way, and whoever asks a registry is told that there is none. */
export const personAt = (folder: string): NodeJS.ProcessEnv => ({
  PATH: process.env.PATH,
  HOME: folder,
  npm_config_offline: 'true',
  npm_config_update_notifier: 'false',
});

/** An app, and how to run commands in it. */
export interface ConsumerApp {
  readonly folder: string;
  run(line: string): Promise<Ended>;
}

/**
 * A fresh app as `cdk init` makes it, but for what it installs: that lies above it.
 *
 * @param above a folder with what the app needs installed
 */
export async function cdkInit(
  above: string,
  name: string,
  language: 'typescript' | 'javascript',
): Promise<ConsumerApp> {
  const fresh = await freshApp(above, language);
  const folder = join(above, name, 'app');
  cpSync(fresh, folder, { recursive: true });
  symlinkSync(join(above, 'node_modules'), join(folder, 'node_modules'));
  return { folder, run: (line) => shell(line, folder, personAt(above)) };
}

/** Made once for each language: apps are copies of it. */
async function freshApp(above: string, language: 'typescript' | 'javascript'): Promise<string> {
  // The app is named after its folder, and the stack after the app.
  const folder = join(above, `fresh-${language}`, 'app');
  if (existsSync(folder)) return folder;
  mkdirSync(folder, { recursive: true });
  const cdk = resolve('node_modules/.bin/cdk');
  const words = `init app --language ${language} --generate-only --no-notices`;
  const made = await shell(`${cdk} ${words}`, folder, personAt(above));
  if (made.exitCode !== 0) throw new Error(made.stderr);
  return folder;
}

/** Changes a file of an app; throws where there is nothing to change. */
export function edit(
  { folder }: ConsumerApp,
  file: string,
  changes: readonly (readonly [string | RegExp, string])[],
): void {
  const path = join(folder, file);
  const text = readFileSync(path, 'utf8');
  const changed = changes.reduce((before, [what, by]) => {
    const after = before.replace(what, by);
    if (after === before) throw new Error(`${file} has no ${what}`);
    return after;
  }, text);
  writeFileSync(path, changed);
}
