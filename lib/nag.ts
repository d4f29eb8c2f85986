import { Stack, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * Tells cdk-nag why a policy may hold wildcards. Each is acknowledged on its own, so that a new one is noticed.
 *
 * @param arns the resources with wildcards, as they stand in the policy
 */
export function acknowledgeWildcards(
  policyOwner: IConstruct,
  arns: readonly string[],
  reason: string,
): void {
  const stack = Stack.of(policyOwner);
  Validations.of(policyOwner).acknowledge(
    ...arns.map((arn) => ({
      id: `AwsSolutions-IAM5[Resource::${flatten(stack.resolve(arn))}]`,
      reason,
    })),
  );
}

/** Spells CloudFormation's functions the way cdk-nag does: `arn:<AWS::Partition>:s3:::<Bucket>/*`. */
function flatten(value: unknown): string {
  if (Array.isArray(value)) return value.map(flatten).join('');
  if (typeof value !== 'object' || value === null) return String(value);
  const [[name, argument] = []] = Object.entries(value);
  if (name === 'Fn::Join' && Array.isArray(argument)) return flatten(argument[1]);
  if (name === 'Fn::GetAtt' && Array.isArray(argument)) return `<${argument.join('.')}>`;
  return `<${argument}>`;
}
