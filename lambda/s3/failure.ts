import { isNativeError } from 'node:util/types';
import { type AwsFault, awsFault, credentialsFailure, interceptedFailure } from '../aws-fault.ts';
import { ExportFailure } from '../contract/failure.ts';

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

/** Answers below 500 after which the same request may still succeed. */
const MAY_PASS = [
  'BadDigest',
  'ConditionalRequestConflict',
  'IncompleteBody',
  'NoSuchUpload',
  'OperationAborted',
  'RequestTimeout',
  'XAmzContentSHA256Mismatch',
];

/** Puts an error of the SDK into words; any other error is handed back as it is. */
export function s3Failure(error: unknown, { actions, bucket, uri }: Attempt): unknown {
  if (!isNativeError(error) || error instanceof ExportFailure) return error;
  const fault = awsFault(error);
  const fail = (name: ExportFailure['name'], message: string): ExportFailure =>
    new ExportFailure(name, message, { cause: error });

  if (NO_SUCH_BUCKET.includes(fault.name)) {
    return fail('InvalidRequest', `There is no bucket ${bucket}: correct its name, or create it.`);
  }
  if (WRONG_REGION.includes(fault.name) || fault.status === 301) {
    return fail(
      'InvalidRequest',
      `The bucket ${bucket} is in another Region: set AWS_REGION to the bucket's.`,
    );
  }
  if (fault.cause === 'denied') {
    return fail(
      'AccessDenied',
      `S3 denies access to ${uri} in bucket ${bucket}: allow ${actions}, and the use of the bucket's KMS key where it has one (${fault.reason}).`,
    );
  }
  if (mayPass(fault)) {
    return fail(
      'ServiceUnavailable',
      `S3 did not answer properly for ${uri} (${describe(fault)}): try again later.`,
    );
  }
  return interceptedFailure(fault, `The request for ${uri}`) ?? credentialsFailure(fault) ?? error;
}

const mayPass = ({ cause, name }: AwsFault): boolean =>
  cause === 'unavailable' ||
  cause === 'throttled' ||
  cause === 'network' ||
  MAY_PASS.includes(name);

/** Such as `503 SlowDown: Please reduce your request rate.` or `ECONNREFUSED`. */
function describe({ status, name, reason }: AwsFault): string {
  const label = [status, name].filter(Boolean).join(' ');
  return [label, reason].filter(Boolean).join(': ');
}
