import {
  ATTRIBUTES_PREFIX,
  CHANGES_PREFIX,
  COVERAGE_TARGETS_PREFIX,
  changesKey,
  MANIFESTS_PREFIX,
  manifestKey,
  type Partition,
  partitionIn,
  SNAPSHOTS_PREFIX,
  snapshotKey,
  TARGETS_FILE_KEY,
} from '../../contract/keys.ts';
import type { ListedObject } from '../../lambda/s3/list.ts';
import { chooseEditions, type Edition, type Wanted } from '../../report/editions.ts';
import { daysBefore, HISTORY_DAYS } from '../../report/facts.ts';
import { TABLES, type TableName } from '../../sql/tables.ts';
import { tablesOfDoubts } from '../query/doubts.ts';
import { leftOut } from '../query/not-compared.ts';
import type { GivenParameters } from '../query/parameters.ts';
import {
  damagedFile,
  noSnapshot,
  type PublishedFiles,
  perTable,
  publishedAmong,
} from '../query/published-files.ts';
import { toQuestion } from '../query/question.ts';
import { tablesRead } from '../query/tables-read.ts';
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

const partitionsOf = (keys: readonly string[], keyOf: typeof snapshotKey): Partition[] =>
  keys.flatMap((key) => partitionIn(key, keyOf) ?? []);

/**
 * The objects of rows, and the manifests of those that are snapshots.
 *
 * @throws ExportFailure DamagedRun where a snapshot is gone whose manifest is there
 */
function objectsOf(bucket: Bucket, listing: Listing, keys: PublishedFiles): ListedObject[] {
  const snapshots = [...keys.user_proficiencies, ...keys.latest_user_proficiencies];
  const manifests = partitionsOf(snapshots, snapshotKey).map(({ instanceId, snapshotDate }) =>
    manifestKey(instanceId, snapshotDate),
  );
  const gone = snapshots.find((key) => !listing.has(key));
  if (gone !== undefined) {
    throw damagedFile(bucket.uri(gone), 'is missing, but its manifest is there');
  }
  const all = new Set([...Object.values(keys).flat(), ...manifests]);
  return [...all].flatMap((key) => listing.get(key) ?? []);
}

/** A snapshot that is gone is asked for as well, so that its absence is told. */
function withThoseGone(published: PublishedFiles): PublishedFiles {
  const said = partitionsOf(published.export_runs, manifestKey).map(
    ({ instanceId, snapshotDate }) => snapshotKey(instanceId, snapshotDate),
  );
  const snapshots = new Set([...published.user_proficiencies, ...said]);
  return { ...published, user_proficiencies: [...snapshots].toSorted() };
}

/** Published snapshots that have one before them, but no changes. */
function withoutChanges({ export_runs, snapshot_changes }: PublishedFiles): number {
  const there = new Set(snapshot_changes);
  const published = partitionsOf(export_runs, manifestKey);
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
  const tables = new Set([...named, ...tablesOfDoubts(parameters)]);
  const listing = await listed(bucket, tables);
  const published = publishedAmong([...listing.keys()]);
  if (published.export_runs.length === 0) throw noSnapshot(place);

  const all = withThoseGone(published);
  const ofTables = (wanted: ReadonlySet<TableName>): PublishedFiles =>
    perTable((table) => (wanted.has(table) ? all[table] : []));
  const read = await keysRead(ofTables(named), question, query);
  const { latest_user_proficiencies } = ofTables(tables);
  const objects = objectsOf(bucket, listing, { ...read, latest_user_proficiencies });
  const targetsFile = named.has('coverage_targets') ? listing.get(TARGETS_FILE_KEY) : undefined;
  const missing = named.has('snapshot_changes') ? withoutChanges(published) : 0;
  return {
    objects: targetsFile ? [...objects, targetsFile] : objects,
    notes: missing > 0 ? [leftOut(missing, place)] : [],
  };
}

/** What the report on an edition shows: a month of runs, and what changed since the snapshot before. */
function isShown(
  { instanceId, date, previousDate }: Edition,
  { instanceId: id, snapshotDate }: Partition,
): boolean {
  const isInMonth = snapshotDate >= daysBefore(date, HISTORY_DAYS - 1) && snapshotDate <= date;
  return id === instanceId && (isInMonth || snapshotDate === previousDate);
}

/**
 * What a report needs.
 *
 * @throws ExportFailure InvalidRequest where there is no such snapshot
 */
export async function neededForReport(bucket: Bucket, wanted: Wanted): Promise<Needed> {
  const listing = await listed(bucket, new Set(TABLES.map(({ name }) => name)));
  const published = publishedAmong([...listing.keys()]);
  const partitions = partitionsOf(published.export_runs, manifestKey);
  const editions = chooseEditions(
    partitions.map(({ instanceId, snapshotDate }) => ({ instanceId, date: snapshotDate })),
    wanted,
  );
  const shown = partitions.filter((one) => editions.some((edition) => isShown(edition, one)));
  const keys = shown.flatMap(({ instanceId, snapshotDate }) =>
    [snapshotKey, manifestKey, changesKey].map((keyOf) => keyOf(instanceId, snapshotDate)),
  );
  // That the newest one is later is seen by its manifest.
  const newest = editions.flatMap(
    ({ instanceId }) => published.export_runs.findLast((key) => key.includes(instanceId)) ?? [],
  );
  const targets = [...published.coverage_targets, TARGETS_FILE_KEY];
  return {
    objects: [...new Set([...keys, ...newest, ...targets])].flatMap(
      (key) => listing.get(key) ?? [],
    ),
    notes: [],
  };
}
