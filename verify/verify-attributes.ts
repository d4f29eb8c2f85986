import { Readable } from 'node:stream';
import { type AttributeLine, attributeSchema } from '../contract/attribute.ts';
import { attributesKey, type Partition } from '../contract/keys.ts';
import type { Manifest, PublishedObject } from '../contract/manifest.ts';
import { parse } from '../contract/parse.ts';
import { measure } from '../export/files/gzip-meter.ts';
import { leaveUnread, readBytes } from '../export/files/json.ts';
import { fromLine, gunzipLines } from '../export/files/ndjson.ts';
import type { Store, StoredObject } from '../export/ports.ts';
import { differs, some } from './verify-manifest.ts';

const isOurs = (line: AttributeLine, { instance_id, snapshot_date, run_id }: Manifest): boolean =>
  line.instance_id === instance_id &&
  line.snapshot_date === snapshot_date &&
  line.run_id === run_id;

async function compare(
  object: StoredObject,
  said: PublishedObject,
  manifest: Manifest,
): Promise<string[]> {
  const bytes = await readBytes(object);
  let strangers = 0;
  try {
    const { rows, sha256 } = await measure([bytes]);
    for await (const line of gunzipLines(Readable.from([bytes]))) {
      const attribute = parse(attributeSchema, fromLine(line), 'A line');
      if (!isOurs(attribute, manifest)) strangers++;
    }
    return [
      ...differs('size in bytes of the predefined attributes', bytes.byteLength, said.bytes),
      ...differs('number of predefined attributes', rows, said.rows),
      ...differs('SHA-256 of the predefined attributes', sha256, said.sha256),
      ...some(strangers, 'predefined attributes are of another run, date or instance'),
    ];
  } catch (error) {
    const why = error instanceof Error ? error.message : error;
    return [`the predefined attributes cannot be read as gzip NDJSON (${why})`];
  }
}

/**
 * Compares the predefined attributes beside a snapshot with what its manifest says of them.
 *
 * @returns what is wrong, a phrase each; empty where nothing is
 */
export async function verifyAttributes(
  store: Store,
  { instanceId, snapshotDate }: Partition,
  manifest: Manifest,
): Promise<string[]> {
  const key = attributesKey(instanceId, snapshotDate);
  const said = manifest.predefined_attributes?.object;
  const object = await store.get(key);
  if (said && object) {
    const elsewhere = differs('the key of the predefined attributes', key, said.key);
    return [...elsewhere, ...(await compare(object, said, manifest))];
  }
  await leaveUnread(object);
  if (said) return ['the predefined attributes are missing'];
  return object ? ['there are predefined attributes of which the manifest does not know'] : [];
}
