import { z } from 'zod';
import { BUCKET_NAME } from '../../contract/bucket-name.ts';
import { SERVER_SIDE_ENCRYPTIONS } from '../../contract/encryption.ts';
import { MOST_FAILED_USERS } from '../../contract/failure.ts';
import { parseInstance } from '../../contract/instance.ts';
import { isRegion } from '../../contract/region.ts';
import { isScheduleExpression } from '../../contract/schedule-expression.ts';
import { isTimeZone } from '../../contract/time-zone.ts';
import { DEFAULT_USER_DETAILS, USER_DETAILS } from '../../contract/user-details.ts';
import { ConfigurationError } from './configuration-error.ts';
import type { ExporterSettingsProps } from './exporter-settings-props.ts';
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

/** A bucket of theirs, which may be left out. */
const bucketName = z
  .string()
  .regex(BUCKET_NAME)
  .optional()
  .describe('the name of an S3 bucket, not its ARN');

/**
 * The settings of an exporter, as people give them: in cdk.json, on the command line or as props.
 *
 * What they mean is said where they are props. Each description completes the sentence "<key> is <value>, expected …".
 */
export const exporterSettingsSchema = z.strictObject({
  instanceIds: list
    .refine((items) => items.every((item) => parseInstance(item)) && hasNoDuplicates(items))
    .describe(
      `one or more different Amazon Connect instance ids (lower-case UUIDs) or instance ARNs, separated by commas, as in -c instanceIds=…,…; ${HOW_TO_FIND_INSTANCE_IDS}`,
    ),

  formerInstanceIds: list
    .refine((items) => items.every((item) => parseInstance(item)) && hasNoDuplicates(items))
    .optional()
    .describe(
      'one or more different Amazon Connect instance ids (lower-case UUIDs) or instance ARNs, separated by commas',
    ),

  schedule: z
    .string()
    .refine(isScheduleExpression)
    .default('cron(0 2 * * ? *)')
    .describe('a schedule of EventBridge Scheduler such as cron(0 2 * * ? *) or rate(12 hours)'),

  timeZone: z
    .string()
    .refine(isTimeZone)
    .default('UTC')
    .describe('the IANA name of a time zone such as Europe/Berlin or UTC'),

  scheduleEnabled: trueOrFalse.default(true).describe('true or false'),

  quotaShare: number(z.number().positive().max(1))
    .optional()
    .describe('a share of the Connect quota above 0 and at most 1, such as 0.8'),

  // The upper bound catches requests per minute given by mistake.
  requestsPerSecond: number(z.number().positive().max(100))
    .optional()
    .describe('requests per second above 0 and at most 100; the default quota of Connect is 2'),

  memoryMiB: wholeNumber(256, 10_240)
    .default(512)
    .describe('a whole number of MiB from 256 to 10240'),

  allowedFailedUsers: wholeNumber(0, MOST_FAILED_USERS)
    .default(0)
    .describe(`how many users a snapshot may lack, a whole number from 0 to ${MOST_FAILED_USERS}`),

  includeUsernames: trueOrFalse.default(true).describe('true or false'),

  includeUserDetails: z
    .enum(USER_DETAILS)
    .default(DEFAULT_USER_DETAILS)
    .describe('names, teams or off'),

  includePredefinedAttributes: trueOrFalse.default(true).describe('true or false'),

  serverSideEncryption: z
    .enum(SERVER_SIDE_ENCRYPTIONS)
    .optional()
    .describe(SERVER_SIDE_ENCRYPTIONS.join(' or ')),

  eventsEnabled: trueOrFalse.default(true).describe('true or false'),

  snapshotRetentionDays: z
    .union([z.literal('forever'), wholeNumber(2, 36_500)])
    .default('forever')
    .describe('a whole number of days from 2 to 36500, or forever'),

  oldVersionsDays: wholeNumber(1, 365).optional().describe('a whole number of days from 1 to 365'),

  workingFilesDays: wholeNumber(3, 365)
    .default(14)
    .describe('a whole number of days from 3 (a run may take 2) to 365'),

  logRetentionDays: wholeNumber(1, 3653)
    .refine((days) => LOG_RETENTIONS.includes(days))
    .default(90)
    .describe(`a number of days that CloudWatch Logs offers: ${LOG_RETENTIONS.join(', ')}`),

  snapshotExpectedWithinHours: z
    .union([z.literal('off'), wholeNumber(1, 168)])
    .optional()
    .describe('a whole number of hours from 1 to 168, or off'),

  firstSnapshotDate: z.iso
    .date()
    .refine((date) => date >= EARLIEST_SNAPSHOT)
    .default('2026-01-01')
    .describe(`a date such as 2026-01-01, not before ${EARLIEST_SNAPSHOT}`),

  runbookUrl: z
    .string()
    .regex(/^(https?:\/\/[^\s#/]+(\/[^\s#]*)?|([^\s#:]*\/)?runbook\.md)$/)
    .default('docs/runbook.md')
    .describe(
      'an address such as https://example.com/runbook, or a path to runbook.md, without spaces and without #',
    ),
} satisfies { [K in keyof ExporterSettingsProps]-?: z.ZodType<ExporterSettingsProps[K]> });

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
  accessLogsBucketName: bucketName,

  /**
   * The bucket to which Athena writes the answers to queries of the workgroup, in the same account and Region.
   *
   * @default - Athena keeps them itself, for 24 hours
   */
  queryResultsBucketName: bucketName,

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
