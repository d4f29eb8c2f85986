import { z } from 'zod';
import { BUCKET_NAME } from '../../contract/bucket-name.ts';
import { SERVER_SIDE_ENCRYPTIONS } from '../../contract/encryption.ts';
import { MOST_FAILED_USERS } from '../../contract/failure.ts';
import { parseInstance } from '../../contract/instance.ts';
import { isRegion } from '../../contract/region.ts';
import { isScheduleExpression } from '../../contract/schedule-expression.ts';
import { isTimeZone } from '../../contract/time-zone.ts';
import { ConfigurationError } from './configuration-error.ts';
import { tags } from './tags.ts';
import {
  hasNoDuplicates,
  idsOf,
  KEY_ARN,
  LOG_RETENTIONS,
  list,
  number,
  trueOrFalse,
  wholeNumber,
} from './values.ts';

/** How a person finds what to configure. */
const HOW_TO_FIND_INSTANCE_IDS =
  'find it with "aws connect list-instances" or in the Amazon Connect console, at the end of the instance\'s ARN';

/** Amazon Connect was launched in March 2017. */
const EARLIEST_SNAPSHOT = '2017-01-01';

/**
 * The settings of an exporter, as people give them: in cdk.json, on the command line or as props.
 *
 * All that is to be said about a setting is said here: what it means, what is accepted, its default and why.
 * The props of the construct are inferred from it, comments included. Each description completes the
 * sentence "<key> is <value>, expected …".
 */
export const exporterSettingsSchema = z.strictObject({
  /**
   * The instances to export: ids or ARNs, at least one, each once, all of the stack's account and Region.
   *
   * The worker is allowed to read these and no others. An instance that you take out belongs
   * in `formerInstanceIds`; otherwise Athena no longer finds its snapshots.
   */
  instanceIds: list
    .refine((items) => items.every((item) => parseInstance(item)) && hasNoDuplicates(items))
    .describe(
      `one or more different Amazon Connect instance ids (lower-case UUIDs) or instance ARNs, separated by commas, as in -c instanceIds=…,…; ${HOW_TO_FIND_INSTANCE_IDS}`,
    ),

  /**
   * Instances that are no longer exported: ids or ARNs, each once, none of them in `instanceIds`. The
   * snapshots they left stay in Athena's tables; nothing is read from them and no alarm waits for them.
   *
   * @default - none: Athena finds the snapshots of `instanceIds` alone, whatever else is in the bucket
   */
  formerInstanceIds: list
    .refine((items) => items.every((item) => parseInstance(item)) && hasNoDuplicates(items))
    .optional()
    .describe(
      'one or more different Amazon Connect instance ids (lower-case UUIDs) or instance ARNs, separated by commas',
    ),

  /**
   * When runs are due: `cron(…)` or `rate(…)` of EventBridge Scheduler.
   *
   * Several runs of one date replace each other's snapshot: more than one a day refreshes, but adds no dates.
   *
   * @default cron(0 2 * * ? *) - every night at two: contact centres are quiet then, and the quota is
   *   shared with their traffic
   */
  schedule: z
    .string()
    .refine(isScheduleExpression)
    .default('cron(0 2 * * ? *)')
    .describe('a schedule of EventBridge Scheduler such as cron(0 2 * * ? *) or rate(12 hours)'),

  /**
   * IANA name of the time zone that the schedule is read in, and that gives a snapshot its date.
   *
   * @default UTC - no hour is ever skipped or repeated
   */
  timeZone: z
    .string()
    .refine(isTimeZone)
    .default('UTC')
    .describe('the IANA name of a time zone such as Europe/Berlin or UTC'),

  /**
   * `false` leaves it to people to start runs; the schedule is deployed, but rests.
   *
   * @default true
   */
  scheduleEnabled: trueOrFalse.default(true).describe('true or false'),

  /**
   * The share of the account's applied Connect quota that a run may use: above 0, at most 1.
   *
   * @default 0.8 - a fifth stays free for everything else in the account that calls Connect
   */
  quotaShare: number(z.number().positive().max(1))
    .optional()
    .describe('a share of the Connect quota above 0 and at most 1, such as 0.8'),

  /**
   * A fixed rate instead of a share, in requests per second and operation: above 0, at most 100.
   *
   * @default - `quotaShare` of the applied quota, which follows the quota when it is raised
   */
  // The upper bound catches requests per minute given by mistake.
  requestsPerSecond: number(z.number().positive().max(100))
    .optional()
    .describe('requests per second above 0 and at most 100; the default quota of Connect is 2'),

  /**
   * Memory of the worker, 256 to 10240 MiB; its share of a processor grows with it.
   *
   * @default 512 - measured (docs/adr/0011-worker-sizing.md): a slice waits for Connect, it does not compute
   */
  memoryMiB: wholeNumber(256, 10_240)
    .default(512)
    .describe('a whole number of MiB from 256 to 10240'),

  /**
   * How many users may be missing from a snapshot that is published nevertheless, 0 to 1,000.
   *
   * @default 0 - a snapshot with holes looks like one without
   */
  allowedFailedUsers: wholeNumber(0, MOST_FAILED_USERS)
    .default(0)
    .describe(`how many users a snapshot may lack, a whole number from 0 to ${MOST_FAILED_USERS}`),

  /**
   * Whether rows carry login names. Many of them are e-mail addresses.
   *
   * @default true - an id alone means nothing to an analyst
   */
  includeUsernames: trueOrFalse.default(true).describe('true or false'),

  /**
   * What every write asks S3 to encrypt the object with: `AES256`, or `aws:kms` with the exporter's KMS
   * key, else the bucket's, else the key `aws/s3`. For bucket policies that demand the header
   * `x-amz-server-side-encryption`.
   *
   * @default - the header is not sent, and S3 applies the bucket's default encryption
   */
  serverSideEncryption: z
    .enum(SERVER_SIDE_ENCRYPTIONS)
    .optional()
    .describe(SERVER_SIDE_ENCRYPTIONS.join(' or ')),

  /**
   * Whether an event on the account's default event bus tells of each snapshot that is published. It holds counts and addresses, and
   * no user's data.
   *
   * @default true - it costs next to nothing, and reaches nobody who has no rule for it
   */
  eventsEnabled: trueOrFalse.default(true).describe('true or false'),

  /**
   * After how many days a snapshot and its manifest are gone, earlier versions included: at least 2, or `forever`.
   * Of the exporter's own bucket only. The last `oldVersionsDays` of them it is out of Athena's sight.
   *
   * @default forever - history is the point, and 10,000 users take about a megabyte a day
   */
  snapshotRetentionDays: z
    .union([z.literal('forever'), wholeNumber(2, 36_500)])
    .default('forever')
    .describe('a whole number of days from 2 to 36500, or forever'),

  /**
   * For how many days a snapshot or manifest that was replaced, deleted or has expired can still be brought
   * back, 1 to 365 and fewer than `snapshotRetentionDays`. Of the exporter's own bucket only.
   *
   * @default - 30: time to notice. Where `snapshotRetentionDays` is given, 1: who limits how long personal
   *   data is kept wants no second copy of it
   */
  oldVersionsDays: wholeNumber(1, 365).optional().describe('a whole number of days from 1 to 365'),

  /**
   * After how many days the working files of a run are gone, 3 to 365. Of the exporter's own bucket only.
   * On the last of them they can be brought back, but no run finds them.
   *
   * @default 14 - time to examine and continue a run that failed, well beyond the longest run of 2 days
   */
  workingFilesDays: wholeNumber(3, 365)
    .default(14)
    .describe('a whole number of days from 3 (a run may take 2) to 365'),

  /**
   * How long logs are kept, in days that CloudWatch Logs offers.
   *
   * @default 90 - as long as Step Functions keeps the history of executions
   */
  logRetentionDays: wholeNumber(1, 3653)
    .refine((days) => LOG_RETENTIONS.includes(days))
    .default(90)
    .describe(`a number of days that CloudWatch Logs offers: ${LOG_RETENTIONS.join(', ')}`),

  /**
   * After how many hours without a new snapshot someone is told, 1 to 168 (as far back as an alarm
   * looks), or `off`.
   *
   * @default - the schedule's interval and 3 hours for the run; `off` if the schedule is not enabled.
   *   Must be given where a cron expression is not due every day
   */
  snapshotExpectedWithinHours: z
    .union([z.literal('off'), wholeNumber(1, 168)])
    .optional()
    .describe('a whole number of hours from 1 to 168, or off'),

  /**
   * The first day that may have a snapshot, `yyyy-MM-dd`, from 2017-01-01 on and not in the future. Each query that names no date makes Athena
   * look for every day since.
   *
   * @default 2026-01-01 - before that this software did not exist
   */
  firstSnapshotDate: z.iso
    .date()
    .refine((date) => date >= EARLIEST_SNAPSHOT)
    .default('2026-01-01')
    .describe(`a date such as 2026-01-01, not before ${EARLIEST_SNAPSHOT}`),

  /**
   * Address of the runbook, which alarms link to, or its path in your repository; its headings are appended.
   *
   * @default docs/runbook.md - reads well in an alarm's e-mail, wherever the repository lives
   */
  runbookUrl: z
    .string()
    .regex(/^(https?:\/\/[^\s#/]+(\/[^\s#]*)?|([^\s#:]*\/)?runbook\.md)$/)
    .default('docs/runbook.md')
    .describe(
      'an address such as https://example.com/runbook, or a path to runbook.md, without spaces and without #',
    ),
});

/** What an app adds to the exporter's settings: where it is deployed, and what is named by text there. */
export const settingsSchema = z.strictObject({
  ...exporterSettingsSchema.shape,

  /** @default - where the instances' ARNs point, else the account of the credentials */
  account: z
    .string()
    .regex(/^\d{12}$/)
    .optional()
    .describe('an AWS account id of 12 digits, in quotes where it is JSON'),

  /**
   * A Region of any partition, by its name. Not compared with a list: there are Regions that are newer than any.
   *
   * @default - where the instances' ARNs point, else the Region of the credentials
   */
  region: z.string().refine(isRegion).optional().describe('an AWS Region such as us-east-1'),

  /** Is told of alarms by e-mail and must confirm that once. @default - nobody */
  alarmEmail: z.email().optional().describe('an e-mail address'),

  /**
   * Encrypts bucket, Athena's results, log groups, the functions' environment, topic and queue; a key of the instances' Region.
   *
   * @default - keys of AWS
   */
  kmsKeyArn: z.string().regex(KEY_ARN).optional().describe('the ARN of a KMS key, not of an alias'),

  /**
   * The bucket to which S3 delivers access logs of the exporter's bucket, in the same account and Region.
   *
   * @default - not logged; CloudTrail data events tell more
   */
  accessLogsBucketName: z
    .string()
    .regex(BUCKET_NAME)
    .optional()
    .describe('the name of an S3 bucket, not its ARN'),

  /**
   * The VPC to run the functions in, together with `subnetIds`.
   *
   * @default - none: the functions call public AWS endpoints only, with TLS
   */
  vpcId: z
    .string()
    .regex(/^vpc-[0-9a-f]{8,17}$/)
    .optional()
    .describe('the id of a VPC such as vpc-0123456789abcdef0'),

  /**
   * The subnets of `vpcId`, at most 16 (AWS Lambda API Reference, VpcConfig). They need a way to Connect, Service Quotas and S3:
   * endpoints or NAT.
   *
   * @default - none, as `vpcId`
   */
  subnetIds: idsOf('subnet', 16)
    .optional()
    .describe(
      '1 to 16 different ids of subnets such as subnet-0123456789abcdef0, separated by commas',
    ),

  /**
   * The security groups of the functions in `vpcId`, at most 5 (AWS Lambda API Reference, VpcConfig). They must let HTTPS out;
   * nothing comes in.
   *
   * @default - a new one that lets everything out, where a VPC is given
   */
  securityGroupIds: idsOf('sg', 5)
    .optional()
    .describe(
      '1 to 5 different ids of security groups such as sg-0123456789abcdef0, separated by commas',
    ),

  /**
   * Tags of all that can be tagged, by key: at most 49, with keys of up to 128 and values of up to 256 characters.
   *
   * @default - none but `application`, which tells the exporter's costs apart
   */
  tags: tags
    .optional()
    .describe(
      'tags such as {"owner": "contact centre"} in cdk.json, or -c tags=owner=contact,cost-centre=4711',
    ),

  /**
   * What the names of the roles begin with, for accounts that allow roles by their names.
   *
   * @default - CloudFormation names them, after the stack
   */
  roleNamePrefix: z
    .string()
    .regex(/^[\w-]{1,32}$/)
    .optional()
    .describe('1 to 32 letters, digits, hyphens or underscores'),

  /**
   * What becomes of bucket and logs when the stack is deleted.
   *
   * @default retain - snapshots cannot be made again
   */
  removalPolicy: z.enum(['retain', 'destroy']).default('retain').describe('retain or destroy'),
});

/** The settings of an exporter, checked; where nothing was given, the default. */
export type ExporterSettings = z.output<typeof exporterSettingsSchema>;

/** The settings of a deployment, checked; where nothing was given, the default. */
export type Settings = z.output<typeof settingsSchema>;

/**
 * Parses settings.
 *
 * @throws ConfigurationError with a sentence for each key that is wrong, missing or unknown
 */
export function parseSettings<T extends Record<string, z.ZodType>>(
  schema: z.ZodObject<T>,
  given: Readonly<Record<string, unknown>>,
): z.output<z.ZodObject<T>> {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const { issues } = parsed.error;
  // Of several things that are wrong with a value, the first one is told.
  const wrong = new Map(issues.toReversed().map((issue) => [issue.path[0], issue]));
  const unknown = issues.flatMap((issue) => (issue.code === 'unrecognized_keys' ? issue.keys : []));
  const keys = Object.keys(schema.shape);
  throw new ConfigurationError([
    ...Object.entries(schema.shape)
      .filter(([key]) => wrong.has(key))
      .map(([key, { description }]) =>
        wrongValue(key, given[key], said(wrong.get(key)) ?? description),
      ),
    ...unknown.map((key) => `${key} is not a setting, expected one of ${keys.join(', ')}.`),
  ]);
}

/** What a refinement says of its own, where the description of the setting does not say it. */
const said = (issue: z.core.$ZodIssue | undefined): string | undefined =>
  issue?.code === 'custom' && issue.message !== 'Invalid input' ? issue.message : undefined;

const wrongValue = (key: string, value: unknown, expected: string | undefined): string =>
  `${key} is ${value === undefined ? 'missing' : JSON.stringify(value)}, expected ${expected}.`;
