import { keyOf } from '../contract/proficiency-order.ts';
import type { Change, Facts, TargetResult } from './facts.ts';

/** What a loss has led to, the worst first. */
const CONSEQUENCES = ['nobody left', 'target missed', 'none'] as const;

export interface WeighedChange extends Change {
  /**
   * `nobody left`: the proficiency is gone, and no agent has it any more. `target missed`: the agent no longer counts
   * towards a coverage target, and too few others do.
   */
  readonly consequence: (typeof CONSEQUENCES)[number];
}

const levelBefore = ({ level_before }: Change): number => level_before ?? 0;
const levelAfter = ({ level_after }: Change): number => level_after ?? 0;

const sizeOf = (change: Change): number => Math.abs(levelAfter(change) - levelBefore(change));

/** Whether an agent has learned something, or has come to a higher level. */
export const isGain = (change: Change): boolean => levelAfter(change) > levelBefore(change);

/** Whether the change took an agent away from those who count towards a target that is not met. */
const isMissedBy = (target: TargetResult, change: Change): boolean =>
  target.gap > 0 &&
  target.attribute_name === change.attribute_name &&
  target.attribute_value === change.attribute_value &&
  levelBefore(change) >= target.minimum_level &&
  levelAfter(change) < target.minimum_level;

/** What a report's snapshot shows, as far as changes are weighed by it. */
type Weights = Pick<Facts, 'coverage' | 'againstTargets'>;

/** The consequences of changes, as the snapshot after them shows it. */
function consequenceIn({ coverage, againstTargets }: Weights) {
  const held = new Set(coverage.map(keyOf));
  return (change: Change): WeighedChange['consequence'] => {
    if (change.change === 'removed' && !held.has(keyOf(change))) return 'nobody left';
    return againstTargets.lines.some((target) => isMissedBy(target, change))
      ? 'target missed'
      : 'none';
  };
}

/** What is to be known first: the worst consequence, then the largest step, then a loss before a gain. */
const byWeight = (one: WeighedChange, other: WeighedChange): number =>
  CONSEQUENCES.indexOf(one.consequence) - CONSEQUENCES.indexOf(other.consequence) ||
  sizeOf(other) - sizeOf(one) ||
  Number(isGain(one)) - Number(isGain(other));

/**
 * Changes in the order in which they are worth knowing; those of equal weight stay in the order in which they are given.
 *
 * @param weights what the snapshot after the changes shows
 */
export function weighedChanges(
  changes: readonly Change[],
  weights: Weights,
): readonly WeighedChange[] {
  const consequenceOf = consequenceIn(weights);
  return changes
    .map((change) => ({ ...change, consequence: consequenceOf(change) }))
    .toSorted(byWeight);
}
