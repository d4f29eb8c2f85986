import { Annotations, Duration, TimeZone, Validations } from 'aws-cdk-lib';
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
}

/** Starts the workflow when it is due. */
export class RunSchedule extends Construct {
  readonly schedule: Schedule;
  /** Where a start ends up that the workflow did not accept. */
  readonly deadLetterQueue: Queue;

  constructor(scope: Construct, id: string, props: RunScheduleProps) {
    super(scope, id);
    this.deadLetterQueue = new Queue(this, 'MissedStarts', {
      encryption: QueueEncryption.SQS_MANAGED,
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
        deadLetterQueue: this.deadLetterQueue,
        maxEventAge: LATEST_START,
        retryAttempts: START_ATTEMPTS,
      }),
    });
  }
}
