import type { Cell } from '../../../../cli/query/answer.ts';
import {
  type PublishedWorld,
  rowOf,
  type WorldSnapshot,
  type WorldUser,
} from '../../../support/published-world.ts';

/**
 * The answers of all views and saved queries are worked out from the world in plain TypeScript: no SQL,
 * and nothing of what is tested. This is what they share.
 */

export type Line = readonly Cell[];

/** As both engines order text: by code point, that is by UTF-8 bytes; null comes last. */
function compare(a: Cell | undefined, b: Cell | undefined): number {
  if (a === b) return 0;
  if (a === null || a === undefined) return 1;
  if (b === null || b === undefined) return -1;
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return Buffer.compare(Buffer.from(String(a)), Buffer.from(String(b)));
}

/** Orders lines by columns: a number counts from 1, a negative one means descending. */
export const sorted = (lines: readonly Line[], ...columns: readonly number[]): Line[] =>
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

export function groups<T>(items: readonly T[], keyOf: (item: T) => unknown): T[][] {
  const byKey = new Map<string, T[]>();
  for (const item of items) {
    const key = JSON.stringify(keyOf(item));
    byKey.set(key, [...(byKey.get(key) ?? []), item]);
  }
  return [...byKey.values()];
}

export const round1 = (value: number): number => Math.round(value * 10) / 10;

export const published = (snapshots: readonly WorldSnapshot[]): WorldSnapshot[] =>
  snapshots.filter((snapshot) => snapshot.published !== false);

export interface Held {
  readonly instanceId: string;
  readonly date: string;
  readonly user: WorldUser;
  readonly name: string | null;
  readonly value: string | null;
  readonly level: number | null;
}

export const linesOf = (instanceId: string, { date, users }: WorldSnapshot): Held[] =>
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

/** Whose lines are asked for; those of all where nothing is said. */
export interface Among {
  readonly team?: string;
  readonly routingProfile?: string;
}

const isAmong = ({ user: { details } }: Held, { team, routingProfile }: Among): boolean =>
  (team === undefined || details?.hierarchy?.includes(team) === true) &&
  (routingProfile === undefined || details?.routing_profile_name === routingProfile);

export const latest = (world: PublishedWorld, among: Among = {}): Held[] =>
  Object.entries(world).flatMap(([instanceId, snapshots]) => {
    const newest = published(snapshots).at(-1);
    return newest ? linesOf(instanceId, newest).filter((line) => isAmong(line, among)) : [];
  });

export const asTimestamp = (time: string | null): string | null =>
  time
    ?.replace('T', ' ')
    .replace('Z', '')
    .replace(/\.?0+$/, '') ?? null;

export const flatLine = ({ instanceId, date, user, name, value, level }: Held): Line => {
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
    row.routing_profile_id ?? null,
    row.routing_profile_name ?? null,
    row.hierarchy_group_id ?? null,
    ...[0, 1, 2, 3, 4].map((level) => row.hierarchy?.[level] ?? null),
    row.first_name ?? null,
    row.last_name ?? null,
    asTimestamp(row.fetched_at),
    row.run_id,
  ];
};

export const who = (holders: readonly Held[]): string =>
  holders
    .map(({ user }) => user.username ?? user.id)
    .toSorted(compare)
    .join(', ');
