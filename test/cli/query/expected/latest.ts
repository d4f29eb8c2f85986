import type { PublishedWorld, WorldTarget } from '../../../support/published-world.ts';
import {
  type Among,
  flatLine,
  groups,
  type Held,
  type Line,
  latest,
  linesOf,
  round1,
  sorted,
  who,
} from './lines.ts';

export const proficienciesFlat = (world: PublishedWorld): Line[] =>
  Object.entries(world).flatMap(([instanceId, snapshots]) =>
    snapshots.flatMap((snapshot) => linesOf(instanceId, snapshot).map(flatLine)),
  );

export const latestProficiencies = (world: PublishedWorld): Line[] => latest(world).map(flatLine);

export interface Wanted {
  readonly name: string;
  readonly value: string;
  readonly level: number;
}

export const agentsWithProficiency = (
  world: PublishedWorld,
  wanted: Wanted,
  among?: Among,
): Line[] =>
  sorted(
    latest(world, among)
      .filter(
        ({ name, value, level }) =>
          name === wanted.name && value === wanted.value && (level ?? 0) >= wanted.level,
      )
      .map(({ user, level, instanceId, date }) => [
        user.username ?? null,
        level,
        user.id,
        instanceId,
        date,
      ]),
    -2,
    1,
    3,
    4,
  );

const latestByProficiency = (world: PublishedWorld, among?: Among): Held[][] =>
  groups(
    latest(world, among).filter(({ name }) => name !== null),
    ({ instanceId, name, value }) => [instanceId, name, value],
  );

export const coverageMatrix = (world: PublishedWorld, among?: Among): Line[] =>
  sorted(
    latestByProficiency(world, among).map((holders) => {
      const all = holders.map(({ level }) => level ?? 0);
      const at = (level: number) => all.filter((one) => one >= level && one < level + 1).length;
      const average = all.reduce((sum, level) => sum + level, 0) / all.length;
      const [first] = holders;
      return [
        first?.name ?? null,
        first?.value ?? null,
        all.length,
        ...[1, 2, 3, 4, 5].map(at),
        round1(average),
        first?.instanceId ?? null,
      ];
    }),
    1,
    -3,
    2,
    10,
  );

export const singlePointsOfFailure = (
  world: PublishedWorld,
  minimumLevel: number,
  maximumAgents: number,
  among?: Among,
): Line[] =>
  sorted(
    latestByProficiency(world, among).flatMap((holders) => {
      const able = holders.filter(({ level }) => (level ?? 0) >= minimumLevel);
      const [first] = able;
      if (first === undefined || able.length > maximumAgents) return [];
      return [
        [
          first.name,
          first.value,
          able.length,
          who(able),
          holders.length - able.length,
          first.instanceId,
        ],
      ];
    }),
    3,
    1,
    2,
    6,
  );

/** Of instances that have users. */
export const coverageAgainstTargets = (
  world: PublishedWorld,
  targets: readonly WorldTarget[],
): Line[] =>
  sorted(
    groups(latest(world), ({ instanceId }) => instanceId).flatMap((all) =>
      targets.map(({ attribute_name, attribute_value, minimum_level, minimum_agents }) => {
        const holders = all.filter(
          ({ name, value }) => name === attribute_name && value === attribute_value,
        );
        const have = holders.filter(({ level }) => (level ?? 0) >= minimum_level).length;
        const short = holders.filter(({ level }) => {
          const missing = minimum_level - (level ?? 0);
          return missing > 0 && missing <= 1;
        });
        return [
          attribute_name,
          attribute_value,
          minimum_level,
          minimum_agents,
          have,
          Math.max(0, minimum_agents - have),
          short.length,
          short.length === 0 ? null : who(short),
          all[0]?.instanceId ?? null,
          all[0]?.date ?? null,
        ];
      }),
    ),
    -6,
    1,
    2,
    3,
    9,
  );

const latestUsers = (world: PublishedWorld, among?: Among): Held[][] =>
  groups(latest(world, among), ({ instanceId, user }) => [instanceId, user.id]);

export const agentsWithoutProficiencies = (world: PublishedWorld): Line[] =>
  sorted(
    latest(world)
      .filter(({ name }) => name === null)
      .map(({ user, instanceId, date }) => [
        user.username ?? null,
        user.id,
        null,
        instanceId,
        date,
      ]),
    1,
    2,
    4,
  );

export const agentsLackingProficiency = (
  world: PublishedWorld,
  wanted: Wanted,
  among?: Among,
): Line[] =>
  sorted(
    latestUsers(world, among).flatMap(([first]) => {
      if (first === undefined) return [];
      const { user, instanceId, date } = first;
      const level =
        user.proficiencies.find(
          (one) => one.attribute_name === wanted.name && one.attribute_value === wanted.value,
        )?.level ?? null;
      if (level !== null && level >= wanted.level) return [];
      return [[user.username ?? null, level, user.proficiencies.length, user.id, instanceId, date]];
    }),
    -2,
    1,
    4,
    5,
  );

export const agentsNearProficiencyLimit = (
  world: PublishedWorld,
  limit: number,
  warnAt: number,
): Line[] =>
  sorted(
    latestUsers(world).flatMap(([first]) => {
      if (first === undefined) return [];
      const { user, instanceId, date } = first;
      const count = user.proficiencies.length;
      if (count < warnAt) return [];
      return [
        [user.username ?? null, count, Math.max(0, limit - count), user.id, instanceId, date],
      ];
    }),
    -2,
    1,
    4,
    5,
  );
