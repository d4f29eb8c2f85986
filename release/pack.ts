import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import * as z from 'zod';

const packedSchema = z.tuple([
  z.object({
    filename: z.string(),
    size: z.number(),
    unpackedSize: z.number(),
    files: z.array(z.object({ path: z.string(), size: z.number() })),
  }),
]);

/** What `npm publish` would send. */
export interface Packed {
  /** The path of the tarball. */
  readonly tarball: string;
  /** Of the tarball, and of what is in it, in bytes. */
  readonly size: number;
  readonly unpackedSize: number;
  readonly files: readonly { readonly path: string; readonly size: number }[];
}

/**
 * Packs a work tree into a folder, with the packages that its lock file names and nothing else.
 *
 * @throws Error where npm refuses
 */
export function pack(worktree: string, folder: string): Packed {
  const npm = (...words: string[]): string =>
    execFileSync('npm', words, { cwd: worktree, encoding: 'utf8', stdio: ['ignore', 'pipe', 2] });
  npm('ci', '--silent', '--prefer-offline', '--no-audit', '--no-fund');
  // On its own, for what it prints is no JSON.
  npm('run', '--silent', '--if-present', 'prepack');
  const told = npm('pack', '--json', '--ignore-scripts', '--pack-destination', folder);
  const [{ filename, ...packed }] = packedSchema.parse(JSON.parse(told));
  return { ...packed, tarball: join(folder, filename) };
}

const inKilobytes = (bytes: number): string => `${(bytes / 1000).toFixed(1)} kB`.padStart(11);

/** A line for each file, the largest first, and one for all. */
export const contentsOf = ({ files, size, unpackedSize }: Packed): string =>
  [
    ...files
      .toSorted((one, other) => other.size - one.size)
      .map((file) => `${inKilobytes(file.size)}  ${file.path}`),
    `${inKilobytes(unpackedSize)}  ${files.length} files, ${inKilobytes(size).trim()} packed`,
  ].join('\n');
