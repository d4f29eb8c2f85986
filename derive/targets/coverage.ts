import * as z from 'zod/mini';
import type { Manifest } from '../../contract/manifest.ts';
import { rowSchema } from '../../contract/row.ts';
import type { Target } from '../../contract/target.ts';
import { isForeign } from '../../export/files/first-line.ts';
import { fromLine } from '../../export/files/ndjson.ts';
import type { Store } from '../../export/ports.ts';
import { notAsDescribed, snapshotReader } from '../published.ts';

/** How many agents of a snapshot a target counts. */
export interface Covered {
  readonly target: Target;
  readonly agents: number;
}

const heldSchema = z.object({ proficiencies: rowSchema.shape.proficiencies });

interface Counter {
  readonly target: Target;
  agents: number;
}

const keyOf = (one: Pick<Target, 'attribute_name' | 'attribute_value'>): string =>
  JSON.stringify([one.attribute_name, one.attribute_value]);

/** By name and value: a proficiency is about the targets of one of them. */
function countersOf(targets: readonly Target[]): Map<string, Counter[]> {
  const counters = new Map<string, Counter[]>();
  for (const target of targets) {
    const key = keyOf(target);
    counters.set(key, [...(counters.get(key) ?? []), { target, agents: 0 }]);
  }
  return counters;
}

/**
 * Counts, for each target, the agents of a published snapshot that have the proficiency at its level or above.
 *
 * The snapshot is read once, and not at all where there is no target. Memory grows with the targets, not with the users.
 *
 * @throws ExportFailure DamagedRun where the snapshot is not what its manifest describes
 */
export async function countCovered(
  store: Store,
  manifest: Manifest,
  targets: readonly Target[],
): Promise<readonly Covered[]> {
  if (targets.length === 0) return [];
  const counters = countersOf(targets);
  for await (const { line } of snapshotReader(store, manifest)()) {
    for (const held of proficienciesIn(store, manifest, line)) {
      for (const counter of counters.get(keyOf(held)) ?? []) {
        if (held.level >= counter.target.minimum_level) counter.agents += 1;
      }
    }
  }
  return [...counters.values()].flat();
}

function proficienciesIn(store: Store, manifest: Manifest, line: string) {
  try {
    return heldSchema.parse(fromLine(line)).proficiencies;
  } catch (error) {
    if (!isForeign(error)) throw error;
    throw notAsDescribed(store, manifest, 'one of its rows is of another kind');
  }
}
