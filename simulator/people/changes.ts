import type { Proficiency } from '../../contract/row.ts';
import { ABOUT, between, fraction, type Random } from '../random.ts';
import { anotherProficiency, level } from './people.ts';

/** What may happen to a user on one day. */
export type Change = 'deleted' | 'renamed' | 'skillAdded' | 'skillRemoved' | 'levelChanged';

/** New users a day, as a share of the first day's; at least one. */
export const SHARE_CREATED = 0.005;

/** How often each change happens to a user on a day: about 4 % of all users are touched. */
const CHANGES: ReadonlyArray<readonly [Change, number]> = [
  ['deleted', 0.004],
  ['renamed', 0.006],
  ['skillAdded', 0.008],
  ['skillRemoved', 0.008],
  ['levelChanged', 0.014],
];

/** A change and its day. */
export interface Event {
  readonly day: number;
  readonly change: Change;
}

/** What has happened to a user from the day after its creation until `day`, the oldest first. */
export function changesUntil(seed: number, index: number, born: number, day: number): Event[] {
  const events: Event[] = [];
  for (let today = born + 1; today <= day; today++) {
    const change = changeOn(seed, index, today);
    if (change !== undefined) events.push({ day: today, change });
  }
  return events;
}

function changeOn(seed: number, index: number, day: number): Change | undefined {
  let left = fraction(seed, index, day, ABOUT.change);
  for (const [change, share] of CHANGES) {
    if (left < share) return change;
    left -= share;
  }
  return undefined;
}

/** The proficiencies after a change; the same array where the change is not about proficiencies. */
export function applyChange(
  change: Change,
  before: readonly Proficiency[],
  random: Random,
): readonly Proficiency[] {
  const chosen = between(random, 0, before.length - 1);
  switch (change) {
    case 'skillAdded':
      return [...before, anotherProficiency(random, before)];
    case 'skillRemoved':
      return before.length === 0 ? before : before.filter((_, index) => index !== chosen);
    case 'levelChanged':
      return before.length === 0
        ? before
        : before.map((one, i) => (i === chosen ? otherLevel(one, random) : one));
    default:
      return before;
  }
}

function otherLevel(proficiency: Proficiency, random: Random): Proficiency {
  const next = level(random);
  return { ...proficiency, level: next === proficiency.level ? (next % 5) + 1 : next };
}
