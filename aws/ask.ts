import { ExportFailure } from '../contract/failure.ts';
import { failureOf } from '../lambda/aws-causes.ts';
import { type AwsFault, awsFault, type Cause, faultInWords, quoted } from '../lambda/aws-fault.ts';

/** The services that are asked, by how IAM's actions name them. */
const SERVICES = {
  athena: 'Amazon Athena',
  cloudformation: 'AWS CloudFormation',
  cloudwatch: 'Amazon CloudWatch',
  connect: 'Amazon Connect',
  glue: 'AWS Glue',
  iam: 'AWS IAM',
  s3: 'Amazon S3',
  scheduler: 'Amazon EventBridge Scheduler',
  servicequotas: 'Service Quotas',
  sns: 'Amazon SNS',
  ssm: 'AWS Systems Manager',
  states: 'AWS Step Functions',
  sts: 'AWS STS',
} as const;

type Service = keyof typeof SERVICES;

/** A request, by the IAM action that allows it. */
export type Call = `${Service}:${string}`;

/** A request that AWS refused, or did not answer. */
export class Unanswered extends Error {
  override readonly name = 'Unanswered';
  readonly call: Call;
  readonly fault: AwsFault;

  /** @param withheld what the request named that nobody else may read */
  constructor(call: Call, cause: unknown, withheld?: string) {
    const read = awsFault(cause);
    const reason = withheld === undefined ? read.reason : read.reason.replaceAll(withheld, '…');
    const fault = { ...read, reason };
    super(`${call} ended with ${faultInWords(fault)}`, { cause });
    this.call = call;
    this.fault = fault;
  }
}

/**
 * Waits for the answer to a request.
 *
 * @param withheld what the request names and a refusal may repeat, such as a user's id
 * @throws Unanswered
 */
export async function ask<T>(call: Call, answer: Promise<T>, withheld?: string): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw new Unanswered(call, error, withheld);
  }
}

/** Whether a request was not answered for this cause. */
export const isUnanswered = (error: unknown, cause: Cause): error is Unanswered =>
  error instanceof Unanswered && error.fault.cause === cause;

/** The service as AWS writes it. */
export const serviceOf = (call: Call): string =>
  Object.entries(SERVICES).find(([prefix]) => call.startsWith(`${prefix}:`))?.[1] ?? 'AWS';

/** Whose words a fault's reason is: where no answer came, it is not AWS that speaks. */
export const speakerOf = ({ status }: AwsFault): string =>
  status === undefined ? 'this computer' : 'AWS';

/** Of the network it is told which host was asked: that shows a Region that there is not. */
const troubleWith = (call: Call, fault: AwsFault): string =>
  `${call} ended with ${faultInWords(fault)}${fault.status === undefined ? ` (${quoted(fault, speakerOf(fault))})` : ''}`;

/** Why a request was not answered, in a sentence: what AWS says is quoted, and no cause is guessed. */
export function unansweredFailure({ call, fault, message }: Unanswered): ExportFailure {
  const failure = failureOf(fault, {
    service: serviceOf(call),
    what: call,
    refused: call,
    allow: 'it to whoever runs this command',
    trouble: (trouble) => troubleWith(call, trouble),
  });
  return failure ?? new ExportFailure('ServiceUnavailable', `${message} (${quoted(fault, 'it')}).`);
}
