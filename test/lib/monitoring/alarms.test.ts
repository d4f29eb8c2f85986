import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Alarms, EXPORTER_ALARMS, INSTANCE_ALARMS } from '../../../lib/monitoring/alarms.ts';
import { resolveSettings } from '../../../lib/settings/resolve.ts';
import type { ExporterSettings } from '../../../lib/settings/schema.ts';
import {
  INSTANCE_A,
  INSTANCE_B,
  synthesize,
  testApp,
  UNCHECKED,
} from '../../support/synthesize.ts';

const alarmsIn = (template: Template) =>
  Object.values(template.findResources('AWS::CloudWatch::Alarm')).map(
    ({ Properties }) => Properties,
  );

/** The alarms alone in a stack. */
function alarmsOf(settings: Partial<ExporterSettings> = {}) {
  const stack = new Stack(testApp({}, UNCHECKED), 'Theirs');
  new Alarms(stack, 'Alarms', {
    ...resolveSettings({ instanceIds: [INSTANCE_A], ...settings }),
    stateMachine: StateMachine.fromStateMachineName(stack, 'StateMachine', 'theirs'),
    missedStarts: new Queue(stack, 'MissedStarts'),
    topic: new Topic(stack, 'Topic'),
  });
  return alarmsIn(Template.fromStack(stack));
}

/** That nobody is subscribed by default, test/lib/settings/schema.test.ts shows. */
const EMAIL = 'operators@example.com';

const byDefault = alarmsOf();
const ofTwoInstances = alarmsOf({ instanceIds: [INSTANCE_A, INSTANCE_B] });

const describedBy = (text: string) =>
  byDefault.find(({ AlarmDescription }) => AlarmDescription.includes(text));

describe('the alarms', () => {
  it.each([
    ['has failed', 'ExecutionsFailed'],
    ['ended at its limit', 'ExecutionsTimedOut'],
  ])('tell of a run that %s', (says, MetricName) => {
    expect(describedBy(says)).toMatchObject({
      MetricName,
      Statistic: 'Sum',
      Threshold: 0,
      EvaluationPeriods: 1,
      TreatMissingData: 'notBreaching',
    });
  });

  it('tell of a snapshot that is late, per instance, hours without any metric included', () => {
    const late = ofTwoInstances.filter(({ AlarmDescription }) =>
      AlarmDescription.startsWith('No snapshot'),
    );
    expect(late.map(({ AlarmDescription }) => AlarmDescription)).toEqual([
      expect.stringContaining(INSTANCE_A),
      expect.stringContaining(INSTANCE_B),
    ]);
    expect(late[0]).toMatchObject({
      Threshold: 1,
      ComparisonOperator: 'LessThanThreshold',
      EvaluationPeriods: 27,
      TreatMissingData: 'breaching',
      Metrics: [
        { Expression: 'FILL(published, 0)' },
        {
          MetricStat: {
            Period: 3600,
            Stat: 'Sum',
            Metric: {
              Namespace: 'ConnectProficiencyExporter',
              MetricName: 'SnapshotPublished',
              Dimensions: [{ Name: 'InstanceId', Value: INSTANCE_A }],
            },
          },
        },
      ],
    });
  });

  it('expect a snapshot when the configuration says so, or never', () => {
    const late = (settings: Partial<ExporterSettings>) =>
      alarmsOf(settings).filter(({ AlarmDescription }) =>
        AlarmDescription.startsWith('No snapshot'),
      );
    expect(late({ schedule: 'rate(6 hours)' })).toMatchObject([{ EvaluationPeriods: 9 }]);
    expect(late({ snapshotExpectedWithinHours: 100 })).toMatchObject([{ EvaluationPeriods: 100 }]);
    expect(late({ snapshotExpectedWithinHours: 'off' })).toEqual([]);
    expect(late({ scheduleEnabled: false })).toEqual([]);
  });

  it('tell of a start that was missed', () => {
    expect(describedBy('could not start')).toMatchObject({
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Statistic: 'Maximum',
      Threshold: 0,
    });
  });

  it('tell of many throttled requests, but not of a few', () => {
    const alarm = describedBy('has throttled more than');
    expect(alarm).toMatchObject({ Threshold: 10 });
    expect(alarm?.Metrics[0].Expression).toBe('IF(requests > 100, 100 * throttled / requests, 0)');
  });

  it('tell of users that could not be read', () => {
    expect(describedBy('could not be read')).toMatchObject({
      MetricName: 'UsersFailed',
      Statistic: 'Maximum',
      Threshold: 0,
    });
  });

  it('tell of derived data that are not up to date, per instance', () => {
    const derived = ofTwoInstances.filter(({ MetricName }) => MetricName === 'DerivedDataFailed');
    expect(derived).toMatchObject(
      [INSTANCE_A, INSTANCE_B].map((instanceId) => ({
        AlarmDescription: expect.stringContaining('#derived-data-are-not-up-to-date'),
        Namespace: 'ConnectProficiencyExporter',
        Dimensions: [{ Name: 'InstanceId', Value: instanceId }],
        Statistic: 'Sum',
        Threshold: 0,
        TreatMissingData: 'notBreaching',
      })),
    );
  });

  it('tell of coverage below target, and stay on until a snapshot says otherwise', () => {
    const coverage = ofTwoInstances.filter(({ MetricName }) => MetricName === 'CoverageGaps');
    expect(coverage).toMatchObject(
      [INSTANCE_A, INSTANCE_B].map((instanceId) => ({
        AlarmDescription: expect.stringContaining('#coverage-below-target'),
        Namespace: 'ConnectProficiencyExporter',
        Dimensions: [{ Name: 'InstanceId', Value: instanceId }],
        Statistic: 'Maximum',
        ComparisonOperator: 'GreaterThanThreshold',
        Threshold: 0,
        EvaluationPeriods: 1,
        TreatMissingData: 'ignore',
      })),
    );
  });

  it('go to the topic, and say when it is over', () => {
    const topic = [{ Ref: expect.stringMatching(/AlarmTopic/) }];
    for (const alarm of alarmsIn(synthesize({ alarmEmail: EMAIL })))
      expect(alarm).toMatchObject({ AlarmActions: topic, OKActions: topic });
  });

  it('are all made, those of an instance once for each', () => {
    const listed = Object.keys(EXPORTER_ALARMS).length + 2 * Object.keys(INSTANCE_ALARMS).length;
    expect(ofTwoInstances).toHaveLength(listed);
  });

  it('link to where the runbook is said to be', () => {
    const runbookUrl = 'https://git.example.com/exporter/docs/runbook.md';
    for (const { AlarmDescription } of alarmsOf({ runbookUrl })) {
      expect(AlarmDescription).toContain(`What to do: ${runbookUrl}#`);
    }
  });
});

describe('the topic', () => {
  const template = synthesize({ alarmEmail: EMAIL });

  it('lets alarms of this account publish, over TLS', () => {
    const [policy] = Object.values(template.findResources('AWS::SNS::TopicPolicy'));
    expect(policy?.Properties.PolicyDocument.Statement).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          Effect: 'Allow',
          Action: 'sns:Publish',
          Principal: { Service: 'cloudwatch.amazonaws.com' },
          Condition: { ArnLike: { 'aws:SourceArn': expect.anything() } },
        }),
        expect.objectContaining({
          Effect: 'Deny',
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        }),
      ]),
    );
  });

  it('is subscribed to by the configured address', () => {
    template.hasResourceProperties('AWS::SNS::Subscription', {
      Protocol: 'email',
      Endpoint: EMAIL,
    });
  });
});
