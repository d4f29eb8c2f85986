import { type Duration, type RemovalPolicy, Validations } from 'aws-cdk-lib';
import type { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { ManagedPolicy, type PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LoggingFormat } from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { ENVIRONMENT } from '../../contract/environment.ts';
import { acknowledgeWildcards } from '../nag.ts';
import type { ResolvedSettings } from '../settings/resolve.ts';
import { ARCHITECTURE, codeOf, type FunctionName, RUNTIME } from './bundling.ts';

/** What the exporter's functions have in common. */
export interface FunctionProps
  extends Pick<ResolvedSettings, 'serverSideEncryption' | 'logRetentionDays'> {
  readonly bucket: IBucket;
  /** Encrypts logs and environment, and the bucket's objects if the bucket does not name its key itself. */
  readonly encryptionKey?: IKey | undefined;
  readonly removalPolicy: RemovalPolicy;
  readonly vpc?: IVpc | undefined;
  readonly vpcSubnets?: SubnetSelection | undefined;
  readonly securityGroups?: ISecurityGroup[] | undefined;
}

/** What differs between them. */
export interface FunctionDefinition {
  readonly description: string;
  readonly name: FunctionName;
  readonly timeout: Duration;
  readonly memoryMiB: number;
  /** Variables besides those of the bucket. */
  readonly environment: Readonly<Record<string, string>>;
  readonly role: {
    readonly description: string;
    readonly statements: readonly PolicyStatement[];
    /** Why resources of the statements end in a wildcard. */
    readonly wildcards: string;
  };
}

/** A function with a log group and a role of its own, all below the given construct. */
export function nodeFunction(
  scope: Construct,
  props: FunctionProps,
  { description, name, timeout, memoryMiB, environment, role }: FunctionDefinition,
): NodejsFunction {
  const logGroup = new LogGroup(scope, 'Logs', {
    retention: props.logRetentionDays,
    removalPolicy: props.removalPolicy,
    ...(props.encryptionKey && { encryptionKey: props.encryptionKey }),
  });
  return new NodejsFunction(scope, 'Function', {
    description,
    ...codeOf(name),
    runtime: RUNTIME,
    architecture: ARCHITECTURE,
    timeout,
    memorySize: memoryMiB,
    environment: {
      [ENVIRONMENT.bucket]: props.bucket.bucketName,
      ...environment,
      ...encryption(props),
      // Lines of the sources in stack traces; read only when an error is printed.
      NODE_OPTIONS: '--enable-source-maps',
    },
    ...(props.encryptionKey && { environmentEncryption: props.encryptionKey }),
    role: functionRole(scope, props, role, logGroup),
    logGroup,
    loggingFormat: LoggingFormat.JSON,
    // No reserved concurrency: docs/adr/0012-no-reserved-concurrency.md.
    ...(props.vpc && { vpc: props.vpc }),
    ...(props.vpcSubnets && { vpcSubnets: props.vpcSubnets }),
    ...(props.securityGroups && { securityGroups: props.securityGroups }),
  });
}

const VPC_ACCESS = 'service-role/AWSLambdaVPCAccessExecutionRole';

function functionRole(
  scope: Construct,
  { vpc }: FunctionProps,
  { description, statements, wildcards }: FunctionDefinition['role'],
  logGroup: LogGroup,
): Role {
  const role = new Role(scope, 'Role', {
    description,
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    managedPolicies: vpc === undefined ? [] : [ManagedPolicy.fromAwsManagedPolicyName(VPC_ACCESS)],
  });
  for (const statement of statements) role.addToPolicy(statement);
  logGroup.grantWrite(role);
  acknowledgeWildcards(
    role,
    statements.flatMap(({ resources }) => resources.filter((arn) => arn.endsWith('*'))),
    wildcards,
  );
  if (vpc !== undefined) acknowledgeVpcAccess(role);
  return role;
}

function encryption({ serverSideEncryption, encryptionKey, bucket }: FunctionProps) {
  const key =
    serverSideEncryption === 'aws:kms' ? (encryptionKey ?? bucket.encryptionKey) : undefined;
  return {
    ...(serverSideEncryption && { [ENVIRONMENT.serverSideEncryption]: serverSideEncryption }),
    ...(key && { [ENVIRONMENT.sseKmsKeyId]: key.keyArn }),
  };
}

function acknowledgeVpcAccess(role: Role): void {
  Validations.of(role).acknowledge({
    id: `AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/${VPC_ACCESS}]`,
    reason:
      'AWS keeps this policy in step with what Lambda needs for the network interfaces of a VPC.',
  });
}
