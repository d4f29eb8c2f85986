import { Annotations, Duration, Stack, TimeZone, Validations } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import {
  ContextAttribute,
  Schedule,
  ScheduleExpression,
  ScheduleTargetInput,
} from 'aws-cdk-lib/aws-scheduler';
import { StepFunctionsStartExecution } from 'aws-cdk-lib/aws-scheduler-targets';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { ResolvedSettings } from '../settings/resolve.ts';
import { skippedRun } from '../settings/skipped-hour.ts';
import { scheduledInput } from './request.ts';

/** Longer than that a run is not postponed: it had better be started by hand, or wait for the next one. */
const LATEST_START = Duration.hours(2);
const START_ATTEMPTS = 10;

export interface RunScheduleProps
  extends Pick<ResolvedSettings, 'schedule' | 'timeZone' | 'scheduleEnabled'> {
  readonly stateMachine: IStateMachine;
  /** Encrypts the starts that were missed. @default - a key of SQS */
  readonly encryptionKey?: IKey | undefined;
}

/** Starts the workflow when it is due. */
export class RunSchedule extends Construct {
  readonly schedule: Schedule;
  /** Where a start ends up that the workflow did not accept. */
  readonly deadLetterQueue: Queue;

  constructor(scope: Construct, id: string, props: RunScheduleProps) {
    super(scope, id);
    this.deadLetterQueue = new Queue(this, 'MissedStarts', {
      ...queueEncryption(props.encryptionKey),
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    Validations.of(this.deadLetterQueue).acknowledge({
      id: 'AwsSolutions-SQS3',
      reason: 'It is the dead-letter queue, of the schedule.',
    });
    const skipped = props.scheduleEnabled && skippedRun(props.schedule, props.timeZone, new Date());
    if (skipped)
      Annotations.of(this).addWarningV2('connect-proficiency-exporter:skippedRun', skipped);
    this.schedule = new Schedule(this, 'Schedule', {
      description: "Exports Amazon Connect users' proficiencies",
      schedule: ScheduleExpression.expression(props.schedule, TimeZone.of(props.timeZone)),
      enabled: props.scheduleEnabled,
      target: new StepFunctionsStartExecution(props.stateMachine, {
        input: ScheduleTargetInput.fromObject(scheduledInput(ContextAttribute.scheduledTime)),
        role: roleOfSchedule(this, props.encryptionKey),
        deadLetterQueue: this.deadLetterQueue,
        maxEventAge: LATEST_START,
        retryAttempts: START_ATTEMPTS,
      }),
    });
  }
}

const queueEncryption = (encryptionKey: IKey | undefined) =>
  encryptionKey === undefined
    ? { encryption: QueueEncryption.SQS_MANAGED }
    : { encryption: QueueEncryption.KMS, encryptionMasterKey: encryptionKey };

/**
 * The target adds what it needs, but not the use of the queue's key. A role that it makes itself would lie in the stack, out of reach of
 * the tags and the permissions boundary that an app gives the exporter.
 */
function roleOfSchedule(scope: Construct, encryptionKey: IKey | undefined): Role {
  const { account } = Stack.of(scope);
  const group = Stack.of(scope).formatArn({
    service: 'scheduler',
    resource: 'schedule-group',
    resourceName: 'default',
  });
  const role = new Role(scope, 'Role', {
    description: 'Of the schedule: starts the workflow, and keeps the starts that it missed',
    assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': account, 'aws:SourceArn': group } },
    }),
  });
  if (encryptionKey) {
    role.addToPolicy(
      new PolicyStatement({
        sid: 'UseKeyOfQueue',
        actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
        resources: [encryptionKey.keyArn],
      }),
    );
  }
  return role;
}
