import { ExportFailure } from '../contract/failure.ts';

/** What an error is about, whichever service of AWS was asked. */
export type Cause =
  /** A quota is used up: the same request may be answered later. */
  | 'throttled'
  /** There is no such thing (any more). */
  | 'gone'
  /** There is no bucket of this name. */
  | 'no bucket'
  /** The bucket is in another Region than the one asked. */
  | 'other region'
  /** The SDK found no credentials, or could not get them. */
  | 'no credentials'
  /** AWS does not know these credentials, or no longer. */
  | 'bad credentials'
  /** The clock of this computer differs from AWS's by more than a signature may. */
  | 'clock'
  /** The other side's certificate is not trusted. */
  | 'certificate'
  /** The object is in an archive, from which it must be restored before it can be read. */
  | 'archived'
  /** AWS knows who asks, and does not permit it. */
  | 'denied'
  /** The KMS key is disabled. */
  | 'key disabled'
  /** There is no such KMS key (any more). */
  | 'key gone'
  /** The KMS key is in a state in which it cannot be used, such as pending deletion. */
  | 'key state'
  /** Something on the way to AWS answered in its place: a proxy, a web gateway. */
  | 'not aws'
  /** The proxy that was to be asked gave no connection. */
  | 'proxy'
  /** No answer came: the network, its resolver, or a time-out. */
  | 'network'
  /** The service is not well. */
  | 'unavailable'
  /** Whatever else: it is quoted, not explained. */
  | 'other';

/** An error that the SDK threw, read. */
export interface AwsFault {
  readonly cause: Cause;
  /** The class of AWS's error, or the code of the network's: `AccessDeniedException`, `ECONNREFUSED`. */
  readonly name: string;
  /** The HTTP status; `undefined` where no answer came. */
  readonly status: number | undefined;
  /** How often the request was sent; `undefined` where the SDK does not say. */
  readonly attempts: number | undefined;
  /** What AWS Support asks for, in words: one id, of S3 two; `undefined` where AWS gave none. */
  readonly requestId: string | undefined;
  /** What AWS, the SDK or the system says. May quote what was asked, and so a person's data. */
  readonly reason: string;
  /** The profile that gave no credentials; `undefined` where it is not about one that a person has named. */
  readonly profile: string | undefined;
}

/** Names of errors by what they are about; the first that fits holds. What KMS refused, S3 names with `KMS.` before it. */
const NAMES: readonly (readonly [Cause, RegExp])[] = [
  ['key disabled', /^KMS\.Disabled/],
  ['key gone', /^KMS\.NotFound/],
  ['key state', /^KMS\.(KMS)?InvalidState/],
  ['unavailable', /^KMS\.(KMSInternal|DependencyTimeout|KeyUnavailable)/],
  // Answers of S3's after which the same request may still succeed, whatever their status.
  [
    'unavailable',
    /^(BadDigest|ConditionalRequestConflict|IncompleteBody|InternalError|NoSuchUpload|OperationAborted|RequestTimeout|XAmzContentSHA256Mismatch)$/,
  ],
  ['no bucket', /^(NoSuchBucket|InvalidBucketName)$/],
  [
    'other region',
    /^(PermanentRedirect|TemporaryRedirect|AuthorizationHeaderMalformed|IllegalLocationConstraintException)$/,
  ],
  ['throttled', /^(KMS\.)?Throttl|^TooManyRequests|^SlowDown$|^RequestLimitExceeded/],
  ['gone', /^ResourceNotFoundException$/],
  ['no credentials', /^(Credentials|Token)ProviderError$/],
  ['clock', /^RequestTimeTooSkewed$|^RequestExpired/],
  [
    'bad credentials',
    /^UnrecognizedClient|^ExpiredToken|^InvalidToken$|^InvalidClientTokenId|^InvalidSignature|^IncompleteSignature|^SignatureDoesNotMatch|^MissingAuthenticationToken|^InvalidAccessKeyId/,
  ],
  ['archived', /^InvalidObjectState$/],
  ['denied', /^(KMS\.)?AccessDenied/],
  ['proxy', /^ProxyError$/],
  ['certificate', /CERT|^UNABLE_TO_VERIFY|^UNABLE_TO_GET_ISSUER/],
  [
    'network',
    /^(EAI_AGAIN|ECONNREFUSED|ECONNRESET|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EPIPE|ETIMEDOUT|TimeoutError)$/,
  ],
];

/** A signature that is too old or too new is refused like a wrong one; only the words tell. */
const SIGNED_AT_ANOTHER_TIME = /signature (expired|not yet current)/i;

/** What the SDK calls a refusal without an error of AWS's in it: a page of HTML, or nothing. */
const NOT_AWS = /^(SyntaxError|Unknown|UnknownError)$/;

/** Whether an answer came that holds no error of AWS's. From 500 on it may be a load balancer of AWS's as well as a proxy. */
export const holdsNoError = ({ name, status }: Pick<AwsFault, 'name' | 'status'>): boolean =>
  status !== undefined && NOT_AWS.test(name);

function causeOf(name: string, status: number | undefined, reason: string): Cause {
  if (status === 429) return 'throttled';
  const cause = NAMES.find(([, pattern]) => pattern.test(name))?.[0];
  if (cause === 'bad credentials' && SIGNED_AT_ANOTHER_TIME.test(reason)) return 'clock';
  if (cause !== undefined) return cause;
  if (status === undefined || status < 300) return 'other';
  if (status >= 500) return 'unavailable';
  return NOT_AWS.test(name) ? 'not aws' : 'other';
}

const field = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;

const numberIn = (value: unknown, key: string): number | undefined => {
  const found = field(value, key);
  return typeof found === 'number' ? found : undefined;
};

/** Ids as AWS makes them; whatever else stands in their place is of no use to anybody. */
const REQUEST_ID = /^[\w+/=-]{1,128}$/;

/** S3's own support asks for the extended id too. */
function requestIdIn(metadata: unknown): string | undefined {
  const ids = [field(metadata, 'requestId'), field(metadata, 'extendedRequestId')].filter(
    (id) => typeof id === 'string' && REQUEST_ID.test(id),
  );
  return ids.length === 0 ? undefined : ids.join(' and ');
}

/** Reads what the SDK threw, or whatever else can be thrown. */
export function awsFault(error: unknown): AwsFault {
  const ownName = field(error, 'name');
  const code = field(error, 'code');
  const metadata = field(error, '$metadata');
  // Errors of the network have no name of their own, but a code.
  const name = String(ownName === 'Error' ? (code ?? ownName) : ownName);
  const status = numberIn(metadata, 'httpStatusCode');
  const reason = String(field(error, 'message') ?? '');
  const profile = field(error, 'profile');
  return {
    cause: causeOf(name, status, reason),
    name,
    status,
    attempts: numberIn(metadata, 'attempts'),
    requestId: requestIdIn(metadata),
    reason,
    profile: typeof profile === 'string' ? profile : undefined,
  };
}

/** Such as `InternalServiceException (HTTP 500, request id 1a2b)` or `ECONNREFUSED`. */
export const faultInWords = ({ name, status, requestId }: AwsFault): string =>
  status === undefined
    ? name
    : `${name} (HTTP ${status}${requestId === undefined ? '' : `, request id ${requestId}`})`;

/** More than AWS's longest reasons take; an answer of something else may be as long as it likes. */
const LONGEST_QUOTE = 500;

/**
 * What AWS says, fit for a log and a terminal: on one line, without control characters, and without what tells people or
 * accounts, which stand in ARNs and may stand elsewhere as e-mail addresses and account ids.
 *
 * @param speaker whose words they are, where they are not AWS's
 */
export function quoted({ reason }: Pick<AwsFault, 'reason'>, speaker = 'AWS'): string {
  const fit = reason
    .replace(/\barn:\S+/g, 'arn:…')
    .replace(/\S+@\S+/g, '…')
    .replace(/\b\d{12}\b/g, '…')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
  if (fit === '') return `${speaker} gives no reason`;
  return `${speaker} says: "${fit.length > LONGEST_QUOTE ? `${fit.slice(0, LONGEST_QUOTE)}…` : fit}"`;
}

/** What AWS says, and by which request AWS Support finds it. */
export const quotedWithId = (fault: AwsFault): string =>
  quoted(fault) + (fault.requestId === undefined ? '' : `, request id ${fault.requestId}`);

const SDK = 'the AWS SDK';

/** Why AWS does not even know who asks, whichever service was asked; `undefined` where that is not the cause. */
export function credentialsFailure(fault: AwsFault): ExportFailure | undefined {
  const { cause, name, profile } = fault;
  switch (cause) {
    case 'no credentials':
      return new ExportFailure(
        'AccessDenied',
        profile === undefined
          ? `No valid AWS credentials were found (${quoted(fault, SDK)}): sign in, or set AWS_PROFILE or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.`
          : `The profile "${profile}" gave no valid AWS credentials (${quoted(fault, SDK)}): correct the profile or sign in with it, or choose another with AWS_PROFILE.`,
      );
    case 'bad credentials':
      return new ExportFailure(
        'AccessDenied',
        `AWS did not accept the credentials (${name}): renew them, or choose others with AWS_PROFILE.`,
      );
    case 'clock':
      return new ExportFailure(
        'AccessDenied',
        `AWS did not accept the time of the signature (${name}): set the clock of this computer.`,
      );
    default:
      return undefined;
  }
}
