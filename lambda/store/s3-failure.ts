import { isNativeError } from 'node:util/types';
import { ExportFailure } from '../contract/result.ts';

/** What was asked of S3 when it failed. */
export interface Attempt {
  /** The IAM actions that it needs. */
  readonly actions: string;
  readonly bucket: string;
  /** The object's URI, or that of the prefix listed. */
  readonly uri: string;
}

const NO_SUCH_BUCKET = ['NoSuchBucket', 'InvalidBucketName'];
const WRONG_REGION = [
  'PermanentRedirect',
  'TemporaryRedirect',
  'AuthorizationHeaderMalformed',
  'IllegalLocationConstraintException',
];
const NO_CREDENTIALS = ['CredentialsProviderError'];
const BAD_CREDENTIALS = [
  'ExpiredToken',
  'ExpiredTokenException',
  'InvalidAccessKeyId',
  'InvalidToken',
  'SignatureDoesNotMatch',
];

/** Codes of answers below 500 after which the same request may still succeed. */
const MAY_PASS = [
  'BadDigest',
  'ConditionalRequestConflict',
  'IncompleteBody',
  'NoSuchUpload',
  'OperationAborted',
  'RequestTimeout',
  'TimeoutError',
  'XAmzContentSHA256Mismatch',
];

/** Codes of Node and its resolver where no answer came. */
const NETWORK = [
  'EAI_AGAIN',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
];

/** Puts an error of the SDK into words; any other error is handed back as it is. */
export function s3Failure(error: unknown, attempt: Attempt): unknown {
  if (!isNativeError(error) || error instanceof ExportFailure) return error;
  const { actions, bucket, uri } = attempt;
  const fail = (name: ExportFailure['name'], message: string): ExportFailure =>
    new ExportFailure(name, message, { cause: error });

  if (NO_SUCH_BUCKET.includes(error.name)) {
    return fail('InvalidRequest', `There is no bucket ${bucket}: correct its name, or create it.`);
  }
  if (WRONG_REGION.includes(error.name) || statusOf(error) === 301) {
    return fail(
      'InvalidRequest',
      `The bucket ${bucket} is in another Region: set AWS_REGION to the bucket's.`,
    );
  }
  if (NO_CREDENTIALS.includes(error.name)) {
    return fail(
      'InvalidRequest',
      `No AWS credentials were found for ${uri}: sign in, or set them.`,
    );
  }
  if (BAD_CREDENTIALS.includes(error.name)) {
    return fail(
      'AccessDenied',
      `S3 does not accept the AWS credentials for ${uri} (${error.name}): renew them.`,
    );
  }
  if (statusOf(error) === 403) {
    return fail(
      'AccessDenied',
      `S3 denies access to ${uri} in bucket ${bucket}: allow ${actions}, and the use of the bucket's KMS key where it has one (${error.message}).`,
    );
  }
  if (mayPass(error)) {
    return fail(
      'ServiceUnavailable',
      `S3 did not answer properly for ${uri} (${describe(error)}): try again later.`,
    );
  }
  return error;
}

/** The HTTP status of an answer that the SDK made an error of. */
export function statusOf(error: unknown): number | undefined {
  const metadata = property(error, '$metadata');
  const status = property(metadata, 'httpStatusCode');
  return typeof status === 'number' ? status : undefined;
}

function mayPass(error: Error): boolean {
  const status = statusOf(error) ?? 0;
  const code = property(error, 'code');
  return (
    status >= 500 ||
    status === 429 ||
    MAY_PASS.includes(error.name) ||
    (typeof code === 'string' && NETWORK.includes(code))
  );
}

/** Such as `503 SlowDown: Please reduce your request rate.` or `ECONNREFUSED`. */
function describe(error: Error): string {
  const code = property(error, 'code');
  const label = [statusOf(error), typeof code === 'string' ? code : error.name].filter(Boolean);
  return [label.join(' '), error.message].filter(Boolean).join(': ');
}

const property = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
