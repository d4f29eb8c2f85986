import { manifestKey, partKey, snapshotKey } from '../../contract/keys.ts';
import type { Manifest, PublishedObject } from '../../contract/manifest.ts';
import { nextDate } from '../../contract/schedule-expression.ts';
import { type Content, measure, metered } from '../files/gzip-meter.ts';
import { damaged, putDocument, readBytes, unchanged } from '../files/json.ts';
import { gzipLines, sha256 } from '../files/ndjson.ts';
import { overRivals } from '../files/rivals.ts';
import {
  type ObjectInfo,
  PreconditionFailed,
  type SliceSettings,
  type SliceTools,
  type Store,
} from '../ports.ts';
import { type State, totals } from '../run/state.ts';
import { attributesThere, type PublishedAttributes, publishAttributes } from './attributes.ts';
import { type Published, readPublished } from './visible.ts';

type ScheduleSettings = Pick<SliceSettings, 'schedule' | 'timeZone'>;

function nextDue(state: State, { schedule, timeZone }: ScheduleSettings): string {
  if (schedule === undefined) return 'none';
  const time = new Date(state.scheduled_time ?? state.started_at);
  return nextDate(schedule, { date: state.snapshot_date, time }, timeZone) ?? 'none';
}

/** What a run has written for readers. */
interface Visible {
  readonly snapshot: PublishedObject;
  readonly attributes: PublishedAttributes;
}

/** The description of what was just written. */
function describe(
  state: State,
  settings: ScheduleSettings,
  { snapshot, attributes }: Visible,
  finishedAt: Date,
  exporterVersion: string,
): Manifest {
  const total = totals(state);
  return {
    version: 1,
    run_id: state.run_id,
    instance_id: state.instance_id,
    region: state.region,
    snapshot_date: state.snapshot_date,
    trigger: state.trigger,
    scheduled_time: state.scheduled_time,
    started_at: state.started_at,
    finished_at: finishedAt.toISOString(),
    slices: state.slices,
    users_listed: state.plan.users,
    users_exported: total.rows,
    users_deleted_during_run: total.deleted,
    users_failed: state.failed.length,
    users_without_proficiencies: total.without_proficiencies,
    proficiencies: total.proficiencies,
    proficiencies_repeated: total.proficiencies_repeated,
    texts_replaced: total.texts_replaced,
    next_due: nextDue(state, settings),
    requests: state.requests,
    snapshot,
    user_details: state.user_details,
    predefined_attributes: attributes,
    exporter_version: exporterVersion,
  };
}

/** A newer run has published this date: ours must not replace it. */
export interface Superseded {
  readonly supersededBy: string;
}

/** Another worker of the same run has published while this one was about to. */
export interface PublishedMeanwhile {
  readonly publishedMeanwhile: Manifest;
}

/** The parts one after the other, one in memory at a time: gzip members in a row are one gzip file. */
async function* concatenated(store: Store, state: State): AsyncGenerator<Uint8Array> {
  if (totals(state).rows === 0) yield await gzipLines([]);
  for (const [index, part] of state.parts.entries()) {
    if (part.rows === 0) continue;
    const key = partKey(state.instance_id, state.run_id, index);
    const object = await store.get(key);
    if (!object) throw damaged(store, key, 'it is missing');
    const body = await readBytes(object);
    if (sha256(body) !== part.sha256)
      throw damaged(store, key, 'its SHA-256 is not the one recorded');
    yield body;
  }
}

async function isThere(
  store: Store,
  key: string,
  content: Content,
): Promise<ObjectInfo | undefined> {
  const there = await store.get(key);
  if (!there) return undefined;
  const { objectSha256 } = await measure(there.body);
  return objectSha256 === content.objectSha256 ? there : undefined;
}

/** @returns `undefined` where another writer was first */
async function putSnapshot(
  store: Store,
  state: State,
  before: Published,
): Promise<PublishedObject | undefined> {
  const key = snapshotKey(state.instance_id, state.snapshot_date);
  const expected = totals(state).rows;
  let content: Content | undefined;
  const body = () =>
    metered(concatenated(store, state), (measured) => {
      const { rows } = measured;
      // Thrown into the upload, so that it comes to nothing.
      if (rows !== expected) throw damaged(store, key, `it would have ${rows} rows of ${expected}`);
      content = measured;
    });
  const put = async (): Promise<ObjectInfo | undefined> => {
    try {
      return await store.put(key, body, unchanged(before.snapshot));
    } catch (error) {
      if (!(error instanceof PreconditionFailed)) throw error;
      return content && isThere(store, key, content);
    }
  };
  const info = await put();
  if (!info || !content) return undefined;
  const { bytes, rows, sha256 } = content;
  return { key, bytes, rows, sha256, etag: info.etag, version_id: info.versionId ?? null };
}

/**
 * Makes a finished run's snapshot visible: one atomic, conditional write of the snapshot, then of the attributes that go with it, then
 * of the manifest, which describes both. Cut off in between, it may be done again and ends the same.
 *
 * @throws ExportFailure DamagedRun where a part is not what this run wrote; nothing is visible then
 */
export async function publish(
  state: State,
  settings: ScheduleSettings,
  { store, clock, exporterVersion }: SliceTools,
): Promise<Manifest | Superseded | PublishedMeanwhile> {
  const uri = store.uri(snapshotKey(state.instance_id, state.snapshot_date));
  return overRivals<Manifest | Superseded | PublishedMeanwhile>(uri, async () => {
    // Looked at first: whoever writes them later than that is noticed when ours are written.
    const attributesBefore = await attributesThere(store, state);
    const before = await readPublished(store, state.instance_id, state.snapshot_date);
    if (before.runId !== undefined && before.runId > state.run_id) {
      return { supersededBy: before.runId };
    }
    if (before.snapshot && before.manifest?.value.run_id === state.run_id) {
      return { publishedMeanwhile: before.manifest.value };
    }
    const snapshot = await putSnapshot(store, state, before);
    if (!snapshot) return undefined;
    const attributes = await publishAttributes(store, state, attributesBefore);
    const manifest = describe(state, settings, { snapshot, attributes }, clock(), exporterVersion);
    const said = manifestKey(state.instance_id, state.snapshot_date);
    await putDocument(store, said, manifest, unchanged(before.manifest?.info));
    return manifest;
  });
}
