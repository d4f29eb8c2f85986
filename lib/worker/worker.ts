import { Duration, type RemovalPolicy, Validations } from 'aws-cdk-lib';
import type { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LoggingFormat } from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { ENVIRONMENT } from '../../contract/environment.ts';
import { acknowledgeWildcards } from '../nag.ts';
import type { ResolvedSettings } from '../settings/resolve.ts';
import {
  WORKER_ARCHITECTURE,
  WORKER_BUNDLING,
  WORKER_ENTRY,
  WORKER_LOCK_FILE,
  WORKER_RUNTIME,
} from './bundling.ts';
import {
  connectStatements,
  keyStatements,
  quotaStatement,
  storeStatements,
} from './permissions.ts';

/** The longest that AWS Lambda allows: the fewer slices, the fewer starts and the fewer writes of state. */
export const SLICE_LIMIT = Duration.minutes(15);

export interface WorkerProps
  extends Pick<
    ResolvedSettings,
    | 'instanceIds'
    | 'timeZone'
    | 'schedule'
    | 'scheduleEnabled'
    | 'snapshotExpectedWithinHours'
    | 'quotaShare'
    | 'requestsPerSecond'
    | 'allowedFailedUsers'
    | 'includeUsernames'
    | 'serverSideEncryption'
    | 'memoryMiB'
    | 'logRetentionDays'
  > {
  readonly bucket: IBucket;
  /** Encrypts logs and environment, and the bucket's objects if the bucket does not name its key itself. */
  readonly encryptionKey?: IKey | undefined;
  readonly removalPolicy: RemovalPolicy;
  readonly vpc?: IVpc | undefined;
  readonly vpcSubnets?: SubnetSelection | undefined;
  readonly securityGroups?: ISecurityGroup[] | undefined;
}

/** The function that works off one slice of a run. */
export class Worker extends Construct {
  readonly function: NodejsFunction;

  constructor(scope: Construct, id: string, props: WorkerProps) {
    super(scope, id);
    const logGroup = new LogGroup(this, 'Logs', {
      retention: props.logRetentionDays,
      removalPolicy: props.removalPolicy,
      ...(props.encryptionKey && { encryptionKey: props.encryptionKey }),
    });
    this.function = new NodejsFunction(this, 'Function', {
      description: "Exports a slice of an Amazon Connect instance's users and their proficiencies",
      entry: WORKER_ENTRY,
      depsLockFilePath: WORKER_LOCK_FILE,
      bundling: WORKER_BUNDLING,
      runtime: WORKER_RUNTIME,
      architecture: WORKER_ARCHITECTURE,
      timeout: SLICE_LIMIT,
      memorySize: props.memoryMiB,
      environment: environment(props),
      ...(props.encryptionKey && { environmentEncryption: props.encryptionKey }),
      role: this.role(props, logGroup),
      logGroup,
      loggingFormat: LoggingFormat.JSON,
      // No reserved concurrency: docs/adr/0012-no-reserved-concurrency.md.
      ...(props.vpc && { vpc: props.vpc }),
      ...(props.vpcSubnets && { vpcSubnets: props.vpcSubnets }),
      ...(props.securityGroups && { securityGroups: props.securityGroups }),
    });
  }

  private role(props: WorkerProps, logGroup: LogGroup): Role {
    const role = new Role(this, 'Role', {
      description: 'Of the worker: reads the configured instances, writes to the data bucket',
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      managedPolicies:
        props.vpc === undefined ? [] : [ManagedPolicy.fromAwsManagedPolicyName(VPC_ACCESS)],
    });
    const statements = [
      ...connectStatements(this, props.instanceIds),
      quotaStatement(this),
      ...storeStatements(props.bucket),
      ...keyStatements(props.bucket, props.encryptionKey),
    ];
    for (const statement of statements) role.addToPolicy(statement);
    logGroup.grantWrite(role);
    acknowledgeWildcards(
      role,
      statements.flatMap(({ resources }) => resources.filter((arn) => arn.endsWith('*'))),
      'Ends in one prefix of one bucket or in the users (agents) of one configured instance, none of which are known before a run.',
    );
    if (props.vpc !== undefined) acknowledgeVpcAccess(role);
    return role;
  }
}

const VPC_ACCESS = 'service-role/AWSLambdaVPCAccessExecutionRole';

function environment(props: WorkerProps): Record<string, string> {
  return {
    [ENVIRONMENT.bucket]: props.bucket.bucketName,
    [ENVIRONMENT.timeZone]: props.timeZone,
    ...schedule(props),
    ...(props.requestsPerSecond === undefined
      ? { [ENVIRONMENT.quotaShare]: String(props.quotaShare) }
      : { [ENVIRONMENT.requestsPerSecond]: String(props.requestsPerSecond) }),
    [ENVIRONMENT.allowedFailedUsers]: String(props.allowedFailedUsers),
    [ENVIRONMENT.includeUsernames]: String(props.includeUsernames),
    ...encryption(props),
    // Lines of the sources in stack traces; read only when an error is printed.
    NODE_OPTIONS: '--enable-source-maps',
  };
}

/** Where others start the runs, the schedule is what the alarm expects of them. */
function schedule({
  scheduleEnabled,
  schedule: expression,
  snapshotExpectedWithinHours: hours,
}: WorkerProps): Record<string, string> {
  if (scheduleEnabled) return { [ENVIRONMENT.schedule]: expression };
  if (hours === 'off') return {};
  return { [ENVIRONMENT.schedule]: `rate(${hours} ${hours === 1 ? 'hour' : 'hours'})` };
}

function encryption({ serverSideEncryption, encryptionKey, bucket }: WorkerProps) {
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
