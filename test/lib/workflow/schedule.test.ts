import { Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { resolveSettings } from '../../../lib/settings/resolve.ts';
import type { ExporterSettings } from '../../../lib/settings/schema.ts';
import { RunSchedule } from '../../../lib/workflow/schedule.ts';
import { INSTANCE_A, synthesize, testApp, UNCHECKED } from '../../support/synthesize.ts';

/** A stack that has nothing but the schedule. */
function scheduleAlone(settings: Partial<ExporterSettings>): Stack {
  const stack = new Stack(testApp({}, UNCHECKED), 'Theirs');
  new RunSchedule(stack, 'RunSchedule', {
    ...resolveSettings({ instanceIds: [INSTANCE_A], ...settings }),
    stateMachine: StateMachine.fromStateMachineName(stack, 'StateMachine', 'theirs'),
  });
  return stack;
}

describe('the schedule', () => {
  const template = synthesize();

  it('starts the workflow every night and says when the run was due', () => {
    template.hasResourceProperties('AWS::Scheduler::Schedule', {
      ScheduleExpression: 'cron(0 2 * * ? *)',
      ScheduleExpressionTimezone: 'UTC',
      State: 'ENABLED',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: {
        Arn: { Ref: Match.stringLikeRegexp('StateMachine') },
        Input: '{"scheduledTime":"<aws.scheduler.scheduled-time>","trigger":"schedule"}',
      },
    });
  });

  it('gives up after two hours, and leaves the start where an alarm sees it', () => {
    template.hasResourceProperties('AWS::Scheduler::Schedule', {
      Target: {
        RetryPolicy: { MaximumEventAgeInSeconds: 7200, MaximumRetryAttempts: 10 },
        DeadLetterConfig: {
          Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('MissedStarts'), 'Arn'] },
        },
      },
    });
  });

  it('may start this workflow only', () => {
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Action: 'states:StartExecution',
            Resource: { Ref: Match.stringLikeRegexp('StateMachine') },
          }),
        ]),
      },
    });
  });

  it('follows the configuration', () => {
    const settings = {
      schedule: 'rate(6 hours)',
      timeZone: 'Europe/Berlin',
      scheduleEnabled: false,
    };
    Template.fromStack(scheduleAlone(settings)).hasResourceProperties('AWS::Scheduler::Schedule', {
      ScheduleExpression: 'rate(6 hours)',
      ScheduleExpressionTimezone: 'Europe/Berlin',
      State: 'DISABLED',
    });
  });

  it('has a dead-letter queue that is encrypted and refuses requests without TLS', () => {
    template.hasResourceProperties('AWS::SQS::Queue', {
      SqsManagedSseEnabled: true,
      MessageRetentionPeriod: 1_209_600,
    });
    template.hasResourceProperties('AWS::SQS::QueuePolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Effect: 'Deny',
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          }),
        ]),
      },
    });
  });
});

it.each([
  [{ timeZone: 'Europe/Berlin' }, 1],
  [{ timeZone: 'Europe/Berlin', scheduleEnabled: false }, 0],
  [{ timeZone: 'UTC' }, 0],
])('tells at synth of a date whose run the clocks would skip: %j', (settings, warnings) => {
  const said = Annotations.fromStack(scheduleAlone(settings)).findWarning('*', Match.anyValue());
  const ours = said.filter(({ entry }) =>
    String(entry.data).includes('that date gets no snapshot'),
  );
  expect(ours).toHaveLength(warnings);
});
