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

/** What one slice answers. */
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
