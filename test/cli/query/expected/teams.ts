import type { PublishedWorld, WorldUser } from '../../../support/published-world.ts';
import { type Among, groups, type Line, latest, round1, sorted } from './lines.ts';

export interface WantedOfTeams extends Pick<Among, 'routingProfile'> {
  readonly name: string;
  /** Absent: every value that somebody has. */
  readonly value?: string;
  readonly level: number;
  /** Down to which level of the hierarchy a team is told from others. */
  readonly depth: number;
}

const teamOf = ({ details }: WorldUser, depth: number): string | null =>
  details?.hierarchy?.slice(0, depth).join(' / ') || null;

export const coverageByTeam = (world: PublishedWorld, wanted: WantedOfTeams): Line[] =>
  sorted(
    groups(latest(world, wanted), ({ instanceId }) => instanceId).flatMap((all) => {
      const held = all.filter(({ name }) => name === wanted.name);
      const values = wanted.value === undefined ? held.map(({ value }) => value) : [wanted.value];
      const teams = groups(all, ({ user }) => teamOf(user, wanted.depth));
      return [...new Set(values)].flatMap((value) =>
        teams.map((members): Line => {
          const levels = members
            .filter((line) => line.name === wanted.name && line.value === value)
            .map(({ level }) => level ?? 0);
          const [first] = members;
          return [
            value,
            first ? teamOf(first.user, wanted.depth) : null,
            new Set(members.map(({ user }) => user.id)).size,
            levels.length,
            levels.filter((level) => level >= wanted.level).length,
            levels.length === 0
              ? null
              : round1(levels.reduce((sum, level) => sum + level, 0) / levels.length),
            first?.instanceId ?? null,
            first?.date ?? null,
          ];
        }),
      );
    }),
    1,
    5,
    2,
    7,
  );
