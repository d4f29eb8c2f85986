import * as z from 'zod/mini';
import { COMMAND_NAME } from '../../contract/command-name.ts';
import { ExportFailure } from '../../contract/failure.ts';
import { LATEST_PREFIX, latestKey } from '../../contract/keys.ts';
import { compareText } from '../../contract/proficiency-order.ts';
import { rowSchema } from '../../contract/row.ts';
import { isForeign } from '../../export/files/first-line.ts';
import { fromLine, gunzipLines } from '../../export/files/ndjson.ts';
import type { Store } from '../../export/ports.ts';
import type { Skilled } from './expression.ts';

/** Where an agent belongs; null where Connect does not say, or the snapshot leaves it out. */
export interface Team {
  readonly routingProfile: string | null;
  /** The names of the hierarchy's groups, from the top. */
  readonly hierarchy: readonly string[] | null;
}

/** By routing profile, then from the top of the hierarchy. */
export const byTeam = (a: Team, b: Team): number =>
  compareText(a.routingProfile ?? '', b.routingProfile ?? '') ||
  compareText((a.hierarchy ?? []).join('\n'), (b.hierarchy ?? []).join('\n'));

/** A user in the newest snapshot. */
export interface Agent extends Skilled, Team {
  /** Null where names are switched off. */
  readonly username: string | null;
  readonly snapshotDate: string | null;
}

const { user_id, username, proficiencies, snapshot_date } = rowSchema.shape;

/** What is read of a row. Who has which team is in newer snapshots only, and not in all of them. */
const agentSchema = z.object({
  user_id,
  username,
  proficiencies,
  snapshot_date,
  routing_profile_name: z.optional(z.nullable(z.string())),
  hierarchy: z.optional(z.nullable(z.array(z.string()))),
});

function agentOn(line: string): Agent {
  const row = agentSchema.parse(fromLine(line));
  return {
    userId: row.user_id,
    username: row.username ?? null,
    proficiencies: row.proficiencies,
    snapshotDate: row.snapshot_date ?? null,
    routingProfile: row.routing_profile_name ?? null,
    hierarchy: row.hierarchy ?? null,
  };
}

async function instancesIn(store: Store): Promise<readonly string[]> {
  const ids: string[] = [];
  for await (const key of store.list(LATEST_PREFIX)) {
    const id = /\binstance_id=(?<id>[^/]+)\//.exec(key)?.groups?.id;
    if (id !== undefined && latestKey(id) === key) ids.push(id);
  }
  return ids.sort();
}

/** How to make what is missing. */
const derive = (place: string): string => `run npx ${COMMAND_NAME} derive --out ${place}`;

/**
 * The instance whose newest snapshot is to be read: the one that is wanted, or the only one there.
 *
 * @param place as the user gave it, for the messages
 * @throws ExportFailure InvalidRequest where there is none, or more than one and none is wanted
 */
export async function chosenInstance(
  store: Store,
  place: string,
  wanted: string | undefined,
): Promise<string> {
  const all = await instancesIn(store);
  const found = all.filter((id) => wanted === undefined || id === wanted);
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  if (only !== undefined) {
    throw new ExportFailure(
      'InvalidRequest',
      `There are snapshots of ${found.length} instances in ${place} (${found.join(', ')}); give one of them by --instance-id.`,
    );
  }
  const what = wanted === undefined ? 'no newest snapshot' : `no newest snapshot of ${wanted}`;
  throw new ExportFailure(
    'InvalidRequest',
    `There is ${what} in ${place}: export one first, or, if there are snapshots but no latest/, ${derive(place)}.`,
  );
}

/**
 * The users in an instance's newest snapshot, as they are read.
 *
 * @throws ExportFailure DamagedRun where something else is there
 */
export async function* latestAgents(
  store: Store,
  place: string,
  instanceId: string,
): AsyncGenerator<Agent> {
  const key = latestKey(instanceId);
  const object = await store.get(key);
  const uri = store.uri(key);
  if (!object) throw new ExportFailure('DamagedRun', `${uri} has just gone; try again.`);
  try {
    for await (const line of gunzipLines(object.body)) yield agentOn(line);
  } catch (error) {
    if (!isForeign(error)) throw error;
    throw new ExportFailure(
      'DamagedRun',
      `${uri} cannot be read as gzip NDJSON of users: delete it, then ${derive(place)}.`,
      { cause: error },
    );
  }
}
