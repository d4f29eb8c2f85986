import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { BUSY, EMPTY, KNOWN_TARGETS, KNOWN_WORLD, SMALL } from '../cli/query/known-world.ts';
import { type Synthesized, synthesize } from '../lib/catalog/synthesized.ts';
import { writeTargets, writeWorld } from '../support/published-world.ts';
import { type Lake, openLake, upload } from './lake.ts';

/** These days stay where they are, and with tomorrow as the last day a query would list more days each year. */
const LAST_DAY = '2026-11-24';

/** The tables over the known snapshots; only the last day is not that of the template. */
export interface KnownLake extends Lake {
  readonly synthesized: Synthesized;
  /** The same snapshots in a folder. */
  readonly world: string;
}

/** @param folder for Trino, and for the snapshots */
export async function openKnownLake(folder: string): Promise<KnownLake> {
  const world = join(folder, 'world');
  mkdirSync(world);
  writeWorld(world, KNOWN_WORLD);
  writeTargets(world, KNOWN_TARGETS);
  const synthesized = synthesize({
    instanceIds: [BUSY, SMALL, EMPTY],
    firstSnapshotDate: '2026-11-17',
  });
  const lake = await openLake(folder, synthesized, (table) => ({
    ...table,
    Parameters: Object.fromEntries(
      Object.entries(table.Parameters).map(([name, value]) => [
        name,
        value.replace('NOW+1DAY', LAST_DAY),
      ]),
    ),
  }));
  await upload(lake.s3, world);
  return { ...lake, synthesized, world };
}
