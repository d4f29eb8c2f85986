import type { Cell } from '../../../local/query/answer.ts';
import {
  manifestOf,
  type PublishedWorld,
  rowOf,
  type WorldSnapshot,
  type WorldUser,
} from '../../support/published-world.ts';

/**
 * The answers of all views and saved queries, worked out from the world in plain TypeScript: no SQL,
 * and nothing of what is tested.
 */

type Line = readonly Cell[];

/** As both engines order text: by code point, that is by UTF-8 bytes; null comes last. */
function compare(a: Cell | undefined, b: Cell | undefined): number {
  if (a === b) return 0;
  if (a === null || a === undefined) return 1;
  if (b === null || b === undefined) return -1;
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return Buffer.compare(Buffer.from(String(a)), Buffer.from(String(b)));
}

/** Orders lines by columns: a number counts from 1, a negative one means descending. */
const sorted = (lines: readonly Line[], ...columns: readonly number[]): Line[] =>
  lines.toSorted((a, b) => {
    for (const column of columns) {
      const [left, right] = [a[Math.abs(column) - 1], b[Math.abs(column) - 1]];
      const isNull = left === null || right === null;
      const order = compare(left, right) * (column < 0 && !isNull ? -1 : 1);
      if (order !== 0) return order;
    }
    return 0;
  });

/** Lines without an order of their own. */
export const unordered = (lines: readonly Line[]): string[] =>
  lines.map((line) => JSON.stringify(line)).toSorted();

function groups<T>(items: readonly T[], keyOf: (item: T) => unknown): T[][] {
  const byKey = new Map<string, T[]>();
  for (const item of items) {
    const key = JSON.stringify(keyOf(item));
    byKey.set(key, [...(byKey.get(key) ?? []), item]);
  }
  return [...byKey.values()];
}

const round1 = (value: number): number => Math.round(value * 10) / 10;

const published = (snapshots: readonly WorldSnapshot[]): WorldSnapshot[] =>
  snapshots.filter((snapshot) => snapshot.published !== false);

interface Held {
  readonly instanceId: string;
  readonly date: string;
  readonly user: WorldUser;
  readonly name: string | null;
  readonly value: string | null;
  readonly level: number | null;
}

const linesOf = (instanceId: string, { date, users }: WorldSnapshot): Held[] =>
  users.flatMap((user): Held[] => {
    const common = { instanceId, date, user };
    if (user.proficiencies.length === 0) {
      return [{ ...common, name: null, value: null, level: null }];
    }
    return user.proficiencies.map((proficiency) => ({
      ...common,
      name: proficiency.attribute_name,
      value: proficiency.attribute_value,
      level: proficiency.level,
    }));
  });

const latest = (world: PublishedWorld): Held[] =>
  Object.entries(world).flatMap(([instanceId, snapshots]) => {
    const newest = published(snapshots).at(-1);
    return newest ? linesOf(instanceId, newest) : [];
  });

const asTimestamp = (time: string | null): string | null =>
  time
    ?.replace('T', ' ')
    .replace('Z', '')
    .replace(/\.?0+$/, '') ?? null;

const flatLine = ({ instanceId, date, user, name, value, level }: Held): Line => {
  const row = rowOf(instanceId, date, user);
  return [
    instanceId,
    date,
    row.region,
    user.id,
    user.username ?? null,
    name,
    value,
    level,
    user.proficiencies.length,
    asTimestamp(row.proficiencies_modified_at),
    row.proficiencies_modified_region,
    asTimestamp(row.user_modified_at),
    asTimestamp(row.fetched_at),
    row.run_id,
  ];
};

export const proficienciesFlat = (world: PublishedWorld): Line[] =>
  Object.entries(world).flatMap(([instanceId, snapshots]) =>
    snapshots.flatMap((snapshot) => linesOf(instanceId, snapshot).map(flatLine)),
  );

export const latestProficiencies = (world: PublishedWorld): Line[] => latest(world).map(flatLine);

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

export interface Wanted {
  readonly name: string;
  readonly value: string;
  readonly level: number;
}

export const agentsWithProficiency = (world: PublishedWorld, wanted: Wanted): Line[] =>
  sorted(
    latest(world)
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

const latestByProficiency = (world: PublishedWorld): Held[][] =>
  groups(
    latest(world).filter(({ name }) => name !== null),
    ({ instanceId, name, value }) => [instanceId, name, value],
  );

export const coverageMatrix = (world: PublishedWorld): Line[] =>
  sorted(
    latestByProficiency(world).map((holders) => {
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

const who = (holders: readonly Held[]): string =>
  holders
    .map(({ user }) => user.username ?? user.id)
    .toSorted(compare)
    .join(', ');

export const singlePointsOfFailure = (
  world: PublishedWorld,
  minimumLevel: number,
  maximumAgents: number,
): Line[] =>
  sorted(
    latestByProficiency(world).flatMap((holders) => {
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

const latestUsers = (world: PublishedWorld): Held[][] =>
  groups(latest(world), ({ instanceId, user }) => [instanceId, user.id]);

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

export const agentsLackingProficiency = (world: PublishedWorld, wanted: Wanted): Line[] =>
  sorted(
    latestUsers(world).flatMap(([first]) => {
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
      return differences(earlier, later).map((one) => [
        one.change,
        one.later ? (one.later.username ?? null) : (one.earlier?.username ?? null),
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

export const agentHistory = (world: PublishedWorld, agent: string): Line[] =>
  sorted(
    Object.entries(world).flatMap(([instanceId, snapshots]) => {
      const ids = new Set(
        snapshots
          .flatMap(({ users }) => users)
          .filter(({ id, username }) => id === agent || username === agent)
          .map(({ id }) => id),
      );
      return [...ids].flatMap((id) => periods(instanceId, published(snapshots), id));
    }),
    8,
    7,
    1,
    2,
    4,
  );

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

const daysBetween = (a: string, b: string): number => (Date.parse(b) - Date.parse(a)) / 86_400_000;

export const exportHealth = (world: PublishedWorld, asOf: string): Line[] =>
  sorted(
    Object.entries(world).flatMap(([instanceId, snapshots]) =>
      published(snapshots).map((snapshot, index, series) => {
        const manifest = manifestOf(instanceId, snapshot);
        const next = series[index + 1]?.date ?? asOf;
        const missing = Math.max(0, daysBetween(snapshot.date, next) - 1);
        const { list_users, list_user_proficiencies } = manifest.requests;
        const throttled = list_users.throttled + list_user_proficiencies.throttled;
        const requests =
          throttled +
          list_users.ok +
          list_users.retried +
          list_user_proficiencies.ok +
          list_user_proficiencies.retried;
        const duration = Date.parse(manifest.finished_at) - Date.parse(manifest.started_at);
        return [
          snapshot.date,
          verdict(manifest, snapshot.users.length, missing),
          missing,
          round1(duration / 60_000),
          manifest.slices,
          manifest.users_listed,
          manifest.users_exported,
          snapshot.users.length,
          manifest.users_deleted_during_run,
          manifest.users_failed,
          round1((100 * throttled) / requests),
          manifest.trigger,
          manifest.run_id,
          instanceId,
        ];
      }),
    ),
    -1,
    14,
  );

function verdict(
  manifest: ReturnType<typeof manifestOf>,
  rowsFound: number,
  missingDays: number,
): string {
  const outcomes =
    manifest.users_exported + manifest.users_deleted_during_run + manifest.users_failed;
  if (manifest.users_listed !== outcomes) return 'counts do not add up';
  if (manifest.users_exported !== rowsFound) return 'rows missing';
  if (manifest.users_failed > 0) return 'users failed';
  return missingDays > 0 ? 'gap after' : 'ok';
}

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
