import { Argument, Command } from 'commander';
import { BUMPS, type Bump, makeRelease } from './release.ts';

function release(bump: Bump, { dryRun }: { dryRun: boolean }): void {
  const { tag, notes, changes, contents, tarball } = makeRelease({
    folder: process.cwd(),
    bump,
    now: new Date(),
    dryRun,
  });
  console.log(`${notes}\n\n${changes}\n\n${contents}\n`);
  console.log(
    dryRun
      ? `This would be ${tag}. Nothing was changed.`
      : `${tag} is committed, tagged and packed. Publish it with: git push --follow-tags && npm publish ${tarball}`,
  );
}

new Command('release')
  .description('raise the version, date the changelog, pack, commit and tag')
  .addArgument(new Argument('<part>', 'the part of the version to raise').choices(BUMPS))
  .option(
    '--dry-run',
    'show the notes, the changes and what the package would hold, and change nothing',
    false,
  )
  .action((bump: Bump, options: { dryRun: boolean }) => {
    try {
      release(bump, options);
    } catch (error) {
      console.error(error instanceof Error ? error.message : error);
      process.exitCode = 1;
    }
  })
  .parse();
