import type { RemovalPolicy } from 'aws-cdk-lib';
import type { IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ITopic } from 'aws-cdk-lib/aws-sns';

/** How the proficiencies are exported, and what is brought along for it. */
export interface ProficiencyExporterProps {
  /**
   * The instances to export: ids or ARNs, at least one, each once, all of the stack's account and Region.
   *
   * The worker is allowed to read these and no others.
   */
  readonly instanceIds: readonly string[];

  /**
   * When runs are due: `cron(…)` or `rate(…)` of EventBridge Scheduler.
   *
   * Several runs of one date replace each other's snapshot: more than one a day refreshes, but adds no dates.
   *
   * @default cron(0 2 * * ? *) - every night at two, when contact centres are quiet
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
   * @default 0.8 - the quota is shared with everything else in the account that calls Connect
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
   * @default 512 - measured: docs/adr/0011-worker-sizing.md
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
   * How long snapshots and manifests are kept: days, or `forever`. Of the exporter's own bucket only.
   *
   * @default forever - history is the point, and 10,000 users take about a megabyte a day
   */
  readonly snapshotRetentionDays?: number | 'forever' | undefined;

  /**
   * How long the working files of runs are kept, 3 to 365 days. Of the exporter's own bucket only.
   *
   * @default 14 - time to examine and continue a run that failed
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
   * The first day that may have a snapshot, `yyyy-MM-dd`: queries look at no day before it.
   *
   * @default 2026-01-01 - before that this software did not exist
   */
  readonly firstSnapshotDate?: string | undefined;

  /**
   * Address of the runbook, which alarms link to; its headings are appended.
   *
   * @default docs/runbook.md - reads well, wherever the repository lives
   */
  readonly runbookUrl?: string | undefined;

  /**
   * A bucket of yours for all objects. It should keep versions, and working files below `runs/`
   * should expire; the exporter changes nothing about it.
   *
   * @default - a new, versioned, private bucket
   */
  readonly bucket?: IBucket | undefined;

  /**
   * Encrypts the objects of the bucket (if yours is given: the key that it uses) and Athena's results.
   * Its policy must let the account's IAM policies grant its use, as the default one does.
   *
   * @default - keys of S3 and Athena: no cost, and no key whose loss loses the snapshots
   */
  readonly encryptionKey?: IKey | undefined;

  /**
   * Where S3 delivers server access logs of the exporter's own bucket.
   *
   * @default - not logged; where reads must be accounted for, CloudTrail data events tell more
   */
  readonly accessLogsBucket?: IBucket | undefined;

  /**
   * Where alarms go. A topic of yours must allow `cloudwatch.amazonaws.com` to publish.
   *
   * @default - a new topic, which nobody is subscribed to yet
   */
  readonly alarmTopic?: ITopic | undefined;

  /**
   * The VPC to run the worker in. It needs a way to Connect, Service Quotas and S3: endpoints or NAT.
   *
   * @default - none: it calls public AWS endpoints only, with TLS
   */
  readonly vpc?: IVpc | undefined;

  /**
   * The subnets of `vpc`.
   *
   * @default - its private subnets
   */
  readonly vpcSubnets?: SubnetSelection | undefined;

  /**
   * What becomes of bucket and logs when the stack is deleted. A bucket that is not empty is kept in any case.
   *
   * @default RemovalPolicy.RETAIN - snapshots cannot be made again
   */
  readonly removalPolicy?: RemovalPolicy | undefined;
}
