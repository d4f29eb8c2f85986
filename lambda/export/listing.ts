import type { Connect, Deadline, User } from './ports.ts';

/** The users of an instance, page by page; the first page has been read. */
export type Listing = AsyncIterable<readonly User[]>;

/**
 * Begins to list the users. Whatever forbids a run altogether (no credentials, no permission, no such
 * instance) shows here, before anything is written.
 *
 * @throws ExportFailure as `Connect.listUsers`
 */
export async function openListing(
  connect: Connect,
  instanceId: string,
  deadline: Deadline,
): Promise<Listing> {
  const pages = connect.listUsers(instanceId, deadline.signal)[Symbol.asyncIterator]();
  const first = await pages.next();
  return (async function* () {
    for (let page = first; !page.done; page = await pages.next()) yield page.value;
  })();
}
