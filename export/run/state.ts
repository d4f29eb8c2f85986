import * as z from 'zod/mini';
import { ExportFailure, MOST_FAILED_USERS } from '../../contract/failure.ts';
import { type RunKey, stateKey } from '../../contract/keys.ts';
import { requestsSchema } from '../../contract/manifest.ts';
import { perOperation } from '../../contract/operations.ts';
import { USER_DETAILS, userDetailsSchema } from '../../contract/user-details.ts';
import { accept, type Document, getDocument, putDocument, unchanged } from '../files/json.ts';
import { plannedAttributesSchema } from '../plan/attributes.ts';
import { type PlannedUser, plannedUserSchema, planSchema } from '../plan/plan.ts';
import { type ObjectInfo, PreconditionFailed, type Store } from '../ports.ts';
import { Overtaken } from './lease.ts';

/** The version of the state that this software writes, and the only one that it goes on with. */
export const STATE_VERSION = 4;

const count = z.int().check(z.nonnegative());

/** A closed part: the outcomes of the plan's users from `from` up to, not including, `to`. */
const partSchema = z.strictObject({
  from: count,
  /** Equal to `from` where the part holds users that had failed before. */
  to: count,
  rows: count,
  deleted: count,
  without_proficiencies: count,
  proficiencies: count,
  /** Not known, and 0, for a part taken over from a lost worker. */
  proficiencies_repeated: count,
  texts_replaced: count,
  bytes: count,
  /** Of the compressed bytes, in hex. */
  sha256: z.string(),
});

const followOneAnother = (parts: readonly z.infer<typeof partSchema>[]): boolean =>
  parts.every((part, index) => part.from === (parts[index - 1]?.to ?? 0) && part.to >= part.from);

/** A user that could not be read, and why. */
const failedUserSchema = z.strictObject({
  user: plannedUserSchema,
  error: z.string(),
  message: z.string(),
});

/** How far a run is. It exists from the moment the plan is frozen. */
const stateSchema = z.strictObject({
  version: z.literal(STATE_VERSION),
  run_id: z.string(),
  instance_id: z.string(),
  region: z.string(),
  snapshot_date: z.iso.date(),
  trigger: z.enum(['schedule', 'manual']),
  scheduled_time: z.nullable(z.iso.datetime()),
  started_at: z.iso.datetime(),
  /** Invocations so far. */
  slices: count,
  /** The invocation that may save next; with `saves` it makes every saved state one of a kind. */
  worker: z.string(),
  saves: count,
  plan: planSchema,
  /** Which keys the rows have: whatever the setting says meanwhile, those of a snapshot are all alike. */
  include_user_details: z.enum(USER_DETAILS),
  user_details: userDetailsSchema,
  predefined_attributes: plannedAttributesSchema,
  parts: z.array(partSchema).check(z.refine(followOneAnother, { error: 'the parts have a gap' })),
  failed: z.array(failedUserSchema),
  requests: requestsSchema,
  rates: z.strictObject(perOperation(() => z.exactOptional(z.number().check(z.positive())))),
});

export type Part = z.infer<typeof partSchema>;
export type FailedUser = z.infer<typeof failedUserSchema>;
export type State = z.infer<typeof stateSchema>;

/** The state of a run that this worker has claimed: the one place that saves it. */
export interface StateKeeper {
  readonly state: State;
  /** @throws Overtaken where another worker of the same run has claimed it since */
  save(changes: Partial<State>): Promise<void>;
}

/**
 * Reads a run's state.
 *
 * @throws ExportFailure UnknownStateVersion, DamagedRun
 */
export async function readState(store: Store, run: RunKey): Promise<Document<State> | undefined> {
  const key = stateKey(run.instanceId, run.runId);
  const found = await getDocument(store, key, z.looseObject({ version: z.int() }));
  if (!found) return undefined;
  const { version } = found.value;
  if (version !== STATE_VERSION) {
    throw new ExportFailure(
      'UnknownStateVersion',
      `${store.uri(key)} has version ${version}, but this exporter knows version ${STATE_VERSION} only; start a new run.`,
    );
  }
  return { value: accept(store, key, stateSchema, found.value), info: found.info };
}

/**
 * Claims a run for this invocation, by a conditional write over what was read (or over nothing, for
 * a run just planned). From here on every other worker of the run fails at its next save.
 *
 * @param upToDate what every save brings up to date
 * @throws Overtaken where another worker was faster
 */
export async function claimState(
  store: Store,
  before: { readonly value: State; readonly info?: ObjectInfo },
  worker: string,
  upToDate: () => Pick<State, 'requests' | 'rates'>,
): Promise<StateKeeper> {
  const key = stateKey(before.value.instance_id, before.value.run_id);
  let state = before.value;
  let info = before.info;
  const save = async (changes: Partial<State>): Promise<void> => {
    const next = { ...state, ...changes, ...upToDate(), worker, saves: state.saves + 1 };
    info = await putDocument(store, key, next, unchanged(info)).catch((error: unknown) => {
      throw error instanceof PreconditionFailed
        ? new Overtaken('another worker is going on with this run')
        : error;
    });
    state = next;
  };
  await save({ slices: state.slices + 1 });
  return {
    get state() {
      return state;
    },
    save,
  };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

/** How many users of the plan have an outcome: exported, deleted meanwhile or failed. */
export const usersDone = (state: State): number => state.parts.at(-1)?.to ?? 0;

export const isPlanDone = (state: State): boolean => usersDone(state) === state.plan.users;

/** The totals over all parts. */
export const totals = (state: State): Omit<Part, 'from' | 'to' | 'sha256'> => ({
  rows: sum(state.parts.map((part) => part.rows)),
  deleted: sum(state.parts.map((part) => part.deleted)),
  without_proficiencies: sum(state.parts.map((part) => part.without_proficiencies)),
  proficiencies: sum(state.parts.map((part) => part.proficiencies)),
  proficiencies_repeated: sum(state.parts.map((part) => part.proficiencies_repeated)),
  texts_replaced: sum(state.parts.map((part) => part.texts_replaced)),
  bytes: sum(state.parts.map((part) => part.bytes)),
});

/** Whether Connect has answered for any user. */
export function isAnswered(state: State): boolean {
  const { rows, deleted } = totals(state);
  return rows + deleted > 0;
}

/**
 * Whether so many users failed that asking for the others would waste quota: Connect has a problem that
 * asking on does not mend, and the list of failures is part of the state.
 */
export const isHopeless = (state: State): boolean => state.failed.length > MOST_FAILED_USERS;

/** The users that have failed so far, as they stand now. */
export async function* failedUsers({ failed }: State): AsyncGenerator<PlannedUser> {
  for (const { user } of failed) yield user;
}
