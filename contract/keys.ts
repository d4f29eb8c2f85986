/**
 * Where every object lies in the bucket (or under the output folder).
 *
 * `snapshots/`, `attributes/` and `manifests/`, and `latest/`, `changes/` and `coverage-targets/` which are derived, are the
 * locations of Athena tables: nothing else may ever be put there. Working files live under `runs/` and expire.
 */

/** The snapshots of all instances; table `user_proficiencies`. */
export const SNAPSHOTS_PREFIX = 'snapshots/';
/** Connect's predefined attributes, beside each snapshot; table `predefined_attributes`. */
export const ATTRIBUTES_PREFIX = 'attributes/';
/** The manifests of all snapshots; table `export_runs`. */
export const MANIFESTS_PREFIX = 'manifests/';
/** The newest snapshot of each instance; table `latest_user_proficiencies`. */
export const LATEST_PREFIX = 'latest/';
/** What differs from snapshot to snapshot; table `snapshot_changes`. */
export const CHANGES_PREFIX = 'changes/';
export const COVERAGE_TARGETS_PREFIX = 'coverage-targets/';
export const RUNS_PREFIX = 'runs/';

/** Written by people, for all instances of the bucket: how many agents of which level they want. Only ever read. */
export const TARGETS_FILE_KEY = 'targets/coverage.csv';

/** The targets of that file, as tables want them; derived, replaced whole or not at all. */
export const COVERAGE_TARGETS_KEY = `${COVERAGE_TARGETS_PREFIX}targets.ndjson.gz`;

/** The template of the folder of one instance, with Athena's placeholder; shared with the table's partition projection. */
export const instanceTemplate = (prefix: string): string => `${prefix}instance_id=\${instance_id}/`;

/** The template of one partition's folder, with Athena's placeholders; shared with the table's partition projection. */
export const partitionTemplate = (prefix: string): string =>
  `${prefix}instance_id=\${instance_id}/snapshot_date=\${snapshot_date}/`;

const partition = (prefix: string, instanceId: string, snapshotDate: string): string =>
  `${prefix}instance_id=${instanceId}/snapshot_date=${snapshotDate}/`;

/** The one object that is the snapshot of an instance on a date; replaced whole or not at all. */
export const snapshotKey = (instanceId: string, snapshotDate: string): string =>
  `${partition(SNAPSHOTS_PREFIX, instanceId, snapshotDate)}proficiencies.ndjson.gz`;

/** The predefined attributes that go with a snapshot; written after it. */
export const attributesKey = (instanceId: string, snapshotDate: string): string =>
  `${partition(ATTRIBUTES_PREFIX, instanceId, snapshotDate)}attributes.ndjson.gz`;

/** The description of the published snapshot; written after all else. */
export const manifestKey = (instanceId: string, snapshotDate: string): string =>
  `${partition(MANIFESTS_PREFIX, instanceId, snapshotDate)}manifest.json`;

/** The rows of the newest published snapshot of an instance; derived, replaced whole or not at all. */
export const latestKey = (instanceId: string): string =>
  `${LATEST_PREFIX}instance_id=${instanceId}/proficiencies.ndjson.gz`;

/** What differs between the snapshot of that date and the published one before it; derived. */
export const changesKey = (instanceId: string, snapshotDate: string): string =>
  `${partition(CHANGES_PREFIX, instanceId, snapshotDate)}changes.ndjson.gz`;

/** The manifests of an instance lie under it. */
export const manifestsOf = (instanceId: string): string =>
  `${MANIFESTS_PREFIX}instance_id=${instanceId}/`;

/** The changes of an instance lie under it. */
export const changesOf = (instanceId: string): string =>
  `${CHANGES_PREFIX}instance_id=${instanceId}/`;

/** An instance and a date, as the keys of a snapshot and of its manifest name them. */
export interface Partition {
  readonly instanceId: string;
  readonly snapshotDate: string;
}

const PARTITION =
  /\binstance_id=(?<instanceId>[^/]+)\/snapshot_date=(?<snapshotDate>\d{4}-\d{2}-\d{2})\//;

/**
 * Reads a key of a snapshot, of attributes, of a manifest or of changes; files still being written have others.
 *
 * @param keyOf `snapshotKey`, `attributesKey`, `manifestKey` or `changesKey`
 * @returns `undefined` where it is the key of something else
 */
export function partitionIn(key: string, keyOf: typeof snapshotKey): Partition | undefined {
  const { instanceId, snapshotDate } = PARTITION.exec(key)?.groups ?? {};
  if (instanceId === undefined || snapshotDate === undefined) return undefined;
  return keyOf(instanceId, snapshotDate) === key ? { instanceId, snapshotDate } : undefined;
}

/** What the keys of one kind among these are of. */
export const partitionsIn = (keys: readonly string[], keyOf: typeof snapshotKey): Partition[] =>
  keys.flatMap((key) => partitionIn(key, keyOf) ?? []);

/** Who is exporting this instance at the moment, or did so last. */
export const leaseKey = (instanceId: string): string => `${RUNS_PREFIX}${instanceId}/lease.json`;

/** Under it each instance has an object that has been exported in the Region of late. */
export const atWorkPrefix = (region: string): string => `${RUNS_PREFIX}at-work/${region}/`;

/** Tells that the instance's lease is worth looking at; what counts is the lease. */
export const atWorkKey = (region: string, instanceId: string): string =>
  `${atWorkPrefix(region)}${instanceId}`;

/** Names a run: all its files lie under it. */
export interface RunKey {
  readonly instanceId: string;
  /** Sorts by the time at which the run was asked for: a later run has the greater id. */
  readonly runId: string;
}

const run = (instanceId: string, runId: string): string => `${RUNS_PREFIX}${instanceId}/${runId}/`;

/** How far a run is. */
export const stateKey = (instanceId: string, runId: string): string =>
  `${run(instanceId, runId)}state.json`;

/** The users that could not be exported, each with its error; one JSON object a line. */
export const failedKey = (instanceId: string, runId: string): string =>
  `${run(instanceId, runId)}failed.ndjson`;

const fiveDigits = (index: number): string => String(index).padStart(5, '0');

/** A closed gzip member: the rows of a contiguous range of the plan. */
export const partKey = (instanceId: string, runId: string, index: number): string =>
  `${run(instanceId, runId)}parts/${fiveDigits(index)}.ndjson.gz`;

/**
 * A page of the frozen user list.
 *
 * @param planId names the attempt at listing: a worker that was thought dead may still be writing
 *   its own pages, and must not be able to touch those of the plan that was chosen.
 */
export const planKey = (instanceId: string, runId: string, planId: string, index: number): string =>
  `${run(instanceId, runId)}plan/${planId}/${fiveDigits(index)}.ndjson.gz`;

/** The predefined attributes as they were when the plan was made; see `planKey`. */
export const plannedAttributesKey = (instanceId: string, runId: string, planId: string): string =>
  `${run(instanceId, runId)}plan/${planId}/attributes.ndjson.gz`;
