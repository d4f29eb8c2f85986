import { ExportFailure } from '../../contract/failure.ts';
import { atWorkKey, atWorkPrefix } from '../../contract/keys.ts';
import type { Clock, SliceTools, Store } from '../ports.ts';
import type { Run } from './identity.ts';
import { isHeld } from './lease.ts';

/** A lease of another instance that cannot be read is for the run of that instance to report. */
async function isAtWork(store: Store, instanceId: string, clock: Clock): Promise<boolean> {
  try {
    return await isHeld(store, instanceId, clock);
  } catch (error) {
    if (error instanceof ExportFailure && error.name === 'DamagedRun') return false;
    throw error;
  }
}

/** Lets the runs of other instances find this one's lease: leases lie among thousands of working files. */
export async function announce({ store }: SliceTools, run: Run, region: string): Promise<void> {
  await store.put(atWorkKey(region, run.instanceId), Buffer.from(`${run.runId}\n`));
}

/** Takes an equal share of the rate with every run of another instance that holds its lease at the moment. */
export async function shareQuota(
  { store, clock, traffic }: SliceTools,
  run: Run,
  region: string,
): Promise<void> {
  const prefix = atWorkPrefix(region);
  let runs = 1;
  for await (const key of store.list(prefix)) {
    const instanceId = key.slice(prefix.length);
    if (instanceId !== run.instanceId && (await isAtWork(store, instanceId, clock))) runs++;
  }
  traffic.share(runs);
}
