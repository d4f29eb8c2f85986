/** The CloudWatch namespace of everything that is measured. */
export const METRICS_NAMESPACE = 'ConnectProficiencyExporter';

/** The one dimension: the instance id. */
export const INSTANCE_DIMENSION = 'InstanceId';

/** The names of the metrics: the functions emit them, alarms and dashboard read them. */
export const METRICS = {
  /** Rows written by this slice. */
  usersExported: 'UsersExported',
  /** Users without an answer when a run ends, published or given up; nothing while it goes on. */
  usersFailed: 'UsersFailed',
  /** Users that Connect no longer knew, met by this slice. */
  usersDeleted: 'UsersDeletedDuringRun',
  proficiencies: 'Proficiencies',
  /** Every attempt sent to Connect by this slice, throttled ones included. */
  requests: 'ConnectRequests',
  throttled: 'ConnectThrottled',
  sliceSeconds: 'SliceSeconds',
  /** Compressed size of the snapshot just published. */
  snapshotBytes: 'SnapshotBytes',
  /** 1 at the time at which a snapshot became visible; may be sent again for the same one. */
  snapshotPublished: 'SnapshotPublished',
  /**
   * 1 where data could not be derived from a snapshot that was published, or no event could tell of it; nothing otherwise. Put
   * by the workflow: it must come where a function does not.
   */
  derivedDataFailed: 'DerivedDataFailed',
  /**
   * Coverage targets that too few agents of the newest snapshot meet; nothing where there have never been targets, or none can be
   * read. Emitted by the deriver.
   */
  coverageGaps: 'CoverageGaps',
} as const;
