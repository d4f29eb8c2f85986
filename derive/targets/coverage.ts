import * as z from 'zod/mini';
import type { Manifest } from '../../contract/manifest.ts';
import { byNameThenValue, keyOf } from '../../contract/proficiency-order.ts';
import { rowSchema } from '../../contract/row.ts';
import { type Coverage, MOST_GAPS, MOST_PROBLEMS } from '../../contract/snapshot-published.ts';
import type { Target, Targets } from '../../contract/target.ts';
import { isForeign } from '../../export/files/first-line.ts';
import { fromLine } from '../../export/files/ndjson.ts';
import type { Store } from '../../export/ports.ts';
import { notAsDescribed, snapshotReader } from '../published.ts';

const heldSchema = z.object({ proficiencies: rowSchema.shape.proficiencies });

/** How many agents meet a target. */
interface Counter {
  readonly target: Target;
  agents: number;
}

/** By name and value: a proficiency is about the targets of one of them. */
function countersOf(targets: readonly Target[]): Map<string, Counter[]> {
  const counters = new Map<string, Counter[]>();
  for (const target of targets) {
    const key = keyOf(target);
    counters.set(key, [...(counters.get(key) ?? []), { target, agents: 0 }]);
  }
  return counters;
}

/** Counts, for each target, the agents that have the proficiency at its level or above. Memory grows with the targets, not with the users. */
async function count(
  store: Store,
  manifest: Manifest,
  targets: readonly Target[],
): Promise<readonly Counter[]> {
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

const missing = ({ target, agents }: Counter): number => target.minimum_agents - agents;

const byGap = (a: Counter, b: Counter): number =>
  missing(b) - missing(a) ||
  byNameThenValue(a.target, b.target) ||
  a.target.minimum_level - b.target.minimum_level;

/**
 * Compares a published snapshot with targets. It is read once, and not at all where there is no target.
 *
 * @throws ExportFailure DamagedRun where the snapshot is not what its manifest describes
 */
export async function coverageOf(
  store: Store,
  manifest: Manifest,
  { targets, problems }: Targets,
): Promise<Coverage> {
  const counters = targets.length === 0 ? [] : await count(store, manifest, targets);
  const gaps = counters.filter((counter) => missing(counter) > 0).toSorted(byGap);
  return {
    targetCount: targets.length,
    gapCount: gaps.length,
    gaps: gaps.slice(0, MOST_GAPS).map(({ target, agents }) => ({
      attributeName: target.attribute_name,
      attributeValue: target.attribute_value,
      minimumLevel: target.minimum_level,
      minimumAgents: target.minimum_agents,
      agents,
    })),
    problemCount: problems.length,
    problems: problems
      .slice(0, MOST_PROBLEMS)
      .map(({ line_number, problem }) => ({ line: line_number, problem })),
  };
}
