import type { StubAnswer } from '../http-stub.ts';
import { preconditionFailed, S3Failure, wrongRegion } from './failure.ts';

/** What S3 is asked to do, named as in IAM and CloudTrail. */
export type Operation =
  | 'PutObject'
  | 'CopyObject'
  | 'GetObject'
  | 'HeadObject'
  | 'ListObjectsV2'
  | 'HeadBucket'
  | 'GetBucketVersioning'
  | 'GetBucketEncryption'
  | 'GetBucketPolicyStatus'
  | 'GetBucketLifecycleConfiguration'
  | 'CreateMultipartUpload'
  | 'UploadPart'
  | 'UploadPartCopy'
  | 'CompleteMultipartUpload'
  | 'AbortMultipartUpload';

/** What goes wrong. */
export type FaultKind =
  /** 503: too many requests. */
  | 'slow-down'
  /** 500. */
  | 'internal-error'
  /** A 200 whose body is an error, as S3 may answer CompleteMultipartUpload and copies. */
  | 'error-in-200'
  /** 412, whatever is there. */
  | 'precondition-failed'
  /** 409: another conditional write is going on. */
  | 'conflict'
  | 'access-denied'
  /** The answer is `error`. */
  | 'error'
  /** The answer is `answer`, and nothing is done. */
  | 'answer'
  /** 301: the bucket is in another Region, which is not named. */
  | 'wrong-region'
  /** The connection is cut before anything was done. */
  | 'drop'
  /** The connection is cut in the middle of the answer's body. */
  | 'drop-mid-body'
  /** The answer's body has one wrong byte. */
  | 'damaged-body'
  /** All is done as asked, then the connection is cut before the answer. */
  | 'lost-response'
  /** All is well, but `delayMs` later. */
  | 'slow';

/** Which requests go wrong, and how. */
export interface Fault {
  readonly with: FaultKind;
  readonly method?: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE';
  readonly operation?: Operation;
  /** Requests whose key matches; of a list, whose prefix does. */
  readonly key?: RegExp;
  /** How many requests; default 1. */
  readonly times?: number;
  /** How many matching requests go well before; default 0. */
  readonly after?: number;
  /** For `slow`, in milliseconds; default 200. */
  readonly delayMs?: number;
  /** For `error`: its status, code and message. */
  readonly error?: S3Failure;
  /** For `answer`: what goes over the wire. */
  readonly answer?: StubAnswer;
}

/** A request as it was received. */
export interface SeenRequest {
  readonly method: string;
  readonly operation: Operation;
  readonly key: string;
}

/** Faults that wait for their requests. */
export interface Faults {
  add(fault: Fault): void;
  /** The fault of this request, if one was waiting for it. */
  take(request: SeenRequest): Fault | undefined;
  clear(): void;
}

export function noFaults(): Faults {
  let waiting: { fault: Fault; after: number; left: number }[] = [];
  return {
    add(fault) {
      waiting.push({ fault, after: fault.after ?? 0, left: fault.times ?? 1 });
    },
    take(request) {
      const entry = waiting.find(({ fault, left }) => left > 0 && matches(fault, request));
      if (!entry) return undefined;
      if (entry.after > 0) {
        entry.after -= 1;
        return undefined;
      }
      entry.left -= 1;
      return entry.fault;
    },
    clear() {
      waiting = [];
    },
  };
}

const matches = (fault: Fault, request: SeenRequest): boolean =>
  (fault.method === undefined || fault.method === request.method) &&
  (fault.operation === undefined || fault.operation === request.operation) &&
  (fault.key === undefined || fault.key.test(request.key));

/** The error that S3 answers, for those faults that are one. */
export function errorOf({ with: kind, error }: Fault): S3Failure | undefined {
  switch (kind) {
    case 'error':
      return error;
    case 'slow-down':
      return new S3Failure(503, 'SlowDown', 'Please reduce your request rate.');
    case 'internal-error':
      return new S3Failure(500, 'InternalError', 'We encountered an internal error.');
    case 'error-in-200':
      return new S3Failure(200, 'InternalError', 'We encountered an internal error.');
    case 'precondition-failed':
      return preconditionFailed();
    case 'conflict':
      return new S3Failure(
        409,
        'ConditionalRequestConflict',
        'The conditional request cannot succeed due to a conflicting operation.',
      );
    case 'access-denied':
      return new S3Failure(403, 'AccessDenied', 'Access Denied');
    case 'wrong-region':
      return wrongRegion();
    default:
      return undefined;
  }
}
