import { Duration } from 'aws-cdk-lib';
import { JitterType, type RetryProps } from 'aws-cdk-lib/aws-stepfunctions';
import { type FailureName, MENDED_BY_WAITING } from '../../contract/failure.ts';

/**
 * Lambda is not well, or its answer was lost. The list is Step Functions' own recommendation ("Handle transient Lambda service
 * exceptions").
 */
const LAMBDA_UNWELL = [
  'Lambda.ServiceException',
  'Lambda.AWSLambdaException',
  'Lambda.SdkClientException',
  'Lambda.ClientExecutionTimeoutException',
];

/**
 * A function in a VPC has no network interface yet: it was idle for weeks, it is being updated, or EC2 or the subnet has none
 * to give at the moment. Source: the errors of Lambda's API operation Invoke; the ones that stay until a person mends them
 * (EC2AccessDeniedException, InvalidSubnetIDException …) are left out.
 */
const NO_NETWORK_INTERFACE = [
  'Lambda.ResourceNotReadyException',
  'Lambda.ResourceConflictException',
  'Lambda.EC2ThrottledException',
  'Lambda.EC2UnexpectedException',
  'Lambda.ENILimitReachedException',
  'Lambda.SubnetIPAddressLimitReachedException',
];

/** The account's concurrency is used up by others. */
const NO_CONCURRENCY = ['Lambda.TooManyRequestsException'];

/**
 * What is tried again, and how often, before the instance counts as failed.
 *
 * Retries count per slice: every new slice has all its attempts. All other failures of the worker
 * (wrong request, missing permission, incomplete snapshot …) stay what they are and are not retried.
 */
export const RETRIES: readonly RetryProps[] = [
  {
    // Connect or S3 are not well: an outage of two hours must cost no date. The waits alone, of 1, 2, 4, 8, 16 and three times
    // 30 minutes, are that long; jitter could halve them. With whole slices between them it is four hours until a run that
    // cannot go on has failed.
    errors: [...MENDED_BY_WAITING],
    interval: Duration.minutes(1),
    backoffRate: 2,
    maxAttempts: 8,
    maxDelay: Duration.minutes(30),
    jitterStrategy: JitterType.NONE,
  },
  {
    errors: LAMBDA_UNWELL,
    interval: Duration.seconds(2),
    backoffRate: 2,
    maxAttempts: 6,
    maxDelay: Duration.minutes(2),
    jitterStrategy: JitterType.FULL,
  },
  {
    errors: NO_NETWORK_INTERFACE,
    interval: Duration.seconds(10),
    backoffRate: 2,
    maxAttempts: 8,
    maxDelay: Duration.minutes(5),
    jitterStrategy: JitterType.FULL,
  },
  {
    // A nightly run can wait for its turn.
    errors: NO_CONCURRENCY,
    interval: Duration.seconds(10),
    backoffRate: 2,
    maxAttempts: 10,
    maxDelay: Duration.minutes(10),
    jitterStrategy: JitterType.FULL,
  },
  {
    // The slice was killed, out of time or of memory: it goes on from its last part, so once or
    // twice is worth it; a slice that is killed every time will be again.
    errors: [
      'Sandbox.Timedout',
      'States.Timeout',
      'Runtime.ExitError',
      'Runtime.OutOfMemory',
      'Lambda.Unknown',
    ],
    interval: Duration.seconds(30),
    backoffRate: 2,
    maxAttempts: 2,
    maxDelay: Duration.minutes(2),
    jitterStrategy: JitterType.FULL,
  },
];

const S3_UNWELL: FailureName = 'ServiceUnavailable';

/**
 * What is tried again where data could not be derived from a snapshot. The waits of 10, 20, 40 and twice 60 seconds are three
 * minutes: enough for what passes, and no more, for the next instance waits too and the next run mends it. What was killed is not
 * tried again, as that would cost it a quarter of an hour.
 */
export const DERIVE_RETRIES: readonly RetryProps[] = [
  {
    errors: [S3_UNWELL, ...LAMBDA_UNWELL, ...NO_NETWORK_INTERFACE, ...NO_CONCURRENCY],
    interval: Duration.seconds(10),
    backoffRate: 2,
    maxAttempts: 5,
    maxDelay: Duration.minutes(1),
    jitterStrategy: JitterType.NONE,
  },
];
