import type { ChangeLine } from '../../contract/change.ts';
import type { Proficiency } from '../../contract/row.ts';
import type { WorldUser } from './published-world.ts';

/** A published snapshot of a world. */
interface Published {
  readonly date: string;
  readonly runId: string;
  readonly users: readonly WorldUser[];
}

const NOTHING = { attribute_name: null, attribute_value: null, previous_level: null, level: null };

const same = (a: Proficiency, b: Proficiency): boolean =>
  a.attribute_name === b.attribute_name && a.attribute_value === b.attribute_value;

const levelIn = (user: WorldUser | undefined, one: Proficiency): number | null =>
  user?.proficiencies.find((other) => same(one, other))?.level ?? null;

function ofUser(
  before: WorldUser | undefined,
  after: WorldUser | undefined,
): ChangeLine['change'][] {
  if (before === undefined) return ['user created'];
  if (after === undefined) return ['user deleted'];
  const [old, name] = [before.username, after.username];
  return old === undefined || name === undefined || old === name ? [] : ['user renamed'];
}

function ofProficiencies(before: WorldUser | undefined, after: WorldUser | undefined) {
  const held = before?.proficiencies ?? [];
  const won = (after?.proficiencies ?? []).filter((one) => !held.some((other) => same(one, other)));
  return [...held, ...won].flatMap((one) => {
    const [previous_level, level] = [levelIn(before, one), levelIn(after, one)];
    if (previous_level === level) return [];
    const change: ChangeLine['change'] =
      previous_level === null ? 'added' : level === null ? 'removed' : 'level changed';
    const { attribute_name, attribute_value } = one;
    return [{ change, attribute_name, attribute_value, previous_level, level }];
  });
}

/** What differs between two snapshots of an instance, worked out with nothing of what is tested. */
export function changesBetween(
  instanceId: string,
  earlier: Published,
  later: Published,
): ChangeLine[] {
  const common = {
    instance_id: instanceId,
    snapshot_date: later.date,
    previous_snapshot_date: earlier.date,
    run_id: later.runId,
    previous_run_id: earlier.runId,
  };
  const compared: ChangeLine = {
    ...common,
    change: 'compared',
    user_id: null,
    username: null,
    previous_username: null,
    user_status: null,
    ...NOTHING,
  };
  const ids = new Set([...earlier.users, ...later.users].map(({ id }) => id));
  const lines = [...ids].flatMap((id): ChangeLine[] => {
    const before = earlier.users.find((user) => user.id === id);
    const after = later.users.find((user) => user.id === id);
    const user = {
      user_id: id,
      username: after?.username ?? before?.username ?? null,
      previous_username: before?.username ?? null,
      user_status:
        before === undefined
          ? ('created' as const)
          : after === undefined
            ? ('deleted' as const)
            : ('present' as const),
    };
    return [
      ...ofUser(before, after).map((change) => ({ ...common, change, ...user, ...NOTHING })),
      ...ofProficiencies(before, after).map(({ change, ...rest }) => ({
        ...common,
        change,
        ...user,
        ...rest,
      })),
    ];
  });
  return [compared, ...lines];
}
