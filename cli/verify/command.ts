import { Command } from 'commander';
import { ExportFailure } from '../../lambda/contract/failure.ts';

/**
 * Prints a line for each snapshot.
 *
 * @throws ExportFailure where one is not what was published, or there is none
 */
async function run(path: string): Promise<void> {
  // The AWS SDK takes a while to load: only a verification waits for it.
  const { openDestination } = await import('../store/destination.ts');
  const { verifyStore } = await import('./verify-store.ts');
  let looked = 0;
  let wrong = 0;
  for await (const { uri, rows, problems } of verifyStore(openDestination(path))) {
    looked++;
    if (problems.length > 0) wrong++;
    console.log(
      problems.length === 0
        ? `ok     ${uri} (${rows} rows)`
        : `WRONG  ${uri}: ${problems.join('; ')}`,
    );
  }
  if (looked === 0) {
    throw new ExportFailure('InvalidRequest', `There is no snapshot in ${path}; export one first.`);
  }
  if (wrong > 0) {
    throw new ExportFailure(
      'DamagedRun',
      `${wrong} of ${looked} snapshots are not what was published; export these dates again, or restore an earlier version.`,
    );
  }
}

/** `proficiencies verify`: whether the snapshots are what was published. */
export const verifyCommand = (): Command =>
  new Command('verify')
    .description('compare every snapshot with its manifest: bytes, rows, checksum, users')
    .argument('[path]', 'a folder, or s3://bucket/prefix', './out')
    .action(run);
