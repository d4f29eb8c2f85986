import { ExportFailure } from '../../lambda/contract/failure.ts';
import { MANIFESTS_PREFIX, SNAPSHOTS_PREFIX, snapshotKey } from '../../lambda/contract/keys.ts';
import { manifestSchema } from '../../lambda/contract/manifest.ts';
import { getDocument } from '../../lambda/export/files/json.ts';
import type { Store } from '../../lambda/export/ports.ts';
import { verifySnapshot } from './snapshot.ts';

/** One snapshot, looked at. */
export interface Verdict {
  readonly uri: string;
  /** Rows, as the manifest says. */
  readonly rows: number;
  /** What is wrong with it; empty where nothing is. */
  readonly problems: readonly string[];
}

async function keysUnder(store: Store, prefix: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const key of store.list(prefix)) keys.push(key);
  return keys.sort();
}

async function verdictOn(store: Store, manifestKey: string): Promise<Verdict & { key?: string }> {
  try {
    const manifest = await getDocument(store, manifestKey, manifestSchema);
    if (!manifest) return { uri: store.uri(manifestKey), rows: 0, problems: ['it has just gone'] };
    const { instance_id, snapshot_date, snapshot } = manifest.value;
    const key = snapshotKey(instance_id, snapshot_date);
    const problems = await verifySnapshot(store, manifest.value);
    return { key, uri: store.uri(key), rows: snapshot.rows, problems };
  } catch (error) {
    if (!(error instanceof ExportFailure) || error.name !== 'DamagedRun') throw error;
    return { uri: store.uri(manifestKey), rows: 0, problems: [error.message] };
  }
}

/** Verifies every snapshot of a store against its manifest, oldest key first. */
export async function* verifyStore(store: Store): AsyncGenerator<Verdict> {
  const described = new Set<string | undefined>();
  for (const manifestKey of await keysUnder(store, MANIFESTS_PREFIX)) {
    const { key, ...verdict } = await verdictOn(store, manifestKey);
    described.add(key);
    yield verdict;
  }
  for (const key of await keysUnder(store, SNAPSHOTS_PREFIX)) {
    if (described.has(key)) continue;
    const problems = ['it has no manifest: its run was cut off; export again with --resume'];
    yield { uri: store.uri(key), rows: 0, problems };
  }
}
