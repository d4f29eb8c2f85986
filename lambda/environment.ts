import * as z from 'zod/mini';
import type { Pace } from './connect/quota.ts';
import { ENVIRONMENT } from './contract/environment.ts';
import { parse } from './contract/parse.ts';
import { MOST_FAILED_USERS } from './contract/result.ts';
import { isTimeZone } from './contract/time-zone.ts';

const number = (check: (value: number) => boolean, expected: string) =>
  z.pipe(
    z.string().check(
      z.refine((text) => text.trim() !== '' && check(Number(text)), {
        error: `expected ${expected}`,
      }),
    ),
    z.transform(Number),
  );

const environmentSchema = z.object({
  [ENVIRONMENT.bucket]: z
    .string({ error: 'expected the name of the bucket' })
    .check(z.minLength(1, { error: 'expected the name of the bucket' })),
  [ENVIRONMENT.timeZone]: z._default(
    z
      .string()
      .check(z.refine(isTimeZone, { error: 'expected an IANA time zone such as Europe/Berlin' })),
    'UTC',
  ),
  [ENVIRONMENT.quotaShare]: z.optional(
    number((n) => n > 0 && n <= 1, 'a number above 0 and at most 1'),
  ),
  [ENVIRONMENT.requestsPerSecond]: z.optional(
    number((n) => n > 0 && Number.isFinite(n), 'a finite number above 0'),
  ),
  [ENVIRONMENT.allowedFailedUsers]: z._default(
    number(
      (n) => Number.isInteger(n) && n >= 0 && n <= MOST_FAILED_USERS,
      `a whole number from 0 to ${MOST_FAILED_USERS}`,
    ),
    0,
  ),
  [ENVIRONMENT.includeUsernames]: z._default(
    z.enum(['true', 'false'], { error: 'expected true or false' }),
    'true',
  ),
});

/** What the worker is told by its environment; see the contract for meaning and defaults. */
export interface WorkerEnvironment {
  readonly bucket: string;
  readonly timeZone: string;
  readonly pace: Pace;
  readonly allowedFailedUsers: number;
  readonly includeUsernames: boolean;
}

/** @throws ExportFailure InvalidRequest, naming the variable */
export function readEnvironment(variables: NodeJS.ProcessEnv): WorkerEnvironment {
  const environment = parse(environmentSchema, variables, 'The environment');
  const quotaShare = environment[ENVIRONMENT.quotaShare];
  const requestsPerSecond = environment[ENVIRONMENT.requestsPerSecond];
  return {
    bucket: environment[ENVIRONMENT.bucket],
    timeZone: environment[ENVIRONMENT.timeZone],
    pace: {
      ...(quotaShare !== undefined && { quotaShare }),
      ...(requestsPerSecond !== undefined && { requestsPerSecond }),
    },
    allowedFailedUsers: environment[ENVIRONMENT.allowedFailedUsers],
    includeUsernames: environment[ENVIRONMENT.includeUsernames] === 'true',
  };
}
