export const WORKER_STATUSES = [
  /** The slice is over, the run is not: invoke again with the same `runId`. */
  'IN_PROGRESS',
  /** The snapshot is visible. */
  'PUBLISHED',
  /** This very run had already published; nothing was done. */
  'ALREADY_PUBLISHED',
  /** Another run or worker is exporting this instance; nothing was done. */
  'SKIPPED',
  /** A newer run has already published this date; its snapshot stays. */
  'SUPERSEDED',
] as const;

export type WorkerStatus = (typeof WORKER_STATUSES)[number];

/** What one slice answers (contract C2). */
export interface WorkerResult {
  readonly status: WorkerStatus;
  readonly instanceId: string;
  readonly runId: string;
  /** `yyyy-MM-dd` in the schedule's time zone. */
  readonly snapshotDate: string;
  readonly usersTotal: number;
  /** Users with an outcome: exported, deleted meanwhile or failed. */
  readonly usersDone: number;
  readonly usersFailed: number;
  /** 0–100, rounded down: 100 only when no user is left. */
  readonly percent: number;
  /** From the pace of this slice; 0 when nothing is left. */
  readonly estimatedSecondsLeft: number;
  readonly snapshotUri?: string;
  readonly manifestUri?: string;
  /**
   * Seconds until the lease of the other run ends, for SKIPPED: by then that run has renewed it, or it is dead and its
   * instance can be taken over. Absent where another worker of the same run is ahead.
   */
  readonly retryAfterSeconds?: number;
  /** Why nothing was done, for SKIPPED, SUPERSEDED and ALREADY_PUBLISHED. */
  readonly reason?: string;
}

export const FAILURE_NAMES = [
  /** The event or the configuration is wrong; trying again cannot help. */
  'InvalidRequest',
  /** The credentials lack a permission; the message names the action. */
  'AccessDenied',
  /** Connect does not know the instance in this Region. */
  'InstanceNotFound',
  /** More users failed than are allowed; the parts are kept. */
  'IncompleteSnapshot',
  /** A whole slice passed without one more user done. */
  'NoProgress',
  /** A working file is not what this run wrote. */
  'DamagedRun',
  /** The run's state was written by a version of this software that this one does not know. */
  'UnknownStateVersion',
  /** Connect or the store did not answer properly for longer than a slice's patience; trying again may help. */
  'ServiceUnavailable',
] as const;

export type FailureName = (typeof FAILURE_NAMES)[number];

/**
 * A run with more failed users than this gives up at once; no run can be allowed more. Its state keeps
 * each of them.
 */
export const MOST_FAILED_USERS = 1000;

/** A failure with a name that a workflow can match and one sentence that a person can act on. */
export class ExportFailure extends Error {
  override readonly name: FailureName;

  constructor(name: FailureName, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = name;
  }
}
