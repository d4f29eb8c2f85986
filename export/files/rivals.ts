import { ExportFailure } from '../../contract/failure.ts';
import { PreconditionFailed } from '../ports.ts';

/** Attempts over what others write at the same moment. */
const ATTEMPTS = 5;

/**
 * Tries a conditional write that begins with a look at what is there, until no other writer is first.
 *
 * @param uri of the object that is written
 * @param attempt answers `undefined`, or throws PreconditionFailed, where another writer was first
 * @throws ExportFailure ServiceUnavailable where others are first every time
 */
export async function overRivals<T>(
  uri: string,
  attempt: () => Promise<T | undefined>,
): Promise<T> {
  for (let tries = 1; tries <= ATTEMPTS; tries++) {
    try {
      const result = await attempt();
      if (result !== undefined) return result;
    } catch (error) {
      if (!(error instanceof PreconditionFailed)) throw error;
    }
  }
  throw new ExportFailure('ServiceUnavailable', `Other writers kept changing ${uri}; try again.`);
}
