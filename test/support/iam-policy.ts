import * as z from 'zod';
import type { DeployedStack } from './deployed-answers.ts';

/** What IAM is asked: may this be done to that? */
export interface AccessRequest {
  readonly action: string;
  readonly resource: string;
  /** Condition keys that the request carries. */
  readonly context?: Readonly<Record<string, string>>;
}

const oneOrMore = z
  .union([z.string(), z.array(z.string())])
  .transform((value) => (typeof value === 'string' ? [value] : value));

/** What the values of condition keys must be like. */
const patternsSchema = z.record(z.string(), z.array(z.string()));

const statementSchema = z.strictObject({
  Sid: z.string().optional(),
  Effect: z.literal('Allow'),
  Action: oneOrMore,
  Resource: oneOrMore,
  Condition: z
    .strictObject({ StringLike: patternsSchema, StringLikeIfExists: patternsSchema })
    .partial()
    .optional(),
});

/** The statements of a policy, parsed. */
export const statementsSchema = z.array(statementSchema);

/** A statement that allows something; nothing else is written here. */
export type Statement = z.output<typeof statementSchema>;

const documentSchema = z.object({ Statement: z.array(z.unknown()) });

/** The statements of a policy's document, with what CloudFormation would fill in. */
export const statementsOf = (
  document: unknown,
  fill: Readonly<Record<string, string>>,
): Statement[] => statementsSchema.parse(filledIn(documentSchema.parse(document).Statement, fill));

/** The document of the policy whose logical id begins so. */
export const policyIn = ({ Resources }: DeployedStack, logicalId: string): unknown =>
  Object.entries(Resources).find(
    ([id, { Type }]) => Type === 'AWS::IAM::Policy' && id.startsWith(logicalId),
  )?.[1].Properties.PolicyDocument;

function filledIn(value: unknown, fill: Readonly<Record<string, string>>): unknown {
  if (Array.isArray(value)) return value.map((item) => filledIn(item, fill));
  if (typeof value !== 'object' || value === null) return value;
  const [[name, argument] = ['', undefined], ...others] = Object.entries(value);
  if (others.length === 0 && name === 'Fn::Join') {
    const [separator, parts] = z.tuple([z.string(), z.array(z.unknown())]).parse(argument);
    return parts.map((part) => filledIn(part, fill)).join(separator);
  }
  if (others.length === 0 && (name === 'Ref' || name === 'Fn::GetAtt')) {
    const reference = [argument].flat().join('.');
    return fill[reference] ?? `<${reference}>`;
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, filledIn(item, fill)]),
  );
}

/** Whether any statement allows the request, as IAM would decide where nothing denies it. */
export const allows = (statements: readonly Statement[], request: AccessRequest): boolean =>
  statements.some(
    ({ Action, Resource, Condition }) =>
      Action.includes(request.action) &&
      Resource.some((pattern) => isLike(request.resource, pattern)) &&
      meets(request, Condition?.StringLike, false) &&
      meets(request, Condition?.StringLikeIfExists, true),
  );

const meets = (
  { context }: AccessRequest,
  condition: z.output<typeof patternsSchema> = {},
  withoutValue: boolean,
): boolean =>
  Object.entries(condition).every(([key, patterns]) => {
    const value = context?.[key];
    return value === undefined ? withoutValue : patterns.some((pattern) => isLike(value, pattern));
  });

function isLike(text: string, pattern: string): boolean {
  const literal = (part: string) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${pattern.split('*').map(literal).join('.*')}$`).test(text);
}

/** Every grant on its own: one action on one resource. */
export const singleGrants = (statements: readonly Statement[]): Statement[] =>
  statements.flatMap((statement) =>
    statement.Action.flatMap((action) =>
      statement.Resource.map((resource) => ({
        ...statement,
        Action: [action],
        Resource: [resource],
      })),
    ),
  );

/** The grants without which all that was asked for would be allowed, too. */
export function idleGrants(
  statements: readonly Statement[],
  asked: readonly AccessRequest[],
): Statement[] {
  const grants = singleGrants(statements);
  return grants.filter((grant) => {
    const others = grants.filter(
      ({ Action, Resource }) => Action[0] !== grant.Action[0] || Resource[0] !== grant.Resource[0],
    );
    return asked.every((request) => allows(others, request));
  });
}
