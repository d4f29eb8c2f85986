import * as z from 'zod/mini';
import { ExportFailure } from '../../contract/failure.ts';
import { planKey, type RunKey } from '../../contract/keys.ts';
import { damaged } from '../files/json.ts';
import { fromLine, gunzipLines, gzipLines, toLine } from '../files/ndjson.ts';
import type { Deadline, Store, User } from '../ports.ts';
import type { Listing } from './listing.ts';
import { type FoundDetails, plannedDetailsSchema } from './user-details.ts';

/** Users in one page of the plan: what ListUsers gives at most in one answer. Runs begun before hold pages of this size. */
export const PLAN_PAGE_USERS = 1000;

/** The frozen user list of a run. */
export const planSchema = z.strictObject({
  id: z.string(),
  users: z.int().check(z.nonnegative()),
});

export type Plan = z.infer<typeof planSchema>;

/** A user as the plan keeps it. */
export const plannedUserSchema = z.strictObject({
  id: z.string(),
  username: z.optional(z.string()),
  modified_at: z.optional(z.iso.datetime()),
  /** Absent where the search for users does not know this one, or is not asked. */
  details: z.exactOptional(plannedDetailsSchema),
});

export type PlannedUser = z.infer<typeof plannedUserSchema>;

const planned = (user: User): PlannedUser => ({
  id: user.id,
  ...(user.username !== undefined && { username: user.username }),
  ...(user.modifiedAt && { modified_at: user.modifiedAt.toISOString() }),
});

/** Pages may be empty and may overlap, but so many in a row lead in a circle; at the default pace they take ten minutes. */
const MOST_BARREN_PAGES = 1_000;

async function* distinctUsers(listing: Listing, deadline: Deadline): AsyncGenerator<PlannedUser> {
  const seen = new Set<string>();
  let barren = 0;
  for await (const page of listing) {
    if (deadline.reached()) {
      throw new ExportFailure(
        'NoProgress',
        `Listing the users took longer than one slice (${seen.size} so far); raise the rate of ListUsers.`,
      );
    }
    for (const user of page) {
      if (seen.has(user.id)) continue;
      seen.add(user.id);
      barren = 0;
      yield planned(user);
    }
    if (++barren > MOST_BARREN_PAGES) {
      throw new ExportFailure(
        'ServiceUnavailable',
        `Connect listed no other user on ${MOST_BARREN_PAGES} pages in a row after the first ${seen.size}, so that the list would never end: look at the health of Connect and of the network, then start the run again.`,
      );
    }
  }
}

/**
 * Keeps the users of an instance as they are listed. The plan counts from the moment a state names it;
 * pages of attempts that did not get so far expire with the other working files.
 */
export async function makePlan(
  listing: Listing,
  store: Store,
  run: RunKey,
  planId: string,
  deadline: Deadline,
): Promise<Plan> {
  let users = 0;
  let lines: string[] = [];
  const writePage = async (): Promise<void> => {
    const index = Math.ceil(users / PLAN_PAGE_USERS) - 1;
    await store.put(planKey(run.instanceId, run.runId, planId, index), await gzipLines(lines));
    lines = [];
  };
  for await (const user of distinctUsers(listing, deadline)) {
    lines.push(toLine(user));
    users++;
    if (lines.length === PLAN_PAGE_USERS) await writePage();
  }
  if (lines.length > 0) await writePage();
  return { id: planId, users };
}

/**
 * Adds to each user of a plan that no state names yet what is known of them.
 *
 * @returns of how many nothing is known
 */
export async function addDetails(
  store: Store,
  run: RunKey,
  plan: Plan,
  details: FoundDetails,
): Promise<number> {
  let unknown = 0;
  for (const [index, key] of pageKeys(run, plan).entries()) {
    const lines: string[] = [];
    for await (const user of readPage(store, key)) {
      const found = details.of(user.id);
      if (!found) unknown++;
      lines.push(toLine({ ...user, ...(found && { details: found }) } satisfies PlannedUser));
    }
    checkPage(store, key, plan, index, lines.length);
    await store.put(key, await gzipLines(lines));
  }
  return unknown;
}

async function* readPage(store: Store, key: string): AsyncGenerator<PlannedUser> {
  const object = await store.get(key);
  if (!object) throw damaged(store, key, 'it is missing');
  try {
    for await (const line of gunzipLines(object.body)) {
      yield plannedUserSchema.parse(fromLine(line));
    }
  } catch (error) {
    // The store's own: the page may be whole, only its reading failed.
    if (error instanceof ExportFailure) throw error;
    throw damaged(store, key, 'it is not a page of users', error);
  }
}

const pageKeys = ({ instanceId, runId }: RunKey, { id, users }: Plan): string[] =>
  Array.from({ length: Math.ceil(users / PLAN_PAGE_USERS) }, (_, page) =>
    planKey(instanceId, runId, id, page),
  );

/** @throws ExportFailure DamagedRun where a page has not as many users as it should */
function checkPage(store: Store, key: string, plan: Plan, page: number, users: number): void {
  const expected = Math.min(PLAN_PAGE_USERS, plan.users - page * PLAN_PAGE_USERS);
  if (users !== expected) throw damaged(store, key, 'users are missing from it');
}

/** The users of a plan from a position on, in the plan's order, one page in memory at a time. */
export async function* usersFrom(
  store: Store,
  run: RunKey,
  plan: Plan,
  position: number,
): AsyncGenerator<PlannedUser> {
  const first = Math.floor(position / PLAN_PAGE_USERS);
  for (const [page, key] of pageKeys(run, plan).entries()) {
    if (page < first) continue;
    let at = 0;
    for await (const user of readPage(store, key)) {
      if (page * PLAN_PAGE_USERS + at++ >= position) yield user;
    }
    checkPage(store, key, plan, page, at);
  }
}
