import { OPERATIONS, type Operation } from '../contract/operations.ts';
import { ExportFailure } from '../contract/result.ts';
import { UserFailure } from '../export/ports.ts';
import { InvalidAnswer } from './answers.ts';

/** What is known of an error that the SDK threw. */
interface Fault {
  readonly name: string;
  readonly status: number | undefined;
  readonly attempts: number | undefined;
}

const field = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;

const numberIn = (value: unknown, key: string): number | undefined => {
  const found = field(value, key);
  return typeof found === 'number' ? found : undefined;
};

function faultOf(error: unknown): Fault {
  const name = field(error, 'name');
  const code = field(error, 'code');
  const metadata = field(error, '$metadata');
  return {
    // Errors of the network have no name of their own, but a code: ECONNREFUSED.
    name: String(name === 'Error' ? (code ?? name) : name),
    status: numberIn(metadata, 'httpStatusCode'),
    attempts: numberIn(metadata, 'attempts'),
  };
}

/** What the error is called: by its class, or by the code of the network's fault. */
export const nameOf = (error: unknown): string => faultOf(error).name;

/** Connect throttles as ThrottlingException and as TooManyRequestsException, with status 429. */
export function isThrottling(error: unknown): boolean {
  const { name, status } = faultOf(error);
  return status === 429 || /^Throttl|^TooManyRequests/.test(name);
}

/** Connect answered that there is no such thing (any more). */
export const isGone = (error: unknown): boolean => nameOf(error) === 'ResourceNotFoundException';

const NO_CREDENTIALS = /^CredentialsProviderError$|^TokenProviderError$/;

const BAD_CREDENTIALS =
  /^UnrecognizedClient|^ExpiredToken|^RequestExpired|^InvalidClientTokenId|^InvalidSignature|^IncompleteSignature|^SignatureDoesNotMatch|^MissingAuthenticationToken|^InvalidAccessKeyId/;

/** What was asked of Connect, and where. */
export interface Question {
  readonly operation: Operation;
  readonly instanceId: string;
  readonly region: string;
}

/** What IAM checks the operation against, in words. */
function resources({ operation, instanceId, region }: Question): string {
  const instance = `arn:*:connect:${region}:*:instance/${instanceId}`;
  return OPERATIONS[operation].resources.map((part) => `${instance}${part}`).join(' and ');
}

function denial(error: unknown, question: Question): ExportFailure | undefined {
  const { name, status } = faultOf(error);
  const denied = (message: string) => new ExportFailure('AccessDenied', message);
  if (NO_CREDENTIALS.test(name)) {
    return denied(
      'No valid AWS credentials were found: sign in, or set AWS_PROFILE or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.',
    );
  }
  if (BAD_CREDENTIALS.test(name)) {
    return denied(
      `AWS did not accept the credentials (${name}): renew them, or choose others with AWS_PROFILE.`,
    );
  }
  if (/^AccessDenied/.test(name) || status === 403) {
    return denied(
      `The credentials lack the permission connect:${OPERATIONS[question.operation].name}: allow it on ${resources(question)}.`,
    );
  }
  return undefined;
}

/**
 * What happened, in words of ours but for what an answer of Connect's lacks: the server's may quote a
 * user's data, and so may a parser's.
 */
function account(error: unknown, question: Question): string {
  const { region } = question;
  const operation = OPERATIONS[question.operation].name;
  if (error instanceof InvalidAnswer) {
    return `Connect in ${region} gave an invalid answer to ${operation}: ${error.message}`;
  }
  const { name, status, attempts = 1 } = faultOf(error);
  const answer = status === undefined ? name : `${name} (HTTP ${status})`;
  return `${operation} in ${region} ended with ${answer} after ${attempts} ${attempts === 1 ? 'attempt' : 'attempts'}`;
}

/** Why the users could not be listed. */
export function listFailure(error: unknown, question: Question): ExportFailure {
  if (error instanceof ExportFailure) return error;
  const { instanceId, region } = question;
  if (isGone(error)) {
    return new ExportFailure(
      'InstanceNotFound',
      `Connect in ${region} has no instance ${instanceId}: check the instance id and the Region.`,
    );
  }
  return (
    denial(error, question) ??
    new ExportFailure(
      'ServiceUnavailable',
      `${account(error, question)}; look at the health of Connect and of the network, then start the run again.`,
    )
  );
}

/** Why this user could not be read, or why none can. */
export function userFailure(error: unknown, question: Question): ExportFailure | UserFailure {
  const name = nameOf(error);
  return (
    denial(error, question) ??
    // An answer that is no JSON is not a network's fault: TCP and HTTP delivered it whole.
    new UserFailure(name === 'SyntaxError' ? 'InvalidAnswer' : name, `${account(error, question)}.`)
  );
}
