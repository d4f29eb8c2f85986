import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { temporaryFolders } from './support/temporary-folder.ts';

const { scripts } = z
  .object({ scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(readFileSync('package.json', 'utf8')));

const newFolder = temporaryFolders();

describe('npm run test:watch', () => {
  it('finds the tests of a source that was changed', () => {
    const words = scripts['test:watch']?.split(' ').slice(1) ?? [];
    expect(words).toContain('--watch');
    const find = ['--listTests', '--findRelatedTests', 'contract/schedule-expression.ts'];
    const options = words.filter((word) => word !== '--watch');
    const found = execFileSync('npx', ['jest', ...options, ...find], { encoding: 'utf8' });
    expect(found).toContain('test/contract/schedule-expression.test.ts');
    expect(found).not.toContain('test/emulator/');
  });
});

describe('npm run hooks', () => {
  let folder: string;

  const git = (...words: string[]) => spawnSync('git', words, { cwd: folder, encoding: 'utf8' });

  /** A repository with this one's hooks, whose `npm run check` is another. */
  function repositoryWith(check: string): void {
    folder = join(newFolder(), 'work');
    execFileSync('git', ['init', '--quiet', '--bare', `${folder}.git`]);
    execFileSync('git', ['init', '--quiet', folder]);
    git('config', 'user.name', 'Somebody');
    git('config', 'user.email', 'somebody@example.com');
    cpSync('.githooks', join(folder, '.githooks'), { recursive: true });
    writeFileSync(
      join(folder, 'package.json'),
      JSON.stringify({ scripts: { hooks: scripts.hooks, check } }),
    );
    git('add', '.');
    git('commit', '--quiet', '--message=first');
    git('remote', 'add', 'origin', `${folder}.git`);
  }

  const push = () => git('push', '--quiet', 'origin', 'HEAD:main').status;

  it('refuses to push what npm run check refuses, until it is undone', () => {
    repositoryWith('exit 1');
    expect(push()).toBe(0);
    git('commit', '--quiet', '--allow-empty', '--message=second');
    execFileSync('npm', ['run', '--silent', 'hooks'], { cwd: folder });
    expect(push()).toBe(1);
    git('config', '--unset', 'core.hooksPath');
    expect(push()).toBe(0);
  });

  it('pushes what it accepts; the checks may use git in other repositories', () => {
    repositoryWith('test -z "$GIT_DIR$GIT_WORK_TREE$GIT_INDEX_FILE"');
    execFileSync('npm', ['run', '--silent', 'hooks'], { cwd: folder });
    git('worktree', 'add', '--quiet', '../other');
    folder = join(folder, '..', 'other');
    expect(push()).toBe(0);
  });
});
