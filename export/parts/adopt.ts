import { Readable } from 'node:stream';
import { ExportFailure } from '../../contract/failure.ts';
import { partKey, type RunKey } from '../../contract/keys.ts';
import { rowSchema } from '../../contract/row.ts';
import { damaged, readBytes } from '../files/json.ts';
import { fromLine, gunzipLines } from '../files/ndjson.ts';
import { type PlannedUser, usersFrom } from '../plan/plan.ts';
import type { Store } from '../ports.ts';
import { failedUsers, type State, usersDone } from '../run/state.ts';
import type { Outcome } from './fetch.ts';
import { type ClosedPart, close } from './part.ts';
import { exportedRow } from './row.ts';

type Exported = Omit<Extract<Outcome, { kind: 'exported' }>, 'user'>;

async function readRows(body: Uint8Array): Promise<Map<string, Exported>> {
  const rows = new Map<string, Exported>();
  for await (const line of gunzipLines(Readable.from([body]))) {
    const row = rowSchema.parse(fromLine(line));
    rows.set(row.user_id, exportedRow(row, 0));
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
 * it, so that its users need not be asked for again. Its rows tell which users it speaks for: such as
 * had failed before, or the next ones of the plan.
 *
 * @returns `undefined` where there is no such part
 * @throws ExportFailure DamagedRun
 */
export async function adoptPart(
  store: Store,
  run: RunKey,
  state: State,
): Promise<ClosedPart | undefined> {
  const key = partKey(run.instanceId, run.runId, state.parts.length);
  const object = await store.get(key);
  if (!object) return undefined;
  const body = await readBytes(object);
  const from = usersDone(state);
  try {
    const rows = await readRows(body);
    const advances = !state.failed.some(({ user }) => rows.has(user.id));
    const users = advances ? usersFrom(store, run, state.plan, from) : failedUsers(state);
    const outcomes = await matchUsers(rows, users);
    return close({ outcomes, from, to: from + (advances ? outcomes.length : 0) }, body);
  } catch (error) {
    // Of the plan, which is read beside it.
    if (error instanceof ExportFailure) throw error;
    throw damaged(store, key, 'it is not a part of this run', error);
  }
}
