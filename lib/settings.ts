import { z } from 'zod';
import { parseInstance } from '../lambda/contract/instance.ts';
import { MOST_FAILED_USERS } from '../lambda/contract/result.ts';
import { isTimeZone } from '../lambda/contract/time-zone.ts';
import { ConfigurationError } from './configuration-error.ts';
import { DEFAULTS } from './defaults.ts';
import { isScheduleExpression } from './schedule-expression.ts';
import {
  hasNoDuplicates,
  KEY_ARN,
  LOG_RETENTIONS,
  list,
  number,
  trueOrFalse,
  wholeNumber,
} from './setting-values.ts';

/** How a person finds what to configure. */
const HOW_TO_FIND_INSTANCE_IDS =
  'find it with "aws connect list-instances" or in the Amazon Connect console, at the end of the instance\'s ARN';

/**
 * The settings of an exporter, as people give them: in cdk.json, on the command line or as props.
 *
 * Each description completes the sentence "<key> is <value>, expected …". What a setting means, and why its
 * default is what it is, says its prop (`proficiency-exporter-props.ts`).
 */
export const exporterSettingsSchema = z.strictObject({
  instanceIds: list
    .refine((items) => items.every((item) => parseInstance(item)) && hasNoDuplicates(items))
    .describe(
      `one or more different Amazon Connect instance ids (lower-case UUIDs) or instance ARNs, separated by commas, as in -c instanceIds=…,…; ${HOW_TO_FIND_INSTANCE_IDS}`,
    ),
  schedule: z
    .string()
    .refine(isScheduleExpression)
    .default(DEFAULTS.schedule)
    .describe('a schedule of EventBridge Scheduler such as cron(0 2 * * ? *) or rate(12 hours)'),
  timeZone: z
    .string()
    .refine(isTimeZone)
    .default(DEFAULTS.timeZone)
    .describe('the IANA name of a time zone such as Europe/Berlin or UTC'),
  scheduleEnabled: trueOrFalse.default(DEFAULTS.scheduleEnabled).describe('true or false'),
  quotaShare: number(z.number().positive().max(1))
    .optional()
    .describe('a share of the Connect quota above 0 and at most 1, such as 0.8'),
  // The upper bound catches requests per minute given by mistake.
  requestsPerSecond: number(z.number().positive().max(100))
    .optional()
    .describe('requests per second above 0 and at most 100; the default quota of Connect is 2'),
  memoryMiB: wholeNumber(256, 10_240)
    .default(DEFAULTS.memoryMiB)
    .describe('a whole number of MiB from 256 to 10240'),
  allowedFailedUsers: wholeNumber(0, MOST_FAILED_USERS)
    .default(DEFAULTS.allowedFailedUsers)
    .describe(`how many users a snapshot may lack, a whole number from 0 to ${MOST_FAILED_USERS}`),
  includeUsernames: trueOrFalse.default(DEFAULTS.includeUsernames).describe('true or false'),
  snapshotRetentionDays: z
    .union([z.literal('forever'), wholeNumber(1, 36_500)])
    .default(DEFAULTS.snapshotRetentionDays)
    .describe('a whole number of days from 1 to 36500, or forever'),
  workingFilesDays: wholeNumber(3, 365)
    .default(DEFAULTS.workingFilesDays)
    .describe('a whole number of days from 3 (a run may take 2) to 365'),
  logRetentionDays: wholeNumber(1, 3653)
    .refine((days) => LOG_RETENTIONS.includes(days))
    .default(DEFAULTS.logRetentionDays)
    .describe(`a number of days that CloudWatch Logs offers: ${LOG_RETENTIONS.join(', ')}`),
  snapshotExpectedWithinHours: z
    .union([z.literal('off'), wholeNumber(1, 168)])
    .optional()
    .describe('a whole number of hours from 1 to 168, or off'),
  firstSnapshotDate: z.iso.date().optional().describe('a date such as 2026-01-01'),
  runbookUrl: z
    .string()
    .regex(/^[^\s#]+$/)
    .default(DEFAULTS.runbookUrl)
    .describe('the address or path of docs/runbook.md, without spaces and without #'),
});

/** What an app adds to the exporter's settings: where it is deployed, and what is named by text there. */
export const settingsSchema = z.strictObject({
  ...exporterSettingsSchema.shape,
  /** @default where the instances' ARNs point, else the account of the credentials */
  account: z
    .string()
    .regex(/^\d{12}$/)
    .optional()
    .describe('an AWS account id of 12 digits, in quotes where it is JSON'),
  /** @default where the instances' ARNs point, else the Region of the credentials */
  region: z
    .string()
    .regex(/^[a-z]{2}(-[a-z]+)+-\d$/)
    .optional()
    .describe('an AWS Region such as us-east-1'),
  /** Is told of alarms by e-mail and must confirm that once. @default nobody */
  alarmEmail: z.email().optional().describe('an e-mail address'),
  /** Encrypts the bucket. @default S3's own keys */
  kmsKeyArn: z.string().regex(KEY_ARN).optional().describe('the ARN of a KMS key, not of an alias'),
  /** What becomes of bucket and logs when the stack is deleted. @default retain */
  removalPolicy: z.enum(['retain', 'destroy']).optional().describe('retain or destroy'),
});

export type ExporterSettings = z.output<typeof exporterSettingsSchema>;
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
  const wrong = new Set(issues.map(({ path }) => path[0]));
  const unknown = issues.flatMap((issue) => (issue.code === 'unrecognized_keys' ? issue.keys : []));
  const keys = Object.keys(schema.shape);
  throw new ConfigurationError([
    ...Object.entries(schema.shape)
      .filter(([key]) => wrong.has(key))
      .map(([key, { description }]) => wrongValue(key, given[key], description)),
    ...unknown.map((key) => `${key} is not a setting, expected one of ${keys.join(', ')}.`),
  ]);
}

const wrongValue = (key: string, value: unknown, expected: string | undefined): string =>
  `${key} is ${value === undefined ? 'missing' : JSON.stringify(value)}, expected ${expected}.`;
