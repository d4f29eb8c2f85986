import {
  ABOUT,
  between,
  fraction,
  hash,
  hashText,
  pick,
  type Random,
  randomStream,
} from '../random.ts';
import { timeOn } from './calendar.ts';
import { type HierarchyGroup, pathOf } from './hierarchy.ts';
import { uuid } from './user-ids.ts';
import { DEPARTMENTS } from './vocabulary.ts';

type Channel = 'VOICE' | 'CHAT' | 'TASK' | 'EMAIL';

/** Which contacts people get, from which queues. */
export interface RoutingProfile {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  /** Whose people it is for; absent where it is for no department's. */
  readonly department?: string;
  /** How many contacts of a channel somebody has at a time. */
  readonly concurrencies: ReadonlyArray<readonly [Channel, number]>;
  /** The first is that of outbound calls. */
  readonly queueIds: readonly string[];
  readonly modifiedAt: Date;
}

/** Connect makes it with the instance. */
export const DEFAULT_PROFILE = 'Basic Routing Profile';

type Kind = Pick<RoutingProfile, 'name' | 'description' | 'department' | 'concurrencies'>;

const VOICE: Kind['concurrencies'] = [['VOICE', 1]];
const DIGITAL: Kind['concurrencies'] = [
  ['CHAT', 3],
  ['EMAIL', 5],
  ['TASK', 10],
];

const KINDS: readonly Kind[] = [
  {
    name: DEFAULT_PROFILE,
    description: 'A simple routing profile.',
    concurrencies: [...VOICE, ['CHAT', 2]],
  },
  ...DEPARTMENTS.flatMap((department): Kind[] => [
    {
      name: `${department} – voice`,
      description: `Calls to ${department}`,
      department,
      concurrencies: VOICE,
    },
    {
      name: `${department} – digital`,
      description: `Chats, e-mails and tasks of ${department}`,
      department,
      concurrencies: DIGITAL,
    },
  ]),
  {
    name: 'Pilot: one inbox',
    description: 'Nobody has it yet',
    concurrencies: [...VOICE, ...DIGITAL],
  },
];

/** The routing profiles of a seed's instance. */
export const createRoutingProfiles = (seed: number): readonly RoutingProfile[] =>
  KINDS.map((kind) => {
    const key = hashText(kind.name);
    const random = randomStream(seed, key, ABOUT.queue);
    return {
      ...kind,
      id: uuid(hash(seed, key, ABOUT.routingProfile), seed, key, ABOUT.routingProfile),
      queueIds: Array.from({ length: between(random, 1, 4) }, (_, queue) =>
        uuid(hash(seed, key, queue, ABOUT.queue), seed, key, queue, ABOUT.queue),
      ),
      modifiedAt: timeOn(0, fraction(seed, key, ABOUT.routingProfile)),
    };
  });

const SKEW = 1.4;

/** The routing profile of somebody in a group: one of the department's, else the default one. */
export function pickRoutingProfile(
  random: Random,
  profiles: readonly RoutingProfile[],
  group: HierarchyGroup,
): RoutingProfile {
  const department = pathOf(group)[1]?.name;
  const suitable = profiles.filter(({ name, department: of }) =>
    department === undefined ? name === DEFAULT_PROFILE : of === department,
  );
  return pick(random, suitable, SKEW);
}
