import type { Agent } from './facts.ts';

/**
 * What the page's script is told of the agents: a list of each of their properties, all in the order of the agents. What
 * many have in common is written once, and the agents have its place in the list: 20,000 of them take little more than a megabyte.
 */
export interface PackedAgents {
  /** A UUID as the 16 bytes that it is, in base64url; any other id after an equals sign. */
  readonly ids: readonly string[];
  /** Login names, as `withoutCommonBeginnings` writes them; null where a row has none. */
  readonly logins: readonly (string | null)[];
  /** First and last name, written likewise; absent where nobody's is known. */
  readonly names?: readonly (string | null)[];
  readonly routingProfiles: readonly string[];
  /** -1 where it is not known, as in `hierarchyOf`. */
  readonly routingProfileOf: readonly number[];
  /** Groups from the top level down. */
  readonly hierarchies: readonly (readonly string[])[];
  readonly hierarchyOf: readonly number[];
  /** A proficiency at a level, the commonest first: it has the shortest number. */
  readonly held: readonly (readonly [name: string, value: string, level: number])[];
  readonly heldBy: readonly (readonly number[])[];
}

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;

const packedId = (id: string): string =>
  UUID.test(id) ? Buffer.from(id.replaceAll('-', ''), 'hex').toString('base64url') : `=${id}`;

/** Of a length: the largest base that JavaScript writes numbers in, so that one digit says the most. */
const BASE = 36;
const LONGEST_COMMON = BASE - 1;

function commonLength(one: string, other: string): number {
  let length = 0;
  while (length < LONGEST_COMMON && length < one.length && one[length] === other[length]) length++;
  return length;
}

/**
 * Each text without the beginning that it has in common with the text before it. In its place stands the beginning's length in UTF-16
 * units, as a digit from 0 to z. Names in their order have half of their letters in common.
 */
export function withoutCommonBeginnings(
  texts: readonly (string | null)[],
): readonly (string | null)[] {
  let before = '';
  return texts.map((text) => {
    if (text === null) return null;
    const length = commonLength(text, before);
    before = text;
    return `${length.toString(BASE)}${text.slice(length)}`;
  });
}

/** Different things, the commonest first, and the place of each among them. */
function commonestFirst<Thing>(things: readonly Thing[]) {
  const counts = new Map<string, { readonly thing: Thing; count: number }>();
  for (const thing of things) {
    const key = JSON.stringify(thing);
    const known = counts.get(key);
    if (known === undefined) counts.set(key, { thing, count: 1 });
    else known.count += 1;
  }
  const sorted = [...counts].toSorted(([, one], [, other]) => other.count - one.count);
  const places = new Map(sorted.map(([key], place) => [key, place]));
  return {
    list: sorted.map(([, { thing }]) => thing),
    placeOf: (thing: Thing): number => places.get(JSON.stringify(thing)) ?? -1,
  };
}

const heldBy = ({ proficiencies }: Agent) =>
  proficiencies.map(
    ({ attribute_name, attribute_value, level }) =>
      [attribute_name, attribute_value, level] as const,
  );

const fullName = ({ first_name, last_name }: Agent): string =>
  [first_name, last_name].filter((name) => name !== null && name !== '').join(' ');

/** Packs agents, in the order in which they are given. */
export function packedAgents(agents: readonly Agent[]): PackedAgents {
  const held = commonestFirst(agents.flatMap(heldBy));
  const profiles = commonestFirst(agents.flatMap((agent) => agent.routing_profile_name ?? []));
  const hierarchies = commonestFirst(
    agents.flatMap(({ hierarchy }) => (hierarchy === null ? [] : [hierarchy])),
  );
  const names = agents.map(fullName);
  return {
    ids: agents.map(({ user_id }) => packedId(user_id)),
    logins: withoutCommonBeginnings(agents.map(({ username }) => username)),
    ...(names.some((name) => name !== '') && { names: withoutCommonBeginnings(names) }),
    routingProfiles: profiles.list,
    routingProfileOf: agents.map((agent) => profiles.placeOf(agent.routing_profile_name ?? '')),
    hierarchies: hierarchies.list,
    hierarchyOf: agents.map(({ hierarchy }) => hierarchies.placeOf(hierarchy ?? [])),
    held: held.list,
    heldBy: agents.map((agent) => heldBy(agent).map(held.placeOf)),
  };
}
