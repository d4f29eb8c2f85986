import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { constants, gunzipSync } from 'node:zlib';
import { changeSchema } from '../../contract/change.ts';
import { COMMAND_NAME } from '../../contract/command-name.ts';
import type { Partition } from '../../contract/keys.ts';
import { type Manifest, manifestSchema } from '../../contract/manifest.ts';
import { parseJson } from '../../export/files/json.ts';
import type { PublishedFiles } from './published-files.ts';
import { tablesRead } from './tables-read.ts';

/** A first line has some 400 bytes before it is compressed, whoever the users are: it is about none. */
const BEGINNING_BYTES = 1024;

/** The beginning of a file. Years make many small ones: read synchronously, they take a tenth of the processor time. */
function beginningOf(path: string): Buffer {
  const file = openSync(path, 'r');
  try {
    const buffer = Buffer.alloc(BEGINNING_BYTES);
    return buffer.subarray(0, readSync(file, buffer));
  } finally {
    closeSync(file);
  }
}

const nameOf = (...ids: readonly string[]): string => JSON.stringify(ids);

/** Which snapshots changes are between, by their first line; the rest of the file is not read. */
function comparedIn(path: string): string | undefined {
  const beginning = beginningOf(path);
  try {
    const text = gunzipSync(beginning, { finishFlush: constants.Z_SYNC_FLUSH }).toString('utf8');
    const [firstLine = ''] = text.split('\n');
    const line = changeSchema.safeParse(parseJson(firstLine)).data;
    return line && nameOf(line.instance_id, line.run_id, line.previous_run_id);
  } catch {
    // What is no gzip file is for DuckDB to refuse.
    return undefined;
  }
}

function manifestIn(path: string): readonly Manifest[] {
  const { data } = manifestSchema.safeParse(parseJson(readFileSync(path, 'utf8')));
  return data ? [data] : [];
}

/** Published snapshots without changes against the published one before, or with those between other runs. */
export function notCompared(files: PublishedFiles): readonly Partition[] {
  const manifests = files.export_runs.flatMap(manifestIn);
  const compared = new Set(files.snapshot_changes.map(comparedIn));
  return manifests.flatMap(({ instance_id, snapshot_date, run_id }, index) => {
    const previous = manifests[index - 1];
    if (previous?.instance_id !== instance_id) return [];
    if (compared.has(nameOf(instance_id, run_id, previous.run_id))) return [];
    return [{ instanceId: instance_id, snapshotDate: snapshot_date }];
  });
}

/**
 * Says what an answer leaves out because a folder lacks changes, as one of an earlier version does; nothing where the question is
 * not about changes, or all are there.
 *
 * @param sql the question
 * @param place where the files are, as a person named it
 */
export function changesLeftOut(
  files: PublishedFiles,
  sql: string,
  place: string,
): readonly string[] {
  if (!tablesRead(sql).has('snapshot_changes')) return [];
  const missing = notCompared(files);
  return missing.length === 0 ? [] : [leftOut(missing.length, place)];
}

/**
 * The sentence on changes that are missing or of other runs.
 *
 * @param snapshots the number of those whose changes an answer leaves out
 * @param place where they are, as a person named it
 */
export function leftOut(snapshots: number, place: string): string {
  const whose = snapshots === 1 ? 'one snapshot' : `${snapshots} snapshots`;
  return `The changes of ${whose} are missing or out of date, and the answer is not complete: run npx ${COMMAND_NAME} derive --out ${place}.`;
}
