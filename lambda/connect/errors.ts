import { ExportFailure } from '../../contract/failure.ts';
import { factsOf, OPERATIONS, type Operation } from '../../contract/operations.ts';
import { ExtraFailure, UserFailure } from '../../export/ports.ts';
import { type Asked, failureOf } from '../aws-causes.ts';
import {
  type AwsFault,
  awsFault,
  type Cause,
  faultInWords,
  holdsNoError,
  quoted,
} from '../aws-fault.ts';
import { InvalidAnswer } from './answers.ts';

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

/**
 * What happened, in words of ours but for what an answer of Connect's lacks: the server's may quote a
 * user's data, and so may a parser's.
 */
function account(error: unknown, fault: AwsFault, { operation, region }: Question): string {
  const { name } = OPERATIONS[operation];
  if (error instanceof InvalidAnswer) {
    return `Connect in ${region} gave an invalid answer to ${name}: ${error.message}`;
  }
  const { attempts = 1, status } = fault;
  if (status !== undefined && (status < 400 || holdsNoError(fault))) {
    return `${name} in ${region} was answered with HTTP ${status}, but not with what Connect answers (${fault.name})`;
  }
  return `${name} in ${region} ended with ${faultInWords(fault)} after ${attempts} ${attempts === 1 ? 'attempt' : 'attempts'}`;
}

const asked = (error: unknown, question: Question): Asked => {
  const { operation, instanceId, region } = question;
  const { name } = OPERATIONS[operation];
  return {
    service: 'Amazon Connect',
    what: `${name} in ${region}`,
    refused: `connect:${name}`,
    allow: `it on ${resources(question)}`,
    missing: `Connect in ${region} has no instance ${instanceId}: check the instance id and the Region.`,
    trouble: (fault) => account(error, fault, question),
  };
};

/** Why the users could not be listed. */
export function listFailure(error: unknown, question: Question): ExportFailure {
  if (error instanceof ExportFailure) return error;
  const fault = awsFault(error);
  return (
    failureOf(fault, asked(error, question)) ??
    new ExportFailure(
      'ServiceUnavailable',
      `${account(error, fault, question)}; look at the health of Connect and of the network, then start the run again.`,
    )
  );
}

/** Causes that no other user escapes. */
const FOR_ALL: readonly Cause[] = ['bad credentials', 'clock', 'no credentials', 'not aws'];

/** Why this user could not be read, or why none can; a denial may be either. */
export function userFailure(error: unknown, question: Question): ExportFailure | UserFailure {
  const fault = awsFault(error);
  const what = account(error, fault, question);
  const failure = failureOf(fault, asked(error, question));
  if (failure && FOR_ALL.includes(fault.cause)) return failure;
  // A refusal for a reason that is not known may be of this user or of all, like one that is.
  if (fault.cause === 'denied' || fault.status === 403) {
    return new UserFailure(fault.name, `${what}; ${quoted(fault)}.`, failure);
  }
  // An answer that is no JSON is not a network's fault: TCP and HTTP delivered it whole.
  const name = fault.name === 'SyntaxError' ? 'InvalidAnswer' : fault.name;
  return new UserFailure(name, `${what}.`);
}

/** What to allow for an operation, without an ARN: it may stand in a manifest. */
function permission(operation: Operation): string {
  const { name, dependsOn = [], resources } = factsOf(operation);
  const actions = [name, ...dependsOn].map((action) => `connect:${action}`);
  const parts = resources.map((part) => (part === '' ? 'the instance' : `its ${part.slice(1)}`));
  const all = new Intl.ListFormat('en-GB', { type: 'conjunction' });
  return `${all.format(actions)} on ${all.format(parts)}`;
}

/** Ids of users, groups and the like are UUIDs. */
const ID = /\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi;

const quotedWithoutIds = (fault: AwsFault): string => quoted(fault).replaceAll(ID, '…');

/** Why something could not be read that a snapshot can do without. */
export function extraFailure(error: unknown, question: Question): ExtraFailure {
  if (error instanceof ExportFailure) return new ExtraFailure(error.message);
  const fault: AwsFault = { ...awsFault(error), requestId: undefined };
  if (fault.cause === 'denied') {
    const { name } = factsOf(question.operation);
    return new ExtraFailure(
      `Amazon Connect refused connect:${name} (${quotedWithoutIds(fault)}): allow ${permission(question.operation)}.`,
    );
  }
  const what = account(error, fault, question);
  const isOfAws = fault.status !== undefined && fault.status >= 400 && !holdsNoError(fault);
  return new ExtraFailure(`${what}${isOfAws ? `; ${quotedWithoutIds(fault)}` : ''}.`);
}
