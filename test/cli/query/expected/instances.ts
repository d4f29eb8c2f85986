import type { PublishedWorld } from '../../../support/published-world.ts';
import { groups, type Held, type Line, latest, sorted } from './lines.ts';

const isOf = (wanted: Held | undefined, { name, value }: Held): boolean =>
  name === wanted?.name && value === wanted.value;

/** Of instances that have users. */
export const differencesBetweenInstances = (
  world: PublishedWorld,
  only: { readonly instanceId?: string; readonly missingIn?: string } = {},
): Line[] => {
  const instances = groups(latest(world), ({ instanceId }) => instanceId);
  const idOf = ([first]: readonly Held[]): string => first?.instanceId ?? '';
  const lines = instances.flatMap((here) =>
    groups(
      here.filter(({ name }) => name !== null),
      ({ name, value }) => [name, value],
    ).flatMap((holders) =>
      instances
        .filter((there) => there !== here && !there.some((one) => isOf(holders[0], one)))
        .map((there): Line => {
          const [first] = holders;
          return [
            first?.name ?? null,
            first?.value ?? null,
            holders.length,
            idOf(here),
            idOf(there),
          ];
        }),
    ),
  );
  const { instanceId, missingIn } = only;
  const asked = lines.filter(
    ([, , , here, there]) => here === (instanceId ?? here) && there === (missingIn ?? there),
  );
  return sorted(asked, 1, 2, 4, 5);
};
