import { ABOUT, fraction, hash, hashText, pick, type Random } from '../random.ts';
import { timeOn } from './calendar.ts';
import { uuid } from './user-ids.ts';
import { DEPARTMENTS, SHIFTS, SITES, STANDBY, TEAMS, TECHNICAL_SUPPORT } from './vocabulary.ts';

/** A group of Connect's agent hierarchy. Names are unique among its siblings only. */
export interface HierarchyGroup {
  readonly id: string;
  readonly name: string;
  /** From 1, the sites, to 5; 0 is the group that Connect itself puts above them. */
  readonly level: number;
  /** The groups above, from level 1 on. */
  readonly parents: readonly HierarchyGroup[];
  readonly children: readonly HierarchyGroup[];
  readonly modifiedAt: Date;
}

/** The groups from level 1 down to a group itself. */
export const pathOf = (group: HierarchyGroup): readonly HierarchyGroup[] =>
  group.level === 0 ? [] : [...group.parents, group];

/** A group and all below it. */
export const withDescendants = (group: HierarchyGroup): HierarchyGroup[] => [
  group,
  ...group.children.flatMap(withDescendants),
];

/** The names of the groups below one that is called and lies like this. */
function namesBelow({ name, level, parents }: HierarchyGroup): readonly string[] {
  switch (level) {
    case 0:
      return SITES;
    case 1:
      return DEPARTMENTS;
    case 2:
      return TEAMS;
    case 3:
      return parents.at(-1)?.name === TECHNICAL_SUPPORT ? SHIFTS : [];
    case 4:
      return name === SHIFTS.at(-1) ? [STANDBY] : [];
    default:
      return [];
  }
}

/** The hierarchy of a seed's instance: the group above all sites, which "is not user-definable, nor is it visible". */
export function createHierarchy(seed: number): HierarchyGroup {
  const grow = (name: string, parent?: HierarchyGroup): HierarchyGroup => {
    const level = parent === undefined ? 0 : parent.level + 1;
    const parents = parent === undefined ? [] : pathOf(parent);
    const place = hashText([...parents.map((above) => above.name), name].join('/'));
    const children: HierarchyGroup[] = [];
    const group: HierarchyGroup = {
      id: uuid(hash(seed, place, ABOUT.hierarchyGroup), seed, place, ABOUT.hierarchyGroup),
      name,
      level,
      parents,
      children,
      modifiedAt: timeOn(0, fraction(seed, place, ABOUT.hierarchyGroup)),
    };
    for (const below of namesBelow(group)) children.push(grow(below, group));
    return group;
  };
  return grow('Root');
}

/** How many of those who belong to a group of a level or below belong to the group itself; of level 0, those without a group. */
const SHARE_STAYING = [0.04, 0.01, 0.05, 0.15, 0.7];

const SKEW = 1.4;

/** The group in which somebody works, or the one of level 0 for nobody's. */
export function pickGroup(random: Random, root: HierarchyGroup): HierarchyGroup {
  let group = root;
  while (group.children.length > 0 && random() >= (SHARE_STAYING[group.level] ?? 1)) {
    group = pick(random, group.children, SKEW);
  }
  return group;
}
