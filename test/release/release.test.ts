import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { dateChangelog } from '../../release/changelog.ts';
import { temporaryFolders } from '../support/temporary-folder.ts';

const CHANGELOG = `# Changelog

## Unreleased

### Added

- A thing.

## 0.1.0 - 2026-11-23

The first version.
`;

/** As the real one: it makes what is packed, is told what it may not be, and talks. */
const PREPACK = 'mkdir made && cp CHANGELOG.md made && echo made && test ! -e refused';

const newFolder = temporaryFolders();
let folder: string;

const git = (...words: string[]): string =>
  execFileSync('git', words, { cwd: folder, encoding: 'utf8' }).trim();

const commit = (changelog: string): void => {
  writeFileSync(join(folder, 'CHANGELOG.md'), changelog);
  git('add', '.');
  git('commit', '--quiet', '--allow-empty', '--message=change');
};

/** As `npm run release --` would, in the little repository. */
const release = (...words: string[]) =>
  spawnSync(resolve('node_modules/.bin/tsx'), [resolve('release/main.ts'), ...words], {
    cwd: folder,
    encoding: 'utf8',
  });

const versionIn = (file: string): unknown =>
  JSON.parse(readFileSync(join(folder, file), 'utf8')).version;

const state = () => ({
  head: git('rev-parse', 'HEAD'),
  tags: git('tag', '--list'),
  status: git('status', '--porcelain'),
  worktrees: git('worktree', 'list').split('\n').length,
});

beforeEach(() => {
  folder = newFolder();
  git('init', '--quiet', '--initial-branch=main');
  git('config', 'user.name', 'Somebody');
  git('config', 'user.email', 'somebody@example.com');
  const about = {
    name: 'little',
    version: '0.1.0',
    files: ['made'],
    scripts: { prepack: PREPACK },
  };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(about));
  const lock = { ...about, lockfileVersion: 3, packages: { '': about } };
  writeFileSync(join(folder, 'package-lock.json'), JSON.stringify(lock));
  writeFileSync(join(folder, '.gitignore'), '*.tgz\nmade\n');
  commit(CHANGELOG);
});

it('makes one commit with version and date, and a tag whose message is the notes', () => {
  const before = git('rev-parse', 'HEAD');
  const { status, stdout, stderr } = release('minor');
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toContain('### Added\n\n- A thing.');
  expect(stdout).toContain('git push --follow-tags && npm publish little-0.2.0.tgz');
  expect(existsSync(join(folder, 'little-0.2.0.tgz'))).toBe(true);

  expect(git('log', '--format=%s', `${before}..main`)).toBe('chore: release 0.2.0');
  expect(git('show', '--format=', '--name-only').split('\n')).toEqual([
    'CHANGELOG.md',
    'package-lock.json',
    'package.json',
  ]);
  expect([versionIn('package.json'), versionIn('package-lock.json')]).toEqual(['0.2.0', '0.2.0']);
  expect(readFileSync(join(folder, 'CHANGELOG.md'), 'utf8')).toMatch(
    /^## Unreleased\n\n## 0\.2\.0 - \d{4}-\d\d-\d\d\n\n### Added\n\n- A thing\.\n\n## 0\.1\.0 -/m,
  );
  expect(git('tag', '--list', '--format=%(contents)', 'v0.2.0')).toBe('### Added\n\n- A thing.');
  expect(state()).toMatchObject({ tags: 'v0.2.0', status: '', worktrees: 1 });
  expect(git('rev-parse', 'v0.2.0^{commit}')).toBe(git('rev-parse', 'main'));
});

it('shows in a dry run what it would be, and changes nothing', () => {
  const before = state();
  const { status, stdout } = release('major', '--dry-run');
  expect(status).toBe(0);
  expect(stdout).toContain('- A thing.');
  expect(stdout).toMatch(/CHANGELOG\.md +\| +2 \+/);
  expect(stdout).toMatch(
    /^ +\d+\.\d kB {2}made\/CHANGELOG\.md\n +\d+\.\d kB {2}\d files, \d+\.\d kB packed$/m,
  );
  expect(stdout).toContain('This would be v1.0.0. Nothing was changed.');
  expect(state()).toEqual(before);
});

it.each([
  ['files that are not committed', () => writeFileSync(join(folder, 'new'), ''), /^Commit or/],
  ['nothing unreleased', () => commit(CHANGELOG.replace(/### Added.*thing\.\n/s, '')), /nothing/],
  ['no place for it', () => commit(CHANGELOG.replace('## Unreleased', '')), /"## Unreleased"/],
  [
    'what cannot be packed',
    () => {
      writeFileSync(join(folder, 'refused'), '');
      commit(CHANGELOG);
    },
    /npm run --silent --if-present prepack/,
  ],
  ['a tag of that name', () => git('tag', 'v0.1.1'), /tag 'v0.1.1' already exists/],
])('refuses %s, and leaves everything as it was', (_, arrange, sentence) => {
  arrange();
  const before = state();
  const { status, stderr } = release('patch');
  expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringMatching(sentence) });
  expect(state()).toEqual(before);
});

it('refuses a part of the version that is none', () => {
  const { status, stderr } = release('huge');
  expect(status).toBe(1);
  expect(stderr).toContain('Allowed choices are patch, minor, major');
});

it('dates the first version of a changelog', () => {
  expect(dateChangelog('# C\n\n## Unreleased\n\n- X\n', '1.0.0', '2026-11-25')).toEqual({
    text: '# C\n\n## Unreleased\n\n## 1.0.0 - 2026-11-25\n\n- X\n',
    notes: '- X',
  });
});
