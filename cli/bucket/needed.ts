import {
  ATTRIBUTES_PREFIX,
  CHANGES_PREFIX,
  COVERAGE_TARGETS_PREFIX,
  changesKey,
  MANIFESTS_PREFIX,
  manifestKey,
  type Partition,
  partitionIn,
  partitionsIn,
  SNAPSHOTS_PREFIX,
  snapshotKey,
  TARGETS_FILE_KEY,
} from '../../contract/keys.ts';
import type { ListedObject } from '../../lambda/s3/list.ts';
import { chooseEditions, type Edition, type Wanted } from '../../report/editions.ts';
import { daysBefore, HISTORY_DAYS } from '../../report/facts.ts';
import { TABLES, type TableName } from '../../sql/tables.ts';
import { nothingCompared, within } from '../query/dates-asked.ts';
import { leftOut } from '../query/not-compared.ts';
import type { GivenParameters } from '../query/parameters.ts';
import {
  damagedFile,
  noSnapshot,
  ofTables,
  type PublishedFiles,
  publishedAmong,
} from '../query/published-files.ts';
import { toQuestion } from '../query/question.ts';
import { tablesNeeded, tablesRead } from '../query/tables-read.ts';
import type { Bucket } from './bucket.ts';
import { keysRead } from './files-read.ts';

/** What a question needs of a bucket. */
export interface Needed {
  readonly objects: readonly ListedObject[];
  /** What should be known about the answer. */
  readonly notes: readonly string[];
}

/** The folders in which the rows of a table are, and what is compared with them. */
const FOLDERS: Readonly<Record<TableName, readonly string[]>> = {
  user_proficiencies: [SNAPSHOTS_PREFIX, MANIFESTS_PREFIX],
  latest_user_proficiencies: [SNAPSHOTS_PREFIX, MANIFESTS_PREFIX],
  export_runs: [MANIFESTS_PREFIX],
  snapshot_changes: [CHANGES_PREFIX, MANIFESTS_PREFIX],
  predefined_attributes: [ATTRIBUTES_PREFIX, MANIFESTS_PREFIX],
  coverage_targets: [COVERAGE_TARGETS_PREFIX, TARGETS_FILE_KEY],
};

type Listing = ReadonlyMap<string, ListedObject>;

async function listed(bucket: Bucket, tables: Iterable<TableName>): Promise<Listing> {
  // Whether there is anything at all is seen by the manifests.
  const folders = new Set([MANIFESTS_PREFIX, ...[...tables].flatMap((table) => FOLDERS[table])]);
  const objects = new Map<string, ListedObject>();
  for (const folder of folders) {
    for await (const object of bucket.list(folder)) objects.set(object.key, object);
  }
  return objects;
}

/**
 * The objects with these keys, as far as they are there.
 *
 * @throws ExportFailure DamagedRun where a snapshot is gone
 */
function objectsOf(bucket: Bucket, listing: Listing, keys: readonly string[]): ListedObject[] {
  const gone = keys.find((key) => partitionIn(key, snapshotKey) && !listing.has(key));
  if (gone !== undefined) {
    throw damagedFile(bucket.uri(gone), 'is missing, but its manifest is there');
  }
  return [...new Set(keys)].flatMap((key) => listing.get(key) ?? []);
}

/** All that is published. A snapshot that is gone counts, so that its absence is told to whoever needs it. */
function publishedIn(listing: Listing): PublishedFiles {
  const keys = [...listing.keys()];
  const said = partitionsIn(keys, manifestKey).map(({ instanceId, snapshotDate }) =>
    snapshotKey(instanceId, snapshotDate),
  );
  return publishedAmong([...new Set([...keys, ...said])]);
}

/** Of snapshots; their sizes are compared with what these say. */
const manifestsOf = (snapshots: readonly string[]): string[] =>
  partitionsIn(snapshots, snapshotKey).map(({ instanceId, snapshotDate }) =>
    manifestKey(instanceId, snapshotDate),
  );

/** Published snapshots that have one before them, but no changes. */
function withoutChanges({ export_runs, snapshot_changes }: PublishedFiles): number {
  const there = new Set(snapshot_changes);
  const published = partitionsIn(export_runs, manifestKey);
  return published.filter(
    ({ instanceId, snapshotDate }, index) =>
      published[index - 1]?.instanceId === instanceId &&
      !there.has(changesKey(instanceId, snapshotDate)),
  ).length;
}

/**
 * What the answer to a query needs: of the tables that it names, the dates and instances that it names.
 *
 * @param place the bucket as the person named it
 * @throws WrongUsage where the query is wrong
 * @throws ExportFailure InvalidRequest where there is no snapshot
 */
export async function neededForQuery(
  bucket: Bucket,
  place: string,
  query: string,
  parameters: GivenParameters,
): Promise<Needed> {
  const question = toQuestion(query, parameters);
  const named = tablesRead(question.sql);
  const tables = tablesNeeded(question.sql, parameters);
  const listing = await listed(bucket, tables);
  const published = publishedIn(listing);
  if (published.export_runs.length === 0) throw noSnapshot(place);

  const { keys, spans } = await keysRead(ofTables(published, named), question, query);
  const { latest_user_proficiencies: newest } = ofTables(published, tables);
  const objects = objectsOf(bucket, listing, [
    ...Object.values(keys).flat(),
    ...newest,
    ...manifestsOf([...keys.user_proficiencies, ...newest]),
    ...(named.has('coverage_targets') ? [TARGETS_FILE_KEY] : []),
  ]);
  const missing = named.has('snapshot_changes') ? withoutChanges(within(published, spans)) : 0;
  return {
    objects,
    notes: [
      ...nothingCompared(published.export_runs, spans),
      ...(missing > 0 ? [leftOut(missing, place)] : []),
    ],
  };
}

/** Whether a snapshot is one of those up to an edition's. */
const isUpTo = ({ instanceId, date }: Edition, one: Partition): boolean =>
  one.instanceId === instanceId && one.snapshotDate <= date;

/** Whether the report on an edition looks at the rows of a snapshot: a month of runs, and the snapshot before. */
const areRowsShown = ({ date, previousDate }: Edition, { snapshotDate }: Partition): boolean =>
  snapshotDate >= daysBefore(date, HISTORY_DAYS - 1) || snapshotDate === previousDate;

/** Of a snapshot, what the report on an edition needs: trends are worked out from the changes of all days. */
function shownOf(edition: Edition, { instanceId, snapshotDate }: Partition): readonly string[] {
  const keysOf = [manifestKey, changesKey];
  const all = areRowsShown(edition, { instanceId, snapshotDate })
    ? [snapshotKey, ...keysOf]
    : keysOf;
  return all.map((keyOf) => keyOf(instanceId, snapshotDate));
}

/**
 * What a report needs.
 *
 * @throws ExportFailure InvalidRequest where there is no such snapshot
 */
export async function neededForReport(bucket: Bucket, wanted: Wanted): Promise<Needed> {
  const listing = await listed(bucket, new Set(TABLES.map(({ name }) => name)));
  const published = publishedIn(listing);
  const partitions = partitionsIn(published.export_runs, manifestKey);
  const editions = chooseEditions(
    partitions.map(({ instanceId, snapshotDate }) => ({ instanceId, date: snapshotDate })),
    wanted,
  );
  const keys = editions.flatMap((edition) =>
    partitions.filter((one) => isUpTo(edition, one)).flatMap((one) => shownOf(edition, one)),
  );
  // That the newest one is later is seen by its manifest.
  const newest = editions.flatMap(
    ({ instanceId }) => published.export_runs.findLast((key) => key.includes(instanceId)) ?? [],
  );
  const targets = [...published.coverage_targets, TARGETS_FILE_KEY];
  return { objects: objectsOf(bucket, listing, [...keys, ...newest, ...targets]), notes: [] };
}
