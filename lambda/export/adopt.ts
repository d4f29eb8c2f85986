import { Readable } from 'node:stream';
import { partKey } from '../contract/keys.ts';
import { ExportFailure } from '../contract/result.ts';
import { rowSchema } from '../contract/row.ts';
import { damaged, readBytes } from './documents.ts';
import type { Outcome } from './fetch.ts';
import { fromLine, gunzipLines, toLine } from './ndjson.ts';
import { type ClosedPart, close } from './parts.ts';
import type { PlannedUser } from './plan.ts';
import type { Store } from './ports.ts';
import type { Run } from './run.ts';

type Exported = Omit<Extract<Outcome, { kind: 'exported' }>, 'user'>;

async function readRows(body: Uint8Array): Promise<Map<string, Exported>> {
  const rows = new Map<string, Exported>();
  for await (const line of gunzipLines(Readable.from([body]))) {
    const row = rowSchema.parse(fromLine(line));
    rows.set(row.user_id, {
      kind: 'exported',
      line: toLine(row),
      proficiencies: row.proficiency_count,
    });
  }
  return rows;
}

/** A user whom the part passes over was deleted or failed, but only the lost worker knew which. */
const unknown = (user: PlannedUser): Outcome => ({
  kind: 'failed',
  user,
  error: 'OutcomeUnknown',
  message: 'The worker was cut off before it could record this user.',
});

async function matchUsers(
  rows: Map<string, Exported>,
  users: AsyncIterable<PlannedUser>,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  if (rows.size === 0) return outcomes;
  for await (const user of users) {
    const row = rows.get(user.id);
    outcomes.push(row ? { ...row, user } : unknown(user));
    rows.delete(user.id);
    if (rows.size === 0) return outcomes;
  }
  throw new Error('it has users that are not due');
}

/**
 * Takes over the part that a worker left behind when it was cut off between writing it and recording
 * it, so that its users need not be asked for again.
 *
 * @param users those that this part may speak for, in order
 * @param advances whether they are the next ones of the plan, or such as had failed before
 * @returns `undefined` where there is no such part
 * @throws ExportFailure DamagedRun
 */
export async function adoptPart(
  store: Store,
  run: Run,
  index: number,
  work: {
    readonly users: AsyncIterable<PlannedUser>;
    readonly from: number;
    readonly advances: boolean;
  },
): Promise<ClosedPart | undefined> {
  const key = partKey(run.instanceId, run.runId, index);
  const object = await store.get(key);
  if (!object) return undefined;
  const body = await readBytes(object);
  try {
    const outcomes = await matchUsers(await readRows(body), work.users);
    const to = work.from + (work.advances ? outcomes.length : 0);
    return close({ outcomes, from: work.from, to }, body);
  } catch (error) {
    // Of the plan, which is read beside it.
    if (error instanceof ExportFailure) throw error;
    throw damaged(store, key, 'it is not a part of this run', error);
  }
}
