/** The CloudWatch namespace of everything the worker measures. */
export const METRICS_NAMESPACE = 'ConnectProficiencyExporter';

/** The one dimension: the instance id. */
export const INSTANCE_DIMENSION = 'InstanceId';

/** The names of the worker's metrics: the handler emits them, alarms and dashboard read them. */
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
} as const;
