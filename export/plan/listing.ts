import { ExportFailure } from '../../contract/failure.ts';
import type { Connect, Deadline, User } from '../ports.ts';

/** The users of an instance, page by page; the first page has been read. */
export type Listing = AsyncIterable<readonly User[]>;

/** Aborted by the deadline, a listing may be tried again; it is not the end of the run. */
async function inTime<T>(answer: Promise<T>, { signal }: Deadline): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (!signal.aborted) throw error;
    throw new ExportFailure(
      'ServiceUnavailable',
      'Listing the users did not come to an end within this slice; look at the health and the quota of Connect, then start the run again.',
      { cause: error },
    );
  }
}

/**
 * Begins to list the users. Whatever forbids a run altogether (no credentials, no permission, no such
 * instance) shows here, before anything is written.
 *
 * @throws ExportFailure as `Connect.listUsers`; ServiceUnavailable where the deadline came first
 */
export async function openListing(
  connect: Connect,
  instanceId: string,
  deadline: Deadline,
): Promise<Listing> {
  const pages = connect.listUsers(instanceId, deadline.signal)[Symbol.asyncIterator]();
  const next = () => inTime(pages.next(), deadline);
  const first = await next();
  return (async function* () {
    for (let page = first; !page.done; page = await next()) yield page.value;
  })();
}
