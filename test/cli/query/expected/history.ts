import type { PublishedWorld, WorldSnapshot } from '../../../support/published-world.ts';
import { isTold } from './changes.ts';
import { groups, type Line, latest, linesOf, published, sorted, who } from './lines.ts';

export const agentHistory = (world: PublishedWorld, agent: string): Line[] =>
  sorted(
    Object.entries(world).flatMap(([instanceId, snapshots]) => {
      const series = published(snapshots);
      const ids = new Set(series.flatMap(({ users }) => users.map(({ id }) => id)));
      return [...ids]
        .filter((id) => id === agent || namesOf(series, id).includes(agent))
        .flatMap((id) => periods(instanceId, series, id));
    }),
    8,
    7,
    1,
    2,
    4,
  );

/** The id of the agent whose proficiencies Connect says were changed last; of several, the first id; empty where there is nobody. */
export function changedLast(world: PublishedWorld): string {
  const lines = latest(world).map(({ user }): Line => [user.changedAt ?? null, user.id]);
  return String(sorted(lines, -1, 2)[0]?.[1] ?? '');
}

/** Today's login name, and those on both sides of every change that is told: of a name switched on or off alone none is. */
function namesOf(series: readonly WorldSnapshot[], userId: string): (string | undefined)[] {
  const days = series.map(({ users }) => users.find(({ id }) => id === userId));
  const told = days.filter(
    (user, index) =>
      index === days.length - 1 ||
      isTold(user, days[index + 1]) ||
      (index > 0 && isTold(days[index - 1], user)),
  );
  return told.map((user) => user?.username);
}

function periods(instanceId: string, series: readonly WorldSnapshot[], userId: string): Line[] {
  const open = new Map<string, [string, string, number, string, string]>();
  const closed: Line[] = [];
  const close = (key: string, stillHeld: boolean) => {
    const period = open.get(key);
    if (period) closed.push([...period, stillHeld, userId, instanceId]);
    open.delete(key);
  };
  for (const { date, users } of series) {
    const user = users.find(({ id }) => id === userId);
    const now = new Set<string>();
    for (const { attribute_name, attribute_value, level } of user?.proficiencies ?? []) {
      const key = JSON.stringify([attribute_name, attribute_value, level]);
      now.add(key);
      const period = open.get(key);
      open.set(key, [attribute_name, attribute_value, level, period?.[3] ?? date, date]);
    }
    for (const key of [...open.keys()]) if (!now.has(key)) close(key, false);
  }
  for (const key of [...open.keys()]) close(key, true);
  return closed;
}

export const abandonedProficiencies = (world: PublishedWorld): Line[] =>
  sorted(
    Object.entries(world).flatMap(([instanceId, snapshots]) => {
      const series = published(snapshots);
      const held = series
        .flatMap((snapshot) => linesOf(instanceId, snapshot))
        .filter(({ name }) => name !== null);
      return groups(held, ({ name, value }) => [name, value]).flatMap((holders) => {
        const lastHeld = holders.at(-1)?.date;
        if (lastHeld === undefined || lastHeld === series.at(-1)?.date) return [];
        const last = holders.filter(({ date }) => date === lastHeld);
        const [first] = last;
        return [
          [first?.name ?? null, first?.value ?? null, lastHeld, last.length, who(last), instanceId],
        ];
      });
    }),
    -3,
    1,
    2,
    6,
  );
