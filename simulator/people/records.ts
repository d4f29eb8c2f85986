import type { Proficiency } from '../../contract/row.ts';
import { ABOUT, fraction, randomStream } from '../random.ts';
import { timeOn } from './calendar.ts';
import { applyChange, type Event } from './changes.ts';
import { manyProficiencies, type Name, name, username, usualProficiencies } from './people.ts';

/** A user as ListUsers and DescribeUser know it. */
export interface SimulatedUser {
  readonly id: string;
  readonly username: string;
  readonly name: Name;
  readonly modifiedAt: Date;
}

/** What ListUserProficiencies knows of a user; without proficiencies there is no time and no Region. */
export interface SimulatedProficiencies {
  /** In the order in which Connect gives them, which is none. */
  readonly proficiencies: readonly Proficiency[];
  readonly modifiedAt?: Date;
  readonly modifiedRegion?: string;
}

/** One user's number and history. */
export interface Life {
  readonly seed: number;
  readonly index: number;
  /** The day of its creation. */
  readonly born: number;
  readonly events: readonly Event[];
}

const SHARE_CHANGED_IN_REPLICA = 0.02;

/** Whether the user is still there. */
export const isAlive = ({ events }: Life): boolean =>
  !events.some(({ change }) => change === 'deleted');

/** What ListUsers knows of a user by now. */
export function userRecord(id: string, life: Life): SimulatedUser {
  const { seed, index, born, events } = life;
  const namedOn = events.findLast(({ change }) => change === 'renamed')?.day ?? born;
  const called = name(randomStream(seed, index, namedOn, ABOUT.name));
  return {
    id,
    username: username(randomStream(seed, index, ABOUT.login), called, index.toString(36)),
    name: called,
    modifiedAt: changedAt(namedOn, life, ABOUT.userTime),
  };
}

/**
 * What ListUserProficiencies knows of a user by now.
 *
 * @param hasMany whether there were more than one page of them at first
 */
export function proficienciesRecord(life: Life, hasMany: boolean): SimulatedProficiencies {
  const { seed, index, born, events } = life;
  const random = randomStream(seed, index, ABOUT.skills);
  let proficiencies: readonly Proficiency[] = (hasMany ? manyProficiencies : usualProficiencies)(
    random,
  );
  let changedOn = born;
  for (const { day, change } of events) {
    const chance = randomStream(seed, index, day, ABOUT.changedSkill);
    const after = applyChange(change, proficiencies, chance);
    if (after !== proficiencies) changedOn = day;
    proficiencies = after;
  }
  if (proficiencies.length === 0) return { proficiencies };
  const isReplica = fraction(seed, index, ABOUT.region) < SHARE_CHANGED_IN_REPLICA;
  return {
    proficiencies,
    modifiedAt: changedAt(changedOn, life, ABOUT.skillTime),
    modifiedRegion: isReplica ? 'us-west-2' : 'us-east-1',
  };
}

const changedAt = (day: number, { seed, index }: Life, about: number): Date =>
  timeOn(day, fraction(seed, index, day, about));
