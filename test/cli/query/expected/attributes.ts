import type { PublishedWorld, WorldSnapshot } from '../../../support/published-world.ts';
import { groups, type Held, type Line, linesOf, published, sorted, who } from './lines.ts';

/** The newest snapshot of each instance, with what its users have. */
const newest = (world: PublishedWorld) =>
  Object.entries(world).flatMap(([instanceId, snapshots]) => {
    const snapshot = published(snapshots).at(-1);
    if (!snapshot) return [];
    const held = linesOf(instanceId, snapshot).filter(({ name }) => name !== null);
    return [{ instanceId, snapshot, held }];
  });

/** Every attribute with each of its values; null stands for none. */
const defined = ({ attributes = [] }: WorldSnapshot) =>
  attributes.flatMap(({ name, values, purposes }) =>
    (values.length === 0 ? [null] : values).map((value) => ({ name, value, purposes })),
  );

/** Null comes first here. */
const valueFirst = (lines: readonly Line[]): Line[] =>
  sorted(
    lines.map((line) => [...line, line[1] === null ? 0 : 1]),
    1,
    6,
    2,
    4,
  ).map((line) => line.slice(0, 5));

export const skillsNobodyHas = (world: PublishedWorld): Line[] =>
  valueFirst(
    newest(world).flatMap(({ instanceId, snapshot, held }) =>
      // The run is known by the rows of its users.
      snapshot.users.length === 0
        ? []
        : defined(snapshot)
            .filter(
              ({ name, value }) => !held.some((one) => one.name === name && one.value === value),
            )
            .map(({ name, value, purposes }) => [
              name,
              value,
              purposes.join(', '),
              instanceId,
              snapshot.date,
            ]),
    ),
  );

const missing = (attributes: WorldSnapshot['attributes'] = [], { name, value }: Held) => {
  const attribute = attributes.find((one) => one.name === name);
  if (!attribute) return 'attribute';
  return attribute.values.some((one) => one === value) ? undefined : 'value';
};

export const valuesNotDefined = (world: PublishedWorld): Line[] =>
  sorted(
    newest(world).flatMap(({ instanceId, snapshot: { attributes = [] }, held }) =>
      groups(held, ({ name, value }) => [name, value]).flatMap((holders): Line[] => {
        const [first] = holders;
        const what = first && missing(attributes, first);
        if (attributes.length === 0 || !first || !what) return [];
        return [[first.name, first.value, what, holders.length, who(holders), instanceId]];
      }),
    ),
    -4,
    1,
    2,
    6,
  );
