import { createDataset } from '../../simulator/people/dataset.ts';
import { pathOf } from '../../simulator/people/hierarchy.ts';
import type { Placement } from '../../simulator/people/placements.ts';
import type { PublishedWorld, WorldSnapshot, WorldUser } from './published-world.ts';

export const NEWEST_DAY = '2026-11-23';

/** 100 characters each: Connect's limit. */
const LONG_LOGIN = 'a-very-long-login-name.that-goes-on@example.com.'.repeat(3).slice(0, 100);
const UNBROKEN = 'W'.repeat(100);
const HOSTILE = `<script>alert("x")</script><img src="https://example.com/x.png" onerror='alert(1)'>&amp;`;
const RIGHT_TO_LEFT = 'מחמד <b>(עברית)</b> محمد';
const IDEOGRAPHS = '花子山田日本語'.repeat(6);

/** Users with all that names may hold, each of them somebody's only agent for something. */
export const ODD_USERS: readonly WorldUser[] = [
  LONG_LOGIN,
  UNBROKEN,
  HOSTILE,
  RIGHT_TO_LEFT,
  IDEOGRAPHS,
  'two\nlines\u2028and\u0007more',
].map((odd, index) => ({
  id: `odd-user-${index}`,
  username: odd,
  proficiencies: [
    { attribute_name: 'Language', attribute_value: odd, level: 5 },
    { attribute_name: odd, attribute_value: `Value ${index}`, level: 4.5 },
  ],
}));

export interface ReportWorldOptions {
  readonly users: number;
  /** Snapshots of so many days, the newest last. */
  readonly days: number;
  /** Those that every day has besides. */
  readonly others?: readonly WorldUser[];
  readonly usernames?: false;
}

/** What rows say of where somebody works. */
const detailsOf = ({ hierarchyGroup, routingProfile }: Placement): WorldUser['details'] => ({
  routing_profile_id: routingProfile.id,
  routing_profile_name: routingProfile.name,
  hierarchy_group_id: hierarchyGroup?.id ?? null,
  hierarchy: hierarchyGroup ? pathOf(hierarchyGroup).map(({ name }) => name) : null,
});

/** A simulated instance, as exports would have found it on the last days. */
export function reportWorld(options: ReportWorldOptions): PublishedWorld {
  const { users, days, others = [] } = options;
  const { instanceId } = createDataset({ users });
  const snapshots = Array.from({ length: days }, (_, day): WorldSnapshot => {
    const dataset = createDataset({ users, day });
    const people = [...dataset.truth()].map(({ userId, username, proficiencies }): WorldUser => {
      const placement = dataset.placement(dataset.indexOf(userId) ?? -1);
      const details = placement && detailsOf(placement);
      return {
        id: userId,
        proficiencies,
        ...(options.usernames !== false && { username }),
        ...(details && { details }),
      };
    });
    const daysAgo = (days - 1 - day) * 86_400_000;
    const date = new Date(Date.parse(NEWEST_DAY) - daysAgo).toISOString().slice(0, 10);
    return { date, users: [...people, ...others] };
  });
  return { [instanceId]: snapshots };
}
