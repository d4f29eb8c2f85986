import { ExportFailure, type FailureName } from '../contract/failure.ts';
import {
  type AwsFault,
  type Cause,
  credentialsFailure,
  faultInWords,
  quoted,
  quotedWithId,
} from './aws-fault.ts';

/** What was asked of AWS when it failed, in pieces of sentences. */
export interface Asked {
  /** As AWS writes it, such as `Amazon Connect`. */
  readonly service: string;
  /** Such as `ListUsers in eu-west-2` or the URI of an object. */
  readonly what: string;
  /** What was refused, if the permission is missing. */
  readonly refused: string;
  /** What to allow then. */
  readonly allow: string;
  /** Says that there is no such instance, and what to do; absent where none was asked. */
  readonly missing?: string;
  /** A bucket's name; absent where none was asked. */
  readonly bucket?: string;
  /** Says that no proper answer came. */
  trouble(fault: AwsFault): string;
}

/** What is made of a cause. */
interface Explanation {
  /** The heading in docs/runbook.md below which more is said. */
  readonly runbook: string;
  /** In one sentence; `undefined` where it is not AWS that failed. */
  failure(fault: AwsFault, asked: Asked): ExportFailure | undefined;
}

const explanation = (
  runbook: string,
  name: FailureName,
  sentence: (fault: AwsFault, asked: Asked) => string,
): Explanation => ({
  runbook,
  failure: (fault, asked) => new ExportFailure(name, sentence(fault, asked)),
});

const CREDENTIALS: Explanation = {
  runbook: 'Credentials are missing or not accepted',
  failure: credentialsFailure,
};

/** S3 hands on what KMS says. */
const troubled = ({ name }: AwsFault, { service }: Asked): string =>
  name.startsWith('KMS.') ? 'AWS KMS' : service;

const TROUBLE = explanation(
  'ServiceUnavailable',
  'ServiceUnavailable',
  (fault, asked) =>
    `${asked.trouble(fault)}: look at the health of ${troubled(fault, asked)} and of the network, then try again.`,
);

const OTHER: Explanation = {
  runbook: 'AWS gives another reason',
  failure(fault, asked) {
    if (fault.status === undefined) return undefined;
    // What a parser says of an answer that is no error may quote a user's data.
    if (fault.status < 400) return TROUBLE.failure(fault, asked);
    return new ExportFailure(
      'ServiceUnavailable',
      `${asked.service} answered ${faultInWords(fault)} for ${asked.what} (${quoted(fault)}): act on what AWS says, then try again.`,
    );
  },
};

/** About a bucket: what was asked of another service, and answered so, is not explained. */
const ofBucket = (sentence: (bucket: string, fault: AwsFault) => string): Explanation => ({
  runbook: 'The bucket cannot be found',
  failure: (fault, asked) =>
    asked.bucket === undefined
      ? OTHER.failure(fault, asked)
      : new ExportFailure('InvalidRequest', sentence(asked.bucket, fault)),
});

/** Such as `kms:Decrypt`, where a permission for the key is what is missing. */
const keyAction = ({ reason }: AwsFault): string | undefined => /\bkms:\w+/.exec(reason)?.[0];

const isOfKey = (fault: AwsFault): boolean =>
  fault.name.startsWith('KMS.') || keyAction(fault) !== undefined;

/** The key, by its id where AWS names one: its ARN would tell the account. */
function keyIn({ reason }: AwsFault): string {
  const id = /\b(?:key|alias)\/[\w/-]+/.exec(reason)?.[0];
  return id === undefined ? 'the KMS key' : `KMS ${id.replace('/', ' ')}`;
}

const keyRefused = (fault: AwsFault, { what }: Asked, remedy: string): string =>
  `KMS refused the use of ${keyIn(fault)} for ${what} (${quotedWithId(fault)}): ${remedy}.`;

const ofKey = (remedy: string): Explanation =>
  explanation('A KMS key cannot be used', 'AccessDenied', (fault, asked) =>
    keyRefused(fault, asked, remedy),
  );

/** Every cause, with its sentence and its heading in the runbook. */
export const CAUSES: Readonly<Record<Cause, Explanation>> = {
  throttled: TROUBLE,
  network: TROUBLE,
  unavailable: TROUBLE,
  'no credentials': CREDENTIALS,
  'bad credentials': CREDENTIALS,
  clock: CREDENTIALS,
  gone: {
    runbook: 'InstanceNotFound',
    failure: (fault, asked) =>
      asked.missing === undefined
        ? OTHER.failure(fault, asked)
        : new ExportFailure('InstanceNotFound', asked.missing),
  },
  'no bucket': ofBucket(
    (bucket) => `There is no bucket ${bucket}: correct its name, or create it.`,
  ),
  // A Region that S3 names is followed; this is where it names none.
  'other region': ofBucket(
    (bucket, fault) =>
      `The bucket ${bucket} is in another Region, and the answer does not say in which (${quoted(fault)}): use a bucket in the Region of the instance.`,
  ),
  certificate: explanation(
    'A proxy or a web gateway answers',
    'ServiceUnavailable',
    ({ name }, { what }) =>
      `The certificate of the server that was asked for ${what} is not trusted (${name}): set AWS_CA_BUNDLE to a file of the certificates that your network uses.`,
  ),
  proxy: explanation(
    'A proxy or a web gateway answers',
    'ServiceUnavailable',
    ({ reason }, { what }) =>
      `The proxy gave no connection for ${what} (${reason}): correct HTTPS_PROXY or HTTP_PROXY, or name the host in NO_PROXY if it needs no proxy.`,
  ),
  'not aws': explanation(
    'A proxy or a web gateway answers',
    'ServiceUnavailable',
    ({ status }, { what }) =>
      `A request for ${what} was answered with HTTP ${status} by something on the network that is not AWS, such as a proxy or a web gateway: allow requests to AWS there.`,
  ),
  archived: explanation(
    'An object is archived',
    'InvalidRequest',
    (fault, { what }) =>
      `${what} is in an archive (${quotedWithId(fault)}): restore it in the S3 console, then try again.`,
  ),
  denied: explanation('AccessDenied', 'AccessDenied', (fault, asked) =>
    isOfKey(fault)
      ? keyRefused(
          fault,
          asked,
          `allow ${keyAction(fault) ?? 'kms:Decrypt and kms:GenerateDataKey'} on the key`,
        )
      : `${asked.service} refused ${asked.refused} (${quotedWithId(fault)}): allow ${asked.allow}.`,
  ),
  'key disabled': ofKey('enable the key'),
  'key gone': ofKey('correct the key of the bucket, or bring back the key'),
  'key state': ofKey(
    "look at the key's state in the KMS console, and cancel its deletion if it is pending",
  ),
  other: OTHER,
};

/** Puts a fault into one sentence; `undefined` where it is not AWS that failed. */
export const failureOf = (fault: AwsFault, asked: Asked): ExportFailure | undefined =>
  CAUSES[fault.cause].failure(fault, asked);
