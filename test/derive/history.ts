import { manifestKey, snapshotKey } from '../../contract/keys.ts';
import type { Manifest } from '../../contract/manifest.ts';
import type { Proficiency, Row } from '../../contract/row.ts';
import { gzipLines, sha256, toLine } from '../../export/files/ndjson.ts';
import type { Store } from '../../export/ports.ts';
import { manifestOf, rowOf, type WorldUser } from '../support/published-world.ts';

export const INSTANCE = '11111111-2222-4333-8444-555555555555';

/** A snapshot as it is published. */
export interface Publication {
  readonly date: string;
  /** Counts the runs of the date: a later one replaces the snapshot. */
  readonly run: number;
  readonly users: readonly WorldUser[];
  /** As version 0.1.0 wrote them. */
  readonly undated?: boolean;
}

const runIdOf = ({ date, run }: Publication): string =>
  `${date.replaceAll('-', '')}T020000Z-${String(run).padStart(8, '0')}`;

/** The rows of a publication, as a run writes them. */
export const rowsOf = (publication: Publication): Row[] =>
  publication.users.map((user) => {
    const { snapshot_date, ...row } = rowOf(INSTANCE, publication.date, user);
    const { instance_id, ...rest } = row;
    const dated = publication.undated ? {} : { snapshot_date };
    return { instance_id, ...dated, ...rest, run_id: runIdOf(publication) };
  });

/** Publishes a snapshot: the rows, then the manifest. */
export async function publish(store: Store, publication: Publication): Promise<Manifest> {
  const { date, users } = publication;
  const lines = rowsOf(publication).map(toLine);
  const body = await gzipLines(lines);
  const info = await store.put(snapshotKey(INSTANCE, date), body);
  const manifest = manifestOf(INSTANCE, { date, users });
  const said: Manifest = {
    ...manifest,
    run_id: runIdOf(publication),
    snapshot: {
      ...manifest.snapshot,
      bytes: body.length,
      sha256: sha256(Buffer.from(lines.join(''))),
      etag: info.etag,
    },
  };
  await store.put(manifestKey(INSTANCE, date), Buffer.from(toLine(said)));
  return said;
}

/** Name, value and level of each proficiency of each user, with the user's name: all that changes are about. */
export type Known = Map<string, { username: string | null; levels: Map<string, number> }>;

export const keyOf = (one: Pick<Proficiency, 'attribute_name' | 'attribute_value'>): string =>
  JSON.stringify([one.attribute_name, one.attribute_value]);

export const knownIn = (users: readonly WorldUser[]): Known =>
  new Map(
    users.map(({ id, username, proficiencies }) => [
      id,
      {
        username: username ?? null,
        levels: new Map(proficiencies.map((one) => [keyOf(one), one.level])),
      },
    ]),
  );
