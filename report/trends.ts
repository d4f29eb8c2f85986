import { byNameThenValue, keyOf } from '../contract/proficiency-order.ts';
import type { Coverage, NetChange } from './facts.ts';

/** How many agents had a proficiency, snapshot by snapshot. */
export interface Trend {
  readonly attribute_name: string;
  readonly attribute_value: string;
  /** One number for each date. */
  readonly agents: readonly number[];
}

export interface Trends {
  /** Two at least, the oldest first. */
  readonly dates: readonly string[];
  /** By attribute, then value, as coverage is. */
  readonly lines: readonly Trend[];
  /** Whether they begin with the first snapshot. Where not, the one that they begin with has not been compared with the one before it. */
  readonly isWhole: boolean;
}

/** Back from the last date: before a change there were as many fewer as it brought. */
function agentsOn(
  dates: readonly string[],
  last: number,
  netOn: ReadonlyMap<string, number>,
): readonly number[] {
  const agents = [last];
  for (const date of dates.slice(1).toReversed()) {
    agents.unshift((agents[0] ?? 0) - (netOn.get(date) ?? 0));
  }
  return agents;
}

/**
 * How coverage came to be what it is, worked out from what changed: no snapshot but the last one is looked at.
 *
 * @param dates of the snapshots, the oldest first; each but the first has been compared with the one before it
 * @param coverage on the last date
 * @param netChanges of all these dates
 */
export function trendsOf(
  dates: readonly string[],
  coverage: readonly Coverage[],
  netChanges: readonly NetChange[],
): Omit<Trends, 'isWhole'> {
  const netByProficiency = new Map<string, Map<string, number>>();
  for (const change of netChanges) {
    const key = keyOf(change);
    const byDate = netByProficiency.get(key) ?? new Map<string, number>();
    netByProficiency.set(key, byDate.set(change.snapshot_date, change.net));
  }
  const now = new Map(coverage.map((line) => [keyOf(line), line.agents]));
  const all = new Map([...netChanges, ...coverage].map((line) => [keyOf(line), line]));
  const lines = [...all].map(([key, { attribute_name, attribute_value }]) => ({
    attribute_name,
    attribute_value,
    agents: agentsOn(dates, now.get(key) ?? 0, netByProficiency.get(key) ?? new Map()),
  }));
  return { dates, lines: lines.toSorted(byNameThenValue) };
}
