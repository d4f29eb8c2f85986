import type { PublishedWorld, WorldSnapshot, WorldUser } from '../../../support/published-world.ts';
import { type Line, published, sorted } from './lines.ts';

interface Difference {
  readonly earlier: WorldUser | undefined;
  readonly later: WorldUser | undefined;
  readonly userId: string;
  readonly status: 'created' | 'deleted' | 'present';
  readonly name: string;
  readonly value: string;
  readonly change: 'added' | 'removed' | 'level changed';
  readonly before: number | null;
  readonly after: number | null;
}

function levels(user: WorldUser | undefined): Map<string, number> {
  const proficiencies = user?.proficiencies ?? [];
  return new Map(
    proficiencies.map((one) => [
      JSON.stringify([one.attribute_name, one.attribute_value]),
      one.level,
    ]),
  );
}

function differencesOf(earlier: WorldUser | undefined, later: WorldUser | undefined): Difference[] {
  const [old, now] = [levels(earlier), levels(later)];
  const changed = [...new Set([...old.keys(), ...now.keys()])].filter(
    (key) => old.get(key) !== now.get(key),
  );
  return changed.map((key) => {
    const [name, value]: [string, string] = JSON.parse(key);
    const before = old.get(key) ?? null;
    const after = now.get(key) ?? null;
    return {
      earlier,
      later,
      userId: later?.id ?? earlier?.id ?? '',
      status: earlier === undefined ? 'created' : later === undefined ? 'deleted' : 'present',
      name,
      value,
      change: before === null ? 'added' : after === null ? 'removed' : 'level changed',
      before,
      after,
    };
  });
}

function differences(earlier: WorldSnapshot, later: WorldSnapshot): Difference[] {
  const ids = new Set([...earlier.users, ...later.users].map(({ id }) => id));
  return [...ids].flatMap((id) =>
    differencesOf(
      earlier.users.find((user) => user.id === id),
      later.users.find((user) => user.id === id),
    ),
  );
}

export const proficiencyChanges = (world: PublishedWorld): Line[] =>
  Object.entries(world).flatMap(([instanceId, snapshots]) => {
    const series = published(snapshots);
    return series.slice(1).flatMap((snapshot, index) => {
      const previous = series[index];
      if (previous === undefined) return [];
      return differences(previous, snapshot).map((one) => [
        instanceId,
        previous.date,
        snapshot.date,
        one.userId,
        one.later?.username ?? one.earlier?.username ?? null,
        one.earlier?.username ?? null,
        one.status,
        one.name,
        one.value,
        one.change,
        one.before,
        one.after,
      ]);
    });
  });

/** Where a name is switched on or off, nobody is renamed. */
function changeOfUser(earlier: WorldUser | undefined, later: WorldUser | undefined): string | null {
  if (earlier === undefined) return 'user created';
  if (later === undefined) return 'user deleted';
  const names = [earlier.username, later.username];
  return names.includes(undefined) || names[0] === names[1] ? null : 'user renamed';
}

export const userChanges = (world: PublishedWorld): Line[] =>
  Object.entries(world).flatMap(([instanceId, snapshots]) => {
    const series = published(snapshots);
    return series.slice(1).flatMap((later, index) => {
      const earlier = series[index];
      const ids = new Set([...(earlier?.users ?? []), ...later.users].map(({ id }) => id));
      return [...ids].flatMap((id): Line[] => {
        const [was, is] = [earlier, later].map((one) => one?.users.find((user) => user.id === id));
        const change = changeOfUser(was, is);
        if (earlier === undefined || change === null) return [];
        const [old, name] = [was?.username ?? null, is?.username ?? was?.username ?? null];
        return [[instanceId, earlier.date, later.date, id, name, old, change]];
      });
    });
  });

/** Whether a comparison has a line about the user: of a name switched on or off alone there is none. */
export const isTold = (earlier: WorldUser | undefined, later: WorldUser | undefined): boolean =>
  changeOfUser(earlier, later) !== null || differencesOf(earlier, later).length > 0;

/** The login name when the user was last told of, which is that of the last day where names are never switched on or off. */
function lastName(series: readonly WorldSnapshot[], userId: string): string | null {
  const days = series.map(({ users }) => users.find(({ id }) => id === userId));
  const last = days.findLastIndex((later, index) => index > 0 && isTold(days[index - 1], later));
  return days[last]?.username ?? days[last - 1]?.username ?? null;
}

/** The login name of a deleted user on the day before the first change that is told. */
function firstName(series: readonly WorldSnapshot[], userId: string): string | null {
  const days = series.map(({ users }) => users.find(({ id }) => id === userId));
  const first = days.findIndex((later, index) => index > 0 && isTold(days[index - 1], later));
  return days[first - 1]?.username ?? null;
}

export const changesBetweenDates = (
  world: PublishedWorld,
  fromDate?: string,
  toDate?: string,
): Line[] =>
  sorted(
    Object.entries(world).flatMap(([instanceId, snapshots]) => {
      const series = published(snapshots);
      const later = series.filter(({ date }) => date <= (toDate ?? date)).at(-1);
      const earlier = series
        .filter(
          ({ date }) => later !== undefined && date < later.date && date <= (fromDate ?? date),
        )
        .at(-1);
      if (earlier === undefined || later === undefined) return [];
      const between = series.filter(({ date }) => date >= earlier.date && date <= later.date);
      return differences(earlier, later).map((one) => [
        one.change,
        one.later ? lastName(between, one.userId) : firstName(between, one.userId),
        one.name,
        one.value,
        one.before,
        one.after,
        one.status,
        earlier.date,
        later.date,
        one.userId,
        instanceId,
      ]);
    }),
    11,
    2,
    10,
    3,
    4,
  );
