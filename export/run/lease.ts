import * as z from 'zod/mini';
import { leaseKey, type RunKey } from '../../contract/keys.ts';
import { type Document, getDocument, putDocument, unchanged } from '../files/json.ts';
import { type Clock, type ObjectInfo, PreconditionFailed, type Store } from '../ports.ts';
import type { Run } from './identity.ts';

/** Another worker is ahead: this one has stopped without harm, and its slice counts as skipped. */
export class Overtaken extends Error {
  override readonly name = 'Overtaken';
}

/**
 * How long a lease holds without being renewed: a whole invocation (Lambda's 15 minutes), with room
 * for the workflow's retries between two slices. A run that died keeps others away for this long.
 */
export const LEASE_SECONDS = 20 * 60;

/** Renewed when this share of its time has passed, so that two renewals may fail. */
const RENEW_AFTER_SECONDS = LEASE_SECONDS / 3;

/** Attempts at taking a lease that others change at the same moment. */
const ATTEMPTS = 5;

const leaseSchema = z.strictObject({
  version: z.literal(1),
  instance_id: z.string(),
  run_id: z.string(),
  snapshot_date: z.string(),
  /** The invocation that wrote this: two workers never write the same lease. */
  worker: z.string(),
  renewed_at: z.iso.datetime(),
  expires_at: z.iso.datetime(),
  released_at: z.nullable(z.iso.datetime()),
});

export type LeaseRecord = z.infer<typeof leaseSchema>;

export interface Lease {
  /**
   * Keeps the run's lease alive; does nothing while it is fresh. Another worker of the run may have
   * written it meanwhile: which of them goes on is for the run's state to decide.
   *
   * @throws Overtaken where another run has taken it over
   */
  renew(): Promise<void>;
  /** Lets the next run begin, unless another worker has taken the lease since. */
  release(): Promise<void>;
}

/** The lease as it stands, or `undefined` where the instance was never exported to this store. */
export const readLease = (
  store: Store,
  instanceId: string,
): Promise<Document<LeaseRecord> | undefined> =>
  getDocument(store, leaseKey(instanceId), leaseSchema);

const after = (time: Date, seconds: number): Date => new Date(time.getTime() + seconds * 1000);

/**
 * A lease that ends much later than any could was written by a clock that has been set back since: it
 * does not count. Clocks that only differ a little do no harm.
 */
const isLive = (record: LeaseRecord, now: Date): boolean => {
  const expires = new Date(record.expires_at);
  return record.released_at === null && expires > now && expires <= after(now, 2 * LEASE_SECONDS);
};

/** Whether any run holds the lease of an instance at the moment. */
export async function isHeld(store: Store, instanceId: string, clock: Clock): Promise<boolean> {
  const record = (await readLease(store, instanceId))?.value;
  return record !== undefined && isLive(record, clock());
}

/** The other run that holds the lease of this run's instance at the moment. */
export async function liveHolder(
  store: Store,
  run: Run,
  clock: Clock,
): Promise<LeaseRecord | undefined> {
  const record = (await readLease(store, run.instanceId))?.value;
  return record && record.run_id !== run.runId && isLive(record, clock()) ? record : undefined;
}

const recordFor = (run: Run, worker: string, now: Date): LeaseRecord => ({
  version: 1,
  instance_id: run.instanceId,
  run_id: run.runId,
  snapshot_date: run.snapshotDate,
  worker,
  renewed_at: now.toISOString(),
  expires_at: after(now, LEASE_SECONDS).toISOString(),
  released_at: null,
});

/** @returns `undefined` where the lease is not the one expected */
async function tryToWrite(
  store: Store,
  record: LeaseRecord,
  expected: ObjectInfo | undefined,
): Promise<ObjectInfo | undefined> {
  try {
    return await putDocument(store, leaseKey(record.instance_id), record, unchanged(expected));
  } catch (error) {
    if (error instanceof PreconditionFailed) return undefined;
    throw error;
  }
}

const renewed = (record: LeaseRecord, now: Date): LeaseRecord => ({
  ...record,
  renewed_at: now.toISOString(),
  expires_at: after(now, LEASE_SECONDS).toISOString(),
});

function keepLease(store: Store, first: Document<LeaseRecord>, clock: Clock): Lease {
  let { value, info } = first;
  const replace = async (next: LeaseRecord): Promise<boolean> => {
    const written = await tryToWrite(store, next, info);
    if (!written) return false;
    info = written;
    value = next;
    return true;
  };
  return {
    async renew() {
      const now = clock();
      if (now < after(new Date(value.renewed_at), RENEW_AFTER_SECONDS)) return;
      for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
        if (await replace(renewed(value, now))) return;
        const there = await readLease(store, value.instance_id);
        if (there?.value.run_id !== value.run_id || there.value.released_at !== null) break;
        info = there.info;
      }
      throw new Overtaken('the lease of this instance has passed to another worker');
    },
    async release() {
      await replace({ ...value, released_at: clock().toISOString() });
    },
  };
}

/**
 * Takes the instance's lease for a run, where no other run holds it. A run may always take its own:
 * a worker that was killed cannot give it back, and workers of one run are told apart by its state.
 *
 * @returns the lease, or the record of the run that holds it
 */
export async function takeLease(
  store: Store,
  run: Run,
  worker: string,
  clock: Clock,
): Promise<{ lease: Lease } | { heldBy: LeaseRecord }> {
  let before: Document<LeaseRecord> | undefined;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    before = await readLease(store, run.instanceId);
    const now = clock();
    if (before && before.value.run_id !== run.runId && isLive(before.value, now)) {
      return { heldBy: before.value };
    }
    const record = recordFor(run, worker, now);
    const info = await tryToWrite(store, record, before?.info);
    if (info) return { lease: keepLease(store, { value: record, info }, clock) };
  }
  throw new Overtaken('other workers keep taking the lease of this instance');
}

/** Releases the lease of a run that is over for now, whichever of its workers took it last. */
export async function releaseLeft(store: Store, run: RunKey, clock: Clock): Promise<void> {
  const left = await readLease(store, run.instanceId);
  if (left?.value.run_id !== run.runId || left.value.released_at !== null) return;
  await keepLease(store, left, clock).release();
}
