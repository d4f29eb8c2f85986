import { Duration } from 'aws-cdk-lib';
import {
  ComparisonOperator,
  type IMetric,
  MathExpression,
  Stats,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { workerMetric } from './metrics.ts';
import { RUNBOOK_HEADINGS } from './runbook.ts';

/** Attempts per hour below which the throttled share means nothing: one burst of others is enough. */
const TOO_FEW_ATTEMPTS = 100;
/** Alone with its share of the quota the exporter stays below 1 %; ten times that is somebody else. */
const THROTTLED_PERCENT = 10;

/** When an operator is told, and what. */
export interface Rule {
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

export const runFailed = (stateMachine: IStateMachine): Rule => ({
  heading: RUNBOOK_HEADINGS.runFailed,
  says: 'A run of the proficiency exporter has failed.',
  metric: stateMachine.metricFailed(),
  threshold: 0,
});

export const runTimedOut = (stateMachine: IStateMachine): Rule => ({
  heading: RUNBOOK_HEADINGS.runFailed,
  says: 'A run of the proficiency exporter has been ended at its limit of two days.',
  metric: stateMachine.metricTimedOut(),
  threshold: 0,
});

export const startMissed = (missedStarts: IQueue): Rule => ({
  heading: RUNBOOK_HEADINGS.startMissed,
  says: 'The schedule could not start a run of the proficiency exporter.',
  metric: missedStarts.metricApproximateNumberOfMessagesVisible({ statistic: Stats.MAXIMUM }),
  threshold: 0,
});

export const snapshotLate = (instanceId: string, hours: number): Rule => ({
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

export const usersFailed = (instanceId: string): Rule => ({
  heading: RUNBOOK_HEADINGS.usersFailed,
  says: `Some users of the Amazon Connect instance ${instanceId} could not be read.`,
  metric: workerMetric('usersFailed', instanceId, {
    statistic: Stats.MAXIMUM,
    period: Duration.minutes(5),
  }),
  threshold: 0,
});

export const throttled = (instanceId: string): Rule => ({
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
