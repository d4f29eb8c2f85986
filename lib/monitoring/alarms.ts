import { Duration } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  type IMetric,
  MathExpression,
  Stats,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { workerMetric } from './metrics.ts';
import { RUNBOOK_HEADINGS, runbookLink } from './runbook.ts';

/** Attempts per hour below which the throttled share means nothing: one burst of others is enough. */
const TOO_FEW_ATTEMPTS = 100;
/** Alone with its share of the quota the exporter stays below 1 %; ten times that is somebody else. */
const THROTTLED_PERCENT = 10;

export interface AlarmsProps {
  readonly instanceIds: readonly string[];
  readonly stateMachine: IStateMachine;
  readonly missedStarts: IQueue;
  readonly topic: ITopic;
  /** `off`: nobody is told of a snapshot that is late. */
  readonly snapshotExpectedWithinHours: number | 'off';
  readonly runbookUrl: string;
}

interface Rule {
  readonly heading: string;
  /** What has happened, in a sentence. */
  readonly says: string;
  readonly metric: IMetric;
  readonly threshold: number;
  readonly comparison?: ComparisonOperator;
  /** For how many periods it must last. @default 1 */
  readonly periods?: number;
  /** @default notBreaching: most of the time there is no run and hence no metric */
  readonly missing?: TreatMissingData;
}

/** What an operator is told of, and what not to do without: everything else is on the dashboard. */
export class Alarms extends Construct {
  /** In the order of the runbook. */
  readonly alarms: readonly Alarm[];

  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    const rules = {
      RunFailed: runFailed(props.stateMachine),
      RunTimedOut: runTimedOut(props.stateMachine),
      StartMissed: startMissed(props.missedStarts),
      ...Object.assign({}, ...props.instanceIds.map((instanceId) => rulesOf(instanceId, props))),
    } satisfies Record<string, Rule>;
    this.alarms = Object.entries<Rule>(rules).map(([ruleId, rule]) =>
      this.alarm(ruleId, rule, props),
    );
  }

  private alarm(id: string, rule: Rule, { topic, runbookUrl }: AlarmsProps): Alarm {
    const alarm = new Alarm(this, id, {
      alarmDescription: `${rule.says} What to do: ${runbookLink(runbookUrl, rule.heading)}`,
      metric: rule.metric,
      threshold: rule.threshold,
      comparisonOperator: rule.comparison ?? ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: rule.periods ?? 1,
      treatMissingData: rule.missing ?? TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction(new SnsAction(topic));
    alarm.addOkAction(new SnsAction(topic));
    return alarm;
  }
}

/** The rules of one instance; construct ids hold its id, so that the order of configuration is free. */
function rulesOf(instanceId: string, props: AlarmsProps): Record<string, Rule> {
  return {
    ...(props.snapshotExpectedWithinHours === 'off'
      ? {}
      : {
          [`SnapshotLate-${instanceId}`]: snapshotLate(
            instanceId,
            props.snapshotExpectedWithinHours,
          ),
        }),
    [`UsersFailed-${instanceId}`]: usersFailed(instanceId),
    [`Throttled-${instanceId}`]: throttled(instanceId),
  };
}

const runFailed = (stateMachine: IStateMachine): Rule => ({
  heading: RUNBOOK_HEADINGS.runFailed,
  says: 'A run of the proficiency exporter has failed.',
  metric: stateMachine.metricFailed(),
  threshold: 0,
});

const runTimedOut = (stateMachine: IStateMachine): Rule => ({
  heading: RUNBOOK_HEADINGS.runFailed,
  says: 'A run of the proficiency exporter has been ended at its limit of two days.',
  metric: stateMachine.metricTimedOut(),
  threshold: 0,
});

const startMissed = (missedStarts: IQueue): Rule => ({
  heading: RUNBOOK_HEADINGS.startMissed,
  says: 'The schedule could not start a run of the proficiency exporter.',
  metric: missedStarts.metricApproximateNumberOfMessagesVisible({ statistic: Stats.MAXIMUM }),
  threshold: 0,
});

const snapshotLate = (instanceId: string, hours: number): Rule => ({
  heading: RUNBOOK_HEADINGS.snapshotLate,
  says: `No snapshot of the Amazon Connect instance ${instanceId} has been published for ${hours} hours.`,
  // Hours without a run have no metric: they must count as hours without a snapshot.
  metric: new MathExpression({
    label: 'Snapshots published',
    expression: 'FILL(published, 0)',
    usingMetrics: { published: workerMetric('snapshotPublished', instanceId) },
    period: Duration.hours(1),
  }),
  threshold: 1,
  comparison: ComparisonOperator.LESS_THAN_THRESHOLD,
  periods: hours,
  missing: TreatMissingData.BREACHING,
});

const usersFailed = (instanceId: string): Rule => ({
  heading: RUNBOOK_HEADINGS.usersFailed,
  says: `Some users of the Amazon Connect instance ${instanceId} could not be read.`,
  metric: workerMetric('usersFailed', instanceId, {
    statistic: Stats.MAXIMUM,
    period: Duration.minutes(5),
  }),
  threshold: 0,
});

const throttled = (instanceId: string): Rule => ({
  heading: RUNBOOK_HEADINGS.throttled,
  says: `Amazon Connect has throttled more than ${THROTTLED_PERCENT} % of the requests for the instance ${instanceId}.`,
  metric: new MathExpression({
    label: 'Throttled requests, %',
    expression: `IF(requests > ${TOO_FEW_ATTEMPTS}, 100 * throttled / requests, 0)`,
    usingMetrics: {
      requests: workerMetric('requests', instanceId),
      throttled: workerMetric('throttled', instanceId),
    },
    period: Duration.hours(1),
  }),
  threshold: THROTTLED_PERCENT,
});
