import * as z from 'zod/mini';
import { SERVER_SIDE_ENCRYPTIONS, type ServerSideEncryption } from '../contract/encryption.ts';
import { ENVIRONMENT } from '../contract/environment.ts';
import { ExportFailure, MOST_FAILED_USERS } from '../contract/failure.ts';
import type { Extras } from '../contract/operations.ts';
import {
  isOnePace,
  type Pace,
  quotaShareSchema,
  requestsPerSecondSchema,
} from '../contract/pace.ts';
import { parse } from '../contract/parse.ts';
import { isScheduleExpression } from '../contract/schedule-expression.ts';
import { isTimeZone } from '../contract/time-zone.ts';
import { DEFAULT_USER_DETAILS, USER_DETAILS } from '../contract/user-details.ts';

/** Variables are text: one that is a number, and the number that the schema wants. */
const number = (schema: z.ZodMiniType<number>, expected: string) =>
  z.pipe(
    z.string().check(
      z.refine((text) => text.trim() !== '' && z.safeParse(schema, Number(text)).success, {
        error: `expected ${expected}`,
      }),
    ),
    z.transform(Number),
  );

const yesUnlessToldOtherwise = z._default(
  z.enum(['true', 'false'], { error: 'expected true or false' }),
  'true',
);

/** Where the objects are, and what to ask S3 to encrypt them with. */
const storeSchema = z.object({
  [ENVIRONMENT.bucket]: z
    .string({ error: 'expected the name of the bucket' })
    .check(z.minLength(1, { error: 'expected the name of the bucket' })),
  [ENVIRONMENT.serverSideEncryption]: z.optional(
    z.enum(SERVER_SIDE_ENCRYPTIONS, { error: `expected ${SERVER_SIDE_ENCRYPTIONS.join(' or ')}` }),
  ),
  [ENVIRONMENT.sseKmsKeyId]: z.optional(z.string()),
});

const environmentSchema = z.object({
  ...storeSchema.shape,
  [ENVIRONMENT.timeZone]: z._default(
    z
      .string()
      .check(z.refine(isTimeZone, { error: 'expected an IANA time zone such as Europe/Berlin' })),
    'UTC',
  ),
  [ENVIRONMENT.schedule]: z.optional(
    z.string().check(
      z.refine(isScheduleExpression, {
        error: 'expected a schedule of EventBridge Scheduler such as cron(0 2 * * ? *)',
      }),
    ),
  ),
  [ENVIRONMENT.quotaShare]: z.optional(number(quotaShareSchema, 'a number above 0 and at most 1')),
  [ENVIRONMENT.requestsPerSecond]: z.optional(
    number(requestsPerSecondSchema, 'a finite number above 0'),
  ),
  [ENVIRONMENT.allowedFailedUsers]: z._default(
    number(
      z.int().check(z.gte(0), z.lte(MOST_FAILED_USERS)),
      `a whole number from 0 to ${MOST_FAILED_USERS}`,
    ),
    0,
  ),
  [ENVIRONMENT.includeUsernames]: yesUnlessToldOtherwise,
  [ENVIRONMENT.includeUserDetails]: z._default(
    z.enum(USER_DETAILS, { error: 'expected names, teams or off' }),
    DEFAULT_USER_DETAILS,
  ),
  [ENVIRONMENT.includePredefinedAttributes]: yesUnlessToldOtherwise,
});

/** What every function is told by its environment; see the contract for meaning and defaults. */
export interface StoreEnvironment {
  readonly bucket: string;
  readonly encryption: ServerSideEncryption | undefined;
}

/** What the worker is told besides. */
export interface WorkerEnvironment extends StoreEnvironment, Extras {
  readonly timeZone: string;
  readonly schedule: string | undefined;
  readonly pace: Pace;
  readonly allowedFailedUsers: number;
  readonly includeUsernames: boolean;
}

const WHOLE = 'The environment';

function storeIn(environment: z.infer<typeof storeSchema>): StoreEnvironment {
  const algorithm = environment[ENVIRONMENT.serverSideEncryption];
  const kmsKeyId = environment[ENVIRONMENT.sseKmsKeyId];
  if (kmsKeyId !== undefined && algorithm !== 'aws:kms') {
    throw new ExportFailure(
      'InvalidRequest',
      `The environment sets ${ENVIRONMENT.sseKmsKeyId}, but ${ENVIRONMENT.serverSideEncryption} is not aws:kms; set it to aws:kms, or remove the key.`,
    );
  }
  return {
    bucket: environment[ENVIRONMENT.bucket],
    encryption: algorithm && { algorithm, kmsKeyId },
  };
}

/** @throws ExportFailure InvalidRequest, naming the variable */
export const readStoreEnvironment = (variables: NodeJS.ProcessEnv): StoreEnvironment =>
  storeIn(parse(storeSchema, variables, WHOLE));

/** @throws ExportFailure InvalidRequest, naming the variable */
export function readEnvironment(variables: NodeJS.ProcessEnv): WorkerEnvironment {
  const environment = parse(environmentSchema, variables, WHOLE);
  const pace = {
    quotaShare: environment[ENVIRONMENT.quotaShare],
    requestsPerSecond: environment[ENVIRONMENT.requestsPerSecond],
  };
  if (!isOnePace(pace)) {
    throw new ExportFailure(
      'InvalidRequest',
      `The environment sets both ${ENVIRONMENT.quotaShare} and ${ENVIRONMENT.requestsPerSecond}; remove one of them.`,
    );
  }
  return {
    ...storeIn(environment),
    timeZone: environment[ENVIRONMENT.timeZone],
    schedule: environment[ENVIRONMENT.schedule],
    pace,
    allowedFailedUsers: environment[ENVIRONMENT.allowedFailedUsers],
    includeUsernames: environment[ENVIRONMENT.includeUsernames] === 'true',
    includeUserDetails: environment[ENVIRONMENT.includeUserDetails],
    includePredefinedAttributes: environment[ENVIRONMENT.includePredefinedAttributes] === 'true',
  };
}
