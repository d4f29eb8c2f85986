import { isNativeError } from 'node:util/types';
import {
  type AwsFault,
  awsFault,
  credentialsFailure,
  faultInWords,
  interceptedFailure,
  quoted,
} from '../aws-fault.ts';
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
      `The bucket ${bucket} is in another Region, and the answer does not say in which (${describe(fault)}): use a bucket in the Region of the instance.`,
    );
  }
  const remedy = remedyOf(fault, actions);
  if (remedy !== undefined) {
    const refusal = isOfKey(fault)
      ? `KMS refused the use of ${keyIn(fault)} for ${uri} in bucket ${bucket}`
      : `S3 denied access to ${uri} in bucket ${bucket}`;
    return fail('AccessDenied', `${refusal} (${quoted(fault)}): ${remedy}.`);
  }
  if (mayPass(fault)) {
    return fail(
      'ServiceUnavailable',
      `S3 did not answer properly for ${uri} (${describe(fault)}): try again later.`,
    );
  }
  return (
    interceptedFailure(fault, `The request for ${uri}`) ??
    credentialsFailure(fault) ??
    // Without a status it is no answer of S3's, but an error of whoever gave the body.
    (fault.status === undefined
      ? error
      : fail(
          'ServiceUnavailable',
          `S3 answered ${faultInWords(fault)} for ${uri} (${quoted(fault)}): act on what AWS says, then try again.`,
        ))
  );
}

/** Such as `kms:Decrypt`, where a permission for the key is what S3 lacks. */
const keyAction = ({ reason }: AwsFault): string | undefined => /\bkms:\w+/.exec(reason)?.[0];

const isOfKey = (fault: AwsFault): boolean =>
  fault.name.startsWith('KMS.') || keyAction(fault) !== undefined;

/** The key, by its id where AWS names one: its ARN would tell the account. */
function keyIn({ reason }: AwsFault): string {
  const id = /\b(?:key|alias)\/[\w/-]+/.exec(reason)?.[0];
  return id === undefined ? 'the KMS key' : `KMS ${id.replace('/', ' ')}`;
}

/** What to do about a refusal of S3 or of KMS; `undefined` where it is something else. */
function remedyOf(fault: AwsFault, actions: string): string | undefined {
  switch (fault.cause) {
    case 'denied':
      return isOfKey(fault)
        ? `allow ${keyAction(fault) ?? 'kms:Decrypt and kms:GenerateDataKey'} on the key`
        : `allow ${actions}, and the use of the bucket's KMS key where it has one`;
    case 'key disabled':
      return 'enable the key';
    case 'key gone':
      return 'correct the key of the bucket, or bring back the key';
    case 'key state':
      return "look at the key's state in the KMS console, and cancel its deletion if it is pending";
    default:
      return undefined;
  }
}

const mayPass = ({ cause, name }: AwsFault): boolean =>
  cause === 'unavailable' ||
  cause === 'throttled' ||
  cause === 'network' ||
  MAY_PASS.includes(name);

/** Such as `503 SlowDown; AWS says: "Please reduce your request rate."` or `ECONNREFUSED: connect ECONNREFUSED`. */
function describe(fault: AwsFault): string {
  const { status, name, reason } = fault;
  if (status === undefined) return [name, reason].filter(Boolean).join(': ');
  return `${status} ${name}; ${quoted(fault)}`;
}
