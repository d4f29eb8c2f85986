import type { Store } from '../ports.ts';
import { readLease } from '../run/lease.ts';
import { readPublished } from './visible.ts';

/**
 * The run of an instance that was begun last, where it has neither published nor been overtaken by a
 * newer one; `undefined` where there is nothing to go on with.
 */
export async function unfinishedRun(store: Store, instanceId: string): Promise<string | undefined> {
  const lease = await readLease(store, instanceId);
  if (!lease) return undefined;
  const { run_id, snapshot_date } = lease.value;
  const { manifest } = await readPublished(store, instanceId, snapshot_date);
  const settled = manifest !== undefined && manifest.value.run_id >= run_id;
  return settled ? undefined : run_id;
}
