import type { PublishedWorld, WorldTarget } from '../../../support/published-world.ts';
import { groups, type Held, type Line, latest, sorted } from './lines.ts';

/** What is asked of those whom no target names, and how many are named. */
export interface Training {
  readonly candidates: number;
  readonly agents: number;
  readonly level: number;
  readonly limit: number;
}

const isOf = (target: WorldTarget, { name, value }: Held): boolean =>
  name === target.attribute_name && value === target.attribute_value;

/** A target for everything that somebody has and no target names. */
function withoutTarget(
  all: readonly Held[],
  targets: readonly WorldTarget[],
  { agents, level }: Training,
): WorldTarget[] {
  const others = all.filter((one) => !targets.some((target) => isOf(target, one)));
  return groups(others, ({ name, value }) => [name, value]).flatMap(([first]) =>
    first?.name == null || first.value === null
      ? []
      : [
          {
            attribute_name: first.name,
            attribute_value: first.value,
            minimum_level: level,
            minimum_agents: agents,
          },
        ],
  );
}

/** Those who might be trained, the nearest first. */
const candidatesFor = (target: WorldTarget, all: readonly Held[], limit: number): Line[] =>
  sorted(
    groups(all, ({ user }) => user.id).flatMap((lines): Line[] => {
      const level = lines.find((line) => isOf(target, line))?.level ?? null;
      const [first] = lines;
      const count = first?.user.proficiencies.length ?? 0;
      const isCandidate = level === null ? count < limit : level < target.minimum_level;
      return isCandidate && first
        ? [[first.user.username ?? null, level, count, first.user.id]]
        : [];
    }),
    -2,
    3,
    1,
    4,
  );

export const agentsToTrainNext = (
  world: PublishedWorld,
  targets: readonly WorldTarget[],
  asked: Training,
): Line[] =>
  sorted(
    groups(latest(world), ({ instanceId }) => instanceId).flatMap((all) =>
      [...targets, ...withoutTarget(all, targets, asked)].flatMap((target) => {
        const { attribute_name, attribute_value, minimum_level, minimum_agents } = target;
        const able = all.filter((one) => isOf(target, one) && (one.level ?? 0) >= minimum_level);
        if (able.length >= minimum_agents) return [];
        return candidatesFor(target, all, asked.limit)
          .slice(0, asked.candidates)
          .map(
            (candidate, index): Line => [
              attribute_name,
              attribute_value,
              minimum_level,
              minimum_agents,
              able.length,
              minimum_agents - able.length,
              index + 1,
              ...candidate,
              all[0]?.instanceId ?? null,
              all[0]?.date ?? null,
            ],
          );
      }),
    ),
    -6,
    1,
    2,
    3,
    12,
    7,
  );
