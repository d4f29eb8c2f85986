import { CAUSES, failureOf } from '../../lambda/aws-causes.ts';
import { type AwsFault, awsFault, faultInWords, quoted } from '../../lambda/aws-fault.ts';
import { type Finding, failed, inDocument, inRunbook } from './check.ts';

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

  constructor(call: Call, cause: unknown) {
    const fault = awsFault(cause);
    super(`${call} ended with ${faultInWords(fault)}`, { cause });
    this.call = call;
    this.fault = fault;
  }
}

/**
 * Waits for the answer to a request.
 *
 * @throws Unanswered
 */
export async function ask<T>(call: Call, answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw new Unanswered(call, error);
  }
}

const serviceOf = (call: Call): string =>
  Object.entries(SERVICES).find(([prefix]) => call.startsWith(`${prefix}:`))?.[1] ?? 'AWS';

/** Such as `glue:GetTables was throttled…`: the remedy of a quota that others use up is to wait. */
const throttled = ({ call, fault }: Unanswered): Finding =>
  failed(
    `${serviceOf(call)} throttled ${call} (${faultInWords(fault)}; ${quoted(fault)})`,
    'run doctor again in a minute',
  );

/** Where Lake Formation is in the way, Glue and Athena say so, and IAM alone cannot mend it. */
const isOfLakeFormation = ({ reason }: AwsFault): boolean => /lake ?formation/i.test(reason);

const lakeFormation = ({ call, fault }: Unanswered): Finding =>
  failed(
    `AWS Lake Formation stands before ${call} (${faultInWords(fault)}; ${quoted(fault)})`,
    inDocument('athena.md', 'Giving analysts access'),
  );

/** Puts a request that failed into one line: what AWS says is quoted, and no cause is guessed. */
export function unanswered(error: Unanswered): Finding {
  const { call, fault } = error;
  if (isOfLakeFormation(fault)) return lakeFormation(error);
  if (fault.cause === 'throttled') return throttled(error);
  const failure = failureOf(fault, {
    service: serviceOf(call),
    what: call,
    refused: call,
    allow: 'it to whoever runs doctor',
    trouble: (trouble) => `${call} ended with ${faultInWords(trouble)}`,
  });
  const says = failure?.message.replace(/\.$/, '') ?? `${error.message} (${quoted(fault, 'it')})`;
  const remedy =
    fault.cause === 'denied'
      ? inDocument('configuration.md', 'What doctor may read')
      : inRunbook(CAUSES[fault.cause].runbook);
  return failed(says, remedy);
}
