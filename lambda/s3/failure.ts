import { isNativeError } from 'node:util/types';
import { ExportFailure } from '../../contract/failure.ts';
import { failureOf } from '../aws-causes.ts';
import { type AwsFault, awsFault, holdsNoError, quotedWithId } from '../aws-fault.ts';

/** What was asked of S3 when it failed. */
export interface Attempt {
  /** The IAM actions that it needs. */
  readonly actions: string;
  readonly bucket: string;
  /** The object's URI, or that of the prefix listed. */
  readonly uri: string;
}

/** Puts an error of the SDK into words; any other error is handed back as it is. */
export function s3Failure(error: unknown, { actions, bucket, uri }: Attempt): unknown {
  if (!isNativeError(error) || error instanceof ExportFailure) return error;
  const failure = failureOf(awsFault(error), {
    service: 'Amazon S3',
    what: uri,
    refused: `access to ${uri}`,
    allow: `${actions} in bucket ${bucket}, and the use of the bucket's KMS key where it has one`,
    bucket,
    trouble: (fault) => `S3 did not answer properly for ${uri} (${describe(fault)})`,
  });
  if (failure) failure.cause = error;
  return failure ?? error;
}

/** Why an answer that is no error cannot be used either. */
export const noAnswer = (uri: string, flaw: string): ExportFailure =>
  new ExportFailure(
    'ServiceUnavailable',
    `S3 answered for ${uri} with ${flaw}: look at what stands between this exporter and S3, then try again.`,
  );

/** Such as `503 SlowDown; AWS says: "Please reduce your request rate."` or `ECONNREFUSED: connect ECONNREFUSED`. */
function describe(fault: AwsFault): string {
  const { status, name, reason } = fault;
  if (status === undefined) return [name, reason].filter(Boolean).join(': ');
  if (holdsNoError(fault)) return `HTTP ${status}, but not with what S3 answers`;
  return `${status} ${name}; ${quotedWithId(fault)}`;
}
