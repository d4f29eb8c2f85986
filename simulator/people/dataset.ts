import type { Proficiency } from '../../contract/row.ts';
import { ABOUT, fraction, hash } from '../random.ts';
import { changesUntil, SHARE_CREATED } from './changes.ts';
import { createHierarchy } from './hierarchy.ts';
import { type Placement, placementOn, type Workplaces } from './placements.ts';
import { createPredefinedAttributes, type PredefinedAttribute } from './predefined-attributes.ts';
import {
  isAlive,
  type Life,
  proficienciesRecord,
  type SimulatedProficiencies,
  type SimulatedUser,
  userRecord,
} from './records.ts';
import { createRoutingProfiles } from './routing-profiles.ts';
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

/** Everything an export should find out about a user. */
interface Truth {
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
  /** Whether there is a user with this number, neither deleted nor yet to be created. */
  exists(index: number): boolean;
  /** The user with this number, or `undefined` where there is none. */
  user(index: number): SimulatedUser | undefined;
  /** That user's proficiencies, or `undefined` likewise. */
  proficiencies(index: number): SimulatedProficiencies | undefined;
  /** Where that user works, or `undefined` likewise. */
  placement(index: number): Placement | undefined;
  /** Where one can work, whether or not anybody does. */
  readonly workplaces: Workplaces;
  /** The attributes that are defined, whether or not anybody has them. */
  readonly predefinedAttributes: readonly PredefinedAttribute[];
  /** The number that a user with this id has or would have, or `undefined` where it is no user's id. */
  indexOf(id: string): number | undefined;
  /** The users that exist. Takes a walk over all of them, once. */
  count(): number;
  /** What a complete and correct export contains, in the order of ListUsers. */
  truth(): Iterable<Truth>;
}

/**
 * The users of an instance on a day.
 *
 * @throws RangeError where a number of users or days is none
 */
export function createDataset(options: DatasetOptions = {}): Dataset {
  const { seed = 1, users = 500, day = 0, manyProficienciesShare = 0 } = options;
  checkCount('users', users);
  checkCount('day', day);
  const ids = createUserIds(seed);
  const createdDaily = Math.max(1, Math.round(users * SHARE_CREATED));
  const end = users + day * createdDaily;

  const lifeOf = (index: number): Life => {
    const born = index < users ? 0 : Math.floor((index - users) / createdDaily) + 1;
    return { seed, index, born, events: changesUntil(seed, index, born, day) };
  };

  const exists = (life: Life): boolean => life.index < end && isAlive(life);

  const workplaces: Workplaces = {
    hierarchy: createHierarchy(seed),
    routingProfiles: createRoutingProfiles(seed),
  };

  const dataset: Dataset = {
    instanceId: uuid(hash(seed, ABOUT.instanceId), seed, ABOUT.instanceId),
    end,
    exists: (index) => exists(lifeOf(index)),
    user(index) {
      const life = lifeOf(index);
      return exists(life) ? userRecord(ids.idOf(index), life) : undefined;
    },
    proficiencies(index) {
      const life = lifeOf(index);
      const hasMany = fraction(seed, index, ABOUT.many) < manyProficienciesShare;
      return exists(life) ? proficienciesRecord(life, hasMany) : undefined;
    },
    placement(index) {
      const life = lifeOf(index);
      return exists(life) ? placementOn(day, life, workplaces) : undefined;
    },
    workplaces,
    predefinedAttributes: createPredefinedAttributes(seed, manyProficienciesShare > 0),
    indexOf: (id) => ids.indexOf(id),
    count: () => (counted ??= countUsers(dataset)),
    truth: () => truth(dataset),
  };
  let counted = day === 0 ? users : undefined;
  return dataset;
}

function checkCount(name: string, value: number): void {
  if (Number.isInteger(value) && value >= 0) return;
  throw new RangeError(
    `A simulated instance cannot have ${name} ${value}: use a whole number from 0.`,
  );
}

function countUsers({ end, exists }: Dataset): number {
  let users = 0;
  for (let index = 0; index < end; index++) if (exists(index)) users += 1;
  return users;
}

function* truth(dataset: Dataset): Generator<Truth> {
  for (let index = 0; index < dataset.end; index++) {
    const user = dataset.user(index);
    const record = dataset.proficiencies(index);
    if (user === undefined || record === undefined) continue;
    const { proficiencies, modifiedAt, modifiedRegion } = record;
    yield {
      userId: user.id,
      username: user.username,
      userModifiedAt: user.modifiedAt,
      proficiencies,
      ...(modifiedAt && { proficienciesModifiedAt: modifiedAt }),
      ...(modifiedRegion && { proficienciesModifiedRegion: modifiedRegion }),
    };
  }
}
