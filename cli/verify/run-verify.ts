import { ExportFailure } from '../../lambda/contract/failure.ts';
import { openDestination } from '../export/destination.ts';
import { verifyStore } from './store.ts';

/**
 * What `proficiencies verify` does: a line for each snapshot.
 *
 * @throws ExportFailure where one is not what was published, or there is none
 */
export async function runVerify(path: string): Promise<void> {
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
