import { setTimeout as pause } from 'node:timers/promises';
import { AthenaClient } from '@aws-sdk/client-athena';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { ConnectClient } from '@aws-sdk/client-connect';
import { GlueClient } from '@aws-sdk/client-glue';
import { IAMClient } from '@aws-sdk/client-iam';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SNSClient } from '@aws-sdk/client-sns';
import type { AwsAccess } from '../aws/access.ts';
import { type ClientSettings, clientSettings } from '../aws/client-settings.ts';
import type { ConnectInstance } from '../contract/instance.ts';
import type { Clock } from '../export/ports.ts';
import { s3Client } from '../lambda/s3/client.ts';
import { alarmsCheck, listenersCheck } from './checks/alarms.ts';
import { athenaCheck } from './checks/athena.ts';
import { bootstrapCheck } from './checks/bootstrap.ts';
import { bucketCheck } from './checks/bucket.ts';
import { catalogCheck } from './checks/catalog.ts';
import { instanceCheck, proficienciesCheck, usersCheck } from './checks/connect.ts';
import { deploymentRightsCheck } from './checks/deployment-rights.ts';
import { extrasCheck } from './checks/extras.ts';
import { type Identity, identityCheck } from './checks/identity.ts';
import { probeCheck } from './checks/probe.ts';
import { quotasCheck } from './checks/quotas.ts';
import { runsCheck } from './checks/runs.ts';
import { scheduleCheck } from './checks/schedule.ts';
import { snapshotsCheck } from './checks/snapshots.ts';
import { stackCheck, workflowCheck } from './checks/stack.ts';
import { workerRightsCheck } from './checks/worker-rights.ts';
import { bucketsOf, catalogueOf, deployedBy, publishedBy } from './needs.ts';
import type { Run } from './run-checks.ts';

/** What all checks are asked with. */
export interface Means {
  readonly access: AwsAccess;
  readonly region: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly clock: Clock;
}

/** What is to be looked at. */
export interface Scope {
  /** Before anything is deployed. */
  readonly instance?: ConnectInstance | undefined;
  /** Of the CDK's bootstrap. */
  readonly qualifier: string;
  /** A bucket that was brought along, or is to be. */
  readonly bucket?: string | undefined;
  /** The name of what is deployed. */
  readonly stack?: string | undefined;
  /** Whether to ask an instance what nobody documents. */
  readonly isProbed: boolean;
  /** Whether to read every row of the newest snapshots. */
  readonly isFull: boolean;
}

const wait = (milliseconds: number, signal: AbortSignal): Promise<void> =>
  pause(milliseconds, undefined, { signal });

/** Begins the checks of an instance, and of the account that an exporter is to be deployed in. */
function checkBefore(
  run: Run,
  settings: ClientSettings,
  identity: Promise<Identity | undefined>,
  instance: ConnectInstance,
  { qualifier, isProbed }: Scope,
  clock: Clock,
): void {
  const question = { client: new ConnectClient(settings), region: settings.region, instance };
  const found = run.start(instanceCheck(question), identity);
  const users = run.start(usersCheck(question), found);
  void run.start(proficienciesCheck(question), users);
  void run.start(extrasCheck(question), found);
  if (isProbed) void run.start(probeCheck({ question, pause: wait, clock }), users);
  void run.start(quotasCheck(new ServiceQuotasClient(settings)), users);
  const bootstrap = run.start(
    bootstrapCheck(settings, { qualifier, instanceId: instance.id }),
    identity,
  );
  void run.start(deploymentRightsCheck(new IAMClient(settings), settings.region), bootstrap);
}

/** Begins the checks of what is deployed. */
function checkAfter(
  run: Run,
  settings: ClientSettings,
  { access, clock }: Means,
  identity: Promise<Identity | undefined>,
  { stack = '', bucket, isFull }: Scope,
): void {
  const cloudFormation = new CloudFormationClient(settings);
  const stepFunctions = new SFNClient(settings);
  const s3 = s3Client(settings.region, access);
  const deployment = run.start(stackCheck(cloudFormation, stack, bucket), identity);
  const instances = run.start(workflowCheck(stepFunctions), deployment);
  const schedule = run.start(
    scheduleCheck(new SchedulerClient(settings), cloudFormation, clock),
    deployment,
  );
  void run.start(runsCheck(stepFunctions, clock), deployment);
  void run.start(bucketCheck(s3), bucketsOf(identity, deployment, bucket));
  const published = publishedBy(s3, deployment, instances, schedule);
  const newest = run.start(snapshotsCheck({ clock, isFull }), published);
  void run.start(alarmsCheck(new CloudWatchClient(settings)), deployment);
  void run.start(listenersCheck(new SNSClient(settings)), deployment);
  const database = run.start(catalogCheck(new GlueClient(settings)), deployment);
  const catalogue = catalogueOf(deployment, database, newest);
  void run.start(athenaCheck(new AthenaClient(settings), wait), catalogue);
  const deployed = deployedBy(identity, deployment, instances);
  const iam = new IAMClient(settings);
  const rights = workerRightsCheck({ iam, cloudFormation, region: settings.region });
  void run.start(rights, deployed);
}

/** Begins the checks of all that is to be looked at. */
export function check(run: Run, means: Means, scope: Scope): void {
  const settings = clientSettings(means.access, means.region);
  const identity = run.start(identityCheck(settings, means.environment), Promise.resolve(true));
  const { instance, bucket, stack } = scope;
  if (instance) checkBefore(run, settings, identity, instance, scope, means.clock);
  if (stack !== undefined) checkAfter(run, settings, means, identity, scope);
  else if (bucket !== undefined) {
    const buckets = bucketsOf(identity, Promise.resolve(undefined), bucket);
    void run.start(bucketCheck(s3Client(means.region, means.access)), buckets);
  }
}
