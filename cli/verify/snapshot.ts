import { snapshotKey } from '../../lambda/contract/keys.ts';
import type { Manifest } from '../../lambda/contract/manifest.ts';
import { type Row, rowSchema } from '../../lambda/contract/row.ts';
import { type Content, metered } from '../../lambda/export/files/gzip-meter.ts';
import { gunzipLines } from '../../lambda/export/files/ndjson.ts';
import type { Store } from '../../lambda/export/ports.ts';

/** What the rows themselves say. */
interface RowFindings {
  readonly content: Content | undefined;
  readonly proficiencies: number;
  readonly strangers: number;
  readonly twice: number;
}

async function readSnapshot(
  body: AsyncIterable<Uint8Array>,
  manifest: Manifest,
): Promise<RowFindings> {
  const users = new Set<string>();
  let content: Content | undefined;
  let rows = 0;
  let proficiencies = 0;
  let strangers = 0;
  const isOurs = (row: Row) =>
    row.run_id === manifest.run_id && row.instance_id === manifest.instance_id;
  const measured = metered(body, (atEnd) => {
    content = atEnd;
  });
  for await (const line of gunzipLines(measured)) {
    const row = rowSchema.parse(JSON.parse(line));
    rows++;
    users.add(row.user_id);
    proficiencies += row.proficiency_count;
    if (!isOurs(row)) strangers++;
  }
  return { content, proficiencies, strangers, twice: rows - users.size };
}

const differs = (what: string, found: unknown, said: unknown): string[] =>
  found === said ? [] : [`${what} is ${found}, but the manifest says ${said}`];

function compare(found: RowFindings, manifest: Manifest): string[] {
  const { content, proficiencies, strangers, twice } = found;
  const { snapshot } = manifest;
  return [
    ...differs('size in bytes', content?.bytes, snapshot.bytes),
    ...differs('number of rows', content?.rows, snapshot.rows),
    ...differs('SHA-256 of the rows', content?.sha256, snapshot.sha256),
    ...differs('number of proficiencies', proficiencies, manifest.proficiencies),
    ...(strangers > 0 ? [`${strangers} rows are of another run or instance`] : []),
    ...(twice > 0 ? [`${twice} users are in it twice`] : []),
  ];
}

const unaccounted = (manifest: Manifest): string[] => {
  const { users_exported, users_deleted_during_run, users_failed, users_listed } = manifest;
  const known = users_exported + users_deleted_during_run + users_failed;
  return known === users_listed
    ? []
    : [`${users_listed} users were listed, but ${known} are accounted for`];
};

/**
 * Compares a snapshot, byte by byte and row by row, with what its manifest says of it.
 *
 * @returns what is wrong, a phrase each; empty where nothing is
 */
export async function verifySnapshot(store: Store, manifest: Manifest): Promise<string[]> {
  const key = snapshotKey(manifest.instance_id, manifest.snapshot_date);
  const object = await store.get(key);
  if (!object) return ['the snapshot is missing'];
  if (object.bytes !== manifest.snapshot.bytes) {
    await object.body[Symbol.asyncIterator]().return?.();
    return differs('size in bytes', object.bytes, manifest.snapshot.bytes);
  }
  try {
    const found = await readSnapshot(object.body, manifest);
    return [...compare(found, manifest), ...unaccounted(manifest)];
  } catch (error) {
    return [
      `it cannot be read as gzip NDJSON of users (${error instanceof Error ? error.message : error})`,
    ];
  }
}
