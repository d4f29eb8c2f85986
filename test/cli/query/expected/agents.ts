import type { PublishedWorld } from '../../../support/published-world.ts';
import type { Wanted } from './latest.ts';
import { type Among, asTimestamp, groups, type Held, type Line, latest, sorted } from './lines.ts';

const levelOf = ({ user }: Held, { name, value, level }: Wanted): number | undefined =>
  user.proficiencies.find(
    (one) => one.attribute_name === name && one.attribute_value === value && one.level >= level,
  )?.level;

/** One line of each user that the newest snapshots have. */
const users = (world: PublishedWorld, among?: Among): Held[] =>
  groups(latest(world, among), ({ instanceId, user }) => [instanceId, user.id]).flatMap(
    ([first]) => first ?? [],
  );

export const agentsWithBoth = (
  world: PublishedWorld,
  [first, second]: readonly [Wanted, Wanted],
  among?: Among,
): Line[] =>
  sorted(
    users(world, among).flatMap((one): Line[] => {
      const [level, otherLevel] = [levelOf(one, first), levelOf(one, second)];
      if (level === undefined || otherLevel === undefined) return [];
      const { user, instanceId, date } = one;
      return [[user.username ?? null, level, otherLevel, user.id, instanceId, date]];
    }),
    -2,
    -3,
    1,
    4,
    5,
  );

const DAY_MS = 86_400_000;

const daysBetween = (earlier: string, later: string): number =>
  (Date.parse(later) - Date.parse(earlier.slice(0, 'yyyy-mm-dd'.length))) / DAY_MS;

export const agentsUnchangedSince = (world: PublishedWorld, days: number, among?: Among): Line[] =>
  sorted(
    users(world, among).flatMap(({ user, instanceId, date }): Line[] => {
      const unchanged = user.changedAt === undefined ? null : daysBetween(user.changedAt, date);
      if (unchanged !== null && unchanged < days) return [];
      return [
        [
          user.username ?? null,
          unchanged,
          asTimestamp(user.changedAt ?? null),
          user.proficiencies.length,
          user.id,
          instanceId,
          date,
        ],
      ];
    }),
    -2,
    1,
    5,
    6,
  );
