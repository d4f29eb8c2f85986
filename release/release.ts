import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { dateChangelog } from './changelog.ts';
import { contentsOf, pack } from './pack.ts';

/** Which part of the version a release raises. */
export const BUMPS = ['patch', 'minor', 'major'] as const;
export type Bump = (typeof BUMPS)[number];

interface ReleaseRequest {
  /** The repository, on the branch that is to be released. */
  readonly folder: string;
  readonly bump: Bump;
  /** Its UTC date becomes the date of the version. */
  readonly now: Date;
  /** Makes the release, says what it would be, and takes nothing over. */
  readonly dryRun: boolean;
}

interface Release {
  /** Its name is `v` and the version; its message is the notes. */
  readonly tag: string;
  readonly notes: string;
  /** The files that the commit changes, as `git show --stat` lists them. */
  readonly changes: string;
  /** The files that the package holds, with their sizes. */
  readonly contents: string;
  /** The name of the package's tarball, which lies in the repository unless this was a dry run. */
  readonly tarball: string;
}

const runIn =
  (cwd: string, input = '') =>
  (command: string, ...words: string[]): string =>
    execFileSync(command, words, { cwd, input, encoding: 'utf8', stdio: 'pipe' }).trim();

/**
 * Raises the version, dates the changelog, packs what that makes, and makes a commit and an annotated tag of it. Nothing is pushed or
 * published.
 *
 * All is done in a work tree of its own; the branch takes the commit over at the very end, so that a release that fails
 * leaves the repository as it was.
 *
 * @throws Error where files are not committed, the changelog has nothing unreleased, or git or npm refuses, as `npm pack` does where
 *   `API.md` is out of date
 */
export function makeRelease({ folder, bump, now, dryRun }: ReleaseRequest): Release {
  const here = runIn(folder);
  if (here('git', 'status', '--porcelain') !== '') {
    throw new Error('Commit or stash your changes first: a release is made of what is committed.');
  }
  const aside = mkdtempSync(join(tmpdir(), 'release-'));
  const packages = mkdtempSync(join(tmpdir(), 'release-package-'));
  here('git', 'worktree', 'add', '--quiet', '--detach', aside);
  try {
    const { version, notes } = commitVersion(aside, bump, now);
    const tag = `v${version}`;
    const commit = runIn(aside)('git', 'rev-parse', 'HEAD');
    const changes = here('git', 'show', '--stat', '--format=', commit);
    const packed = pack(aside, packages);
    const tarball = basename(packed.tarball);
    if (!dryRun) {
      // The headings of the notes begin with "#", which git would otherwise take for comments.
      const annotate = ['--annotate', '--cleanup=whitespace', '--file=-'];
      runIn(folder, notes)('git', 'tag', ...annotate, tag, commit);
      here('git', 'merge', '--quiet', '--ff-only', commit);
      copyFileSync(packed.tarball, join(folder, tarball));
    }
    return { tag, notes, changes, contents: contentsOf(packed), tarball };
  } finally {
    rmSync(packages, { recursive: true });
    here('git', 'worktree', 'remove', '--force', aside);
  }
}

function commitVersion(folder: string, bump: Bump, now: Date): { version: string; notes: string } {
  const run = runIn(folder);
  const version = run('npm', 'version', bump, '--no-git-tag-version').replace(/^v/, '');
  const path = join(folder, 'CHANGELOG.md');
  const date = now.toISOString().slice(0, 10);
  const { text, notes } = dateChangelog(readFileSync(path, 'utf8'), version, date);
  writeFileSync(path, text);
  run('git', 'commit', '--quiet', '--all', `--message=chore: release ${version}`);
  return { version, notes };
}
