import type { Proficiency } from '../../lambda/contract/row.ts';
import { applyChange, changeOn, SHARE_CREATED } from './changes.ts';
import { manyProficiencies, type Name, name, username, usualProficiencies } from './people.ts';
import { fraction, hash, randomStream } from './random.ts';
import { createUserIds, uuid } from './user-ids.ts';

/** What makes a simulated instance; the same options always make the same one. */
export interface DatasetOptions {
  /** Any whole number; another seed, other people. Default 1. */
  readonly seed?: number;
  /** Users on day 0. Default 500, Connect's default limit per instance. */
  readonly users?: number;
  /** How many days have passed: each one touches about 4 % of the users. Default 0. */
  readonly day?: number;
  /** Share of users with 101 to 250 proficiencies, which take more than one page. From 0 to 1; default 0. */
  readonly manyProficienciesShare?: number;
}

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

/** Everything an export should find out about a user. */
export interface Truth {
  readonly userId: string;
  readonly username: string;
  readonly userModifiedAt: Date;
  readonly proficiencies: readonly Proficiency[];
  readonly proficienciesModifiedAt?: Date;
  readonly proficienciesModifiedRegion?: string;
}

/**
 * The users of an instance. They are made up when asked for and not kept, so that a million of them
 * takes no more memory than one.
 */
export interface Dataset {
  readonly instanceId: string;
  /** All numbers of users are below this; some belong to users that were deleted. */
  readonly end: number;
  /** The user with this number, or `undefined` where it was deleted. */
  user(index: number): SimulatedUser | undefined;
  proficiencies(index: number): SimulatedProficiencies;
  /** The number of the user with this id, or `undefined` where there never was one. */
  indexOf(id: string): number | undefined;
  /** The users that exist. Takes a walk over all of them, once. */
  count(): number;
  /** What a complete and correct export contains, in the order of ListUsers. */
  truth(): Iterable<Truth>;
}

const DAY_MS = 86_400_000;

/** Day 0 ends here: whatever is older than the first change lies in the year before. */
const DAY_ZERO = Date.UTC(2026, 0, 1);

/** Purposes of chance, so that one draw does not depend on another. */
const ABOUT = { name: 1, login: 2, userTime: 3, skills: 4, skillTime: 5, region: 6, many: 7 };

export function createDataset(options: DatasetOptions = {}): Dataset {
  const { seed = 1, users = 500, day = 0, manyProficienciesShare = 0 } = options;
  const ids = createUserIds(seed);
  const createdDaily = Math.max(1, Math.round(users * SHARE_CREATED));
  const end = users + day * createdDaily;
  const bornOn = (index: number): number =>
    index < users ? 0 : Math.floor((index - users) / createdDaily) + 1;

  const timeOf = (onDay: number, index: number, about: number): Date => {
    const since = fraction(seed, index, onDay, about);
    return new Date(
      onDay === 0
        ? DAY_ZERO - Math.ceil(since * 365 * DAY_MS)
        : DAY_ZERO + Math.floor((onDay + since) * DAY_MS),
    );
  };

  function user(index: number): SimulatedUser | undefined {
    let changedOn = bornOn(index);
    let namedOn = changedOn;
    for (let today = changedOn + 1; today <= day; today++) {
      const change = changeOn(seed, index, today);
      if (change === 'deleted') return undefined;
      if (change === 'renamed') namedOn = changedOn = today;
    }
    const called = name(randomStream(seed, index, namedOn, ABOUT.name));
    return {
      id: ids.idOf(index),
      username: username(randomStream(seed, index, ABOUT.login), called, index.toString(36)),
      name: called,
      modifiedAt: timeOf(changedOn, index, ABOUT.userTime),
    };
  }

  function proficiencies(index: number): SimulatedProficiencies {
    const random = randomStream(seed, index, ABOUT.skills);
    const many = fraction(seed, index, ABOUT.many) < manyProficienciesShare;
    let list: readonly Proficiency[] = many
      ? manyProficiencies(random)
      : usualProficiencies(random);
    let changedOn = bornOn(index);
    for (let today = changedOn + 1; today <= day; today++) {
      const change = changeOn(seed, index, today);
      const after =
        change === undefined ? list : applyChange(change, list, randomStream(seed, index, today));
      if (after !== list) changedOn = today;
      list = after;
    }
    if (list.length === 0) return { proficiencies: [] };
    return {
      proficiencies: list,
      modifiedAt: timeOf(changedOn, index, ABOUT.skillTime),
      modifiedRegion: fraction(seed, index, ABOUT.region) < 0.02 ? 'us-west-2' : 'us-east-1',
    };
  }

  function* truth(): Generator<Truth> {
    for (let index = 0; index < end; index++) {
      const known = user(index);
      if (known === undefined) continue;
      const { proficiencies: list, modifiedAt, modifiedRegion } = proficiencies(index);
      yield {
        userId: known.id,
        username: known.username,
        userModifiedAt: known.modifiedAt,
        proficiencies: list,
        ...(modifiedAt && { proficienciesModifiedAt: modifiedAt }),
        ...(modifiedRegion && { proficienciesModifiedRegion: modifiedRegion }),
      };
    }
  }

  let counted: number | undefined;
  const count = (): number => {
    if (day === 0) return users;
    if (counted === undefined) {
      counted = 0;
      for (let index = 0; index < end; index++) if (user(index) !== undefined) counted += 1;
    }
    return counted;
  };

  const indexOf = (id: string): number | undefined => {
    const index = ids.indexOf(id);
    return index !== undefined && index < end ? index : undefined;
  };

  return {
    instanceId: uuid(hash(seed), seed, -1),
    end,
    user,
    proficiencies,
    indexOf,
    count,
    truth,
  };
}
