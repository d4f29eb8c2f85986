/**
 * What a deployment is like where nothing else is said: the one place of all committed defaults.
 *
 * Whether it is deployed by this app or as a construct within another one. A test compares the
 * documentation of the props with it.
 */
export const DEFAULTS = {
  /** Every night at two: contact centres are quiet then, and the quota is shared with their traffic. */
  schedule: 'cron(0 2 * * ? *)',
  timeZone: 'UTC',
  scheduleEnabled: true,
  /** A fifth of the quota stays free for everything else in the account that calls Connect. */
  quotaShare: 0.8,
  /** Measured (docs/adr/0011-worker-sizing.md): a slice waits for Connect, it does not compute. */
  memoryMiB: 512,
  /** A snapshot with a hole looks like a snapshot: opt in to holes. */
  allowedFailedUsers: 0,
  includeUsernames: true,
  /** History is the point of dated snapshots, and 10,000 users are about a megabyte a day. */
  snapshotRetentionDays: 'forever',
  /** Long enough to look into a failed run and to continue it, well beyond the longest run of 2 days. */
  workingFilesDays: 14,
  /** As long as Step Functions keeps the history of executions. */
  logRetentionDays: 90,
  /** A relative mention reads well in an alarm's e-mail, wherever the repository lives. */
  runbookUrl: 'docs/runbook.md',
} as const;

/**
 * Hours by which a snapshot may be later than the schedule's interval before someone is woken:
 * 15,000 users at 80 % of the default quota of 2 requests per second take 2.6 hours.
 */
export const SNAPSHOT_GRACE_HOURS = 3;
