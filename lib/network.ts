import { Annotations } from 'aws-cdk-lib';
import { type ISecurityGroup, type IVpc, SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import type { Settings } from './settings/schema.ts';

interface Network {
  readonly vpc: IVpc;
  readonly securityGroups?: ISecurityGroup[];
}

/**
 * The VPC, subnets and security groups that the app's settings name; `undefined` where they name none.
 *
 * By their ids alone: a look-up would need credentials at synth, and write account ids into cdk.context.json.
 */
export function networkOf(
  scope: Construct,
  { vpcId, subnetIds, securityGroupIds }: Readonly<Settings>,
): Network | undefined {
  if (vpcId === undefined || subnetIds === undefined) return undefined;
  const vpc = Vpc.fromVpcAttributes(scope, 'Vpc', {
    vpcId,
    privateSubnetIds: [...subnetIds],
    // One for each subnet is demanded; a function in a VPC makes no use of them.
    availabilityZones: [...subnetIds],
  });
  Annotations.of(vpc).acknowledgeWarning(
    '@aws-cdk/aws-ec2:noSubnetRouteTableId',
    'Nothing is added to the route tables.',
  );
  const securityGroups = securityGroupIds?.map((id) =>
    SecurityGroup.fromSecurityGroupId(scope, id, id, { mutable: false }),
  );
  return { vpc, ...(securityGroups && { securityGroups }) };
}
