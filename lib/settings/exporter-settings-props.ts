/**
 * How an exporter works. What is left out, or is `undefined`, has its default.
 *
 * All that is to be said about a setting is said here: what it means, what is accepted, its default and why.
 */
export interface ExporterSettingsProps {
  /**
   * The instances to export: ids or ARNs, at least one, each once, all of the stack's account and Region.
   *
   * The worker is allowed to read these and no others. An instance that you take out belongs
   * in `formerInstanceIds`; otherwise Athena no longer finds its snapshots.
   */
  readonly instanceIds: readonly string[];

  /**
   * Instances that are no longer exported: ids or ARNs, each once, none of them in `instanceIds`. The
   * snapshots they left stay in Athena's tables; nothing is read from them and no alarm waits for them.
   *
   * @default - none: Athena finds the snapshots of `instanceIds` alone, whatever else is in the bucket
   */
  readonly formerInstanceIds?: readonly string[] | undefined;

  /**
   * When runs are due: `cron(…)` or `rate(…)` of EventBridge Scheduler.
   *
   * Several runs of one date replace each other's snapshot: more than one a day refreshes, but adds no dates.
   *
   * @default cron(0 2 * * ? *) - every night at two: contact centres are quiet then, and the quota is
   *   shared with their traffic
   */
  readonly schedule?: string | undefined;

  /**
   * IANA name of the time zone that the schedule is read in, and that gives a snapshot its date.
   *
   * @default UTC - no hour is ever skipped or repeated
   */
  readonly timeZone?: string | undefined;

  /**
   * `false` leaves it to people to start runs; the schedule is deployed, but rests.
   *
   * @default true
   */
  readonly scheduleEnabled?: boolean | undefined;

  /**
   * The share of the account's applied Connect quota that a run may use: above 0, at most 1.
   *
   * @default 0.8 - a fifth stays free for everything else in the account that calls Connect
   */
  readonly quotaShare?: number | undefined;

  /**
   * A fixed rate instead of a share, in requests per second and operation: above 0, at most 100.
   *
   * @default - `quotaShare` of the applied quota, which follows the quota when it is raised
   */
  readonly requestsPerSecond?: number | undefined;

  /**
   * Memory of the worker, 256 to 10240 MiB; its share of a processor grows with it.
   *
   * @default 512 - measured (docs/adr/0011-worker-sizing.md): a slice waits for Connect, it does not compute
   */
  readonly memoryMiB?: number | undefined;

  /**
   * How many users may be missing from a snapshot that is published nevertheless, 0 to 1,000.
   *
   * @default 0 - a snapshot with holes looks like one without
   */
  readonly allowedFailedUsers?: number | undefined;

  /**
   * Whether rows carry login names. Many of them are e-mail addresses.
   *
   * @default true - an id alone means nothing to an analyst
   */
  readonly includeUsernames?: boolean | undefined;

  /**
   * What else rows say of a user: with `teams`, the routing profile, the place in the agent hierarchy and the tags; with `names`, the
   * first and last name too; with `off`, nothing.
   *
   * The worker may call the operations that give them only if this is not `off`.
   *
   * @default teams - planners ask by team, and a person's name is private
   */
  readonly includeUserDetails?: 'names' | 'teams' | 'off' | undefined;

  /**
   * Whether Connect's predefined attributes and their values are stored beside each snapshot. They say nothing about people.
   *
   * @default true - a few requests show which skills nobody has
   */
  readonly includePredefinedAttributes?: boolean | undefined;

  /**
   * What every write asks S3 to encrypt the object with: `AES256`, or `aws:kms` with the exporter's KMS
   * key, else the bucket's, else the key `aws/s3`. For bucket policies that demand the header
   * `x-amz-server-side-encryption`.
   *
   * @default - the header is not sent, and S3 applies the bucket's default encryption
   */
  readonly serverSideEncryption?: 'AES256' | 'aws:kms' | undefined;

  /**
   * Whether an event on the account's default event bus tells of each snapshot that is published. It holds counts and addresses, and
   * no user's data.
   *
   * @default true - it costs next to nothing, and reaches nobody who has no rule for it
   */
  readonly eventsEnabled?: boolean | undefined;

  /**
   * After how many days a snapshot and its manifest are gone, earlier versions included: at least 2, or `forever`.
   * Of the exporter's own bucket only: refused beside `bucket`. The last `oldVersionsDays` of them it is out of Athena's sight.
   *
   * @default forever - history is the point, and 10,000 users take about a megabyte a day
   */
  readonly snapshotRetentionDays?: number | 'forever' | undefined;

  /**
   * For how many days a snapshot or manifest that was replaced, deleted or has expired can still be brought
   * back, 1 to 365 and fewer than `snapshotRetentionDays`. Of the exporter's own bucket only: refused beside `bucket`.
   *
   * @default - 30: time to notice. Where `snapshotRetentionDays` is given, 1: who limits how long personal
   *   data is kept wants no second copy of it
   */
  readonly oldVersionsDays?: number | undefined;

  /**
   * After how many days the working files of a run are gone, 3 to 365. Of the exporter's own bucket only: refused beside `bucket`.
   * On the last of them they can be brought back, but no run finds them.
   *
   * @default 14 - time to examine and continue a run that failed, well beyond the longest run of 2 days
   */
  readonly workingFilesDays?: number | undefined;

  /**
   * How long logs are kept, in days that CloudWatch Logs offers.
   *
   * @default 90 - as long as Step Functions keeps the history of executions
   */
  readonly logRetentionDays?: number | undefined;

  /**
   * After how many hours without a new snapshot someone is told, 1 to 168 (as far back as an alarm
   * looks), or `off`.
   *
   * @default - the schedule's interval and 3 hours for the run; `off` if the schedule is not enabled.
   *   Must be given where a cron expression is not due every day
   */
  readonly snapshotExpectedWithinHours?: number | 'off' | undefined;

  /**
   * The first day that may have a snapshot, `yyyy-MM-dd`, from 2017-01-01 on and not in the future. Each query that names no
   * date makes Athena look for every day since.
   *
   * @default 2026-01-01 - before that this software did not exist
   */
  readonly firstSnapshotDate?: string | undefined;

  /**
   * Address of the runbook, which alarms link to, or its path in your repository; its headings are appended.
   *
   * @default docs/runbook.md - reads well in an alarm's e-mail, wherever the repository lives
   */
  readonly runbookUrl?: string | undefined;
}
