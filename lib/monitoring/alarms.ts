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
import type { ResolvedSettings } from '../settings/resolve.ts';
import { workerMetric } from './metrics.ts';

/** Attempts per hour below which the throttled share means nothing: one burst of others is enough. */
const TOO_FEW_ATTEMPTS = 100;
/** Alone with its share of the quota the exporter stays below 1 %; ten times that is somebody else. */
const THROTTLED_PERCENT = 10;

export interface AlarmsProps
  extends Pick<ResolvedSettings, 'instanceIds' | 'snapshotExpectedWithinHours' | 'runbookUrl'> {
  readonly stateMachine: IStateMachine;
  readonly missedStarts: IQueue;
  readonly topic: ITopic;
}

/** When an operator is told, and of what. */
interface Rule {
  /** What has happened, in a sentence. */
  readonly says: string;
  readonly metric: IMetric;
  readonly threshold: number;
  /** @default GREATER_THAN_THRESHOLD */
  readonly comparison?: ComparisonOperator;
  /** For how many periods it must last. @default 1 */
  readonly periods?: number;
  /** @default NOT_BREACHING: most of the time there is no run and hence no metric */
  readonly missing?: TreatMissingData;
}

interface Definition<Arguments extends unknown[]> {
  /** The heading of docs/runbook.md that tells the operator what to do. */
  readonly runbook: string;
  /** @returns `off` where the settings want no such alarm */
  readonly rule: (...args: Arguments) => Rule | 'off';
}

/** The alarms that the exporter has once, by construct id. To list one here is all it takes to have it made. */
export const EXPORTER_ALARMS: Readonly<Record<string, Definition<[AlarmsProps]>>> = {
  RunFailed: {
    runbook: 'A run failed',
    rule: ({ stateMachine }) => ({
      says: 'A run of the proficiency exporter has failed.',
      metric: stateMachine.metricFailed(),
      threshold: 0,
    }),
  },
  RunTimedOut: {
    runbook: 'A run failed',
    rule: ({ stateMachine }) => ({
      says: 'A run of the proficiency exporter has been ended at its limit of two days.',
      metric: stateMachine.metricTimedOut(),
      threshold: 0,
    }),
  },
  StartMissed: {
    runbook: 'A start was missed',
    rule: ({ missedStarts }) => ({
      says: 'The schedule could not start a run of the proficiency exporter.',
      metric: missedStarts.metricApproximateNumberOfMessagesVisible({ statistic: Stats.MAXIMUM }),
      threshold: 0,
    }),
  },
};

/** The alarms that every instance has, by the first half of their construct ids; the other half is the instance's id. */
export const INSTANCE_ALARMS: Readonly<Record<string, Definition<[string, AlarmsProps]>>> = {
  SnapshotLate: {
    runbook: 'A snapshot is late',
    rule: (instanceId, { snapshotExpectedWithinHours: hours }) =>
      hours === 'off'
        ? 'off'
        : {
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
          },
  },
  UsersFailed: {
    runbook: 'Users could not be read',
    rule: (instanceId) => ({
      says: `Some users of the Amazon Connect instance ${instanceId} could not be read.`,
      metric: workerMetric('usersFailed', instanceId, { period: Duration.minutes(5) }),
      threshold: 0,
    }),
  },
  DerivedDataFailed: {
    runbook: 'Derived data are not up to date',
    rule: (instanceId) => ({
      says: `A snapshot of the Amazon Connect instance ${instanceId} is published, but its derived data or its event are missing.`,
      metric: workerMetric('derivedDataFailed', instanceId, { period: Duration.minutes(5) }),
      threshold: 0,
    }),
  },
  CoverageBelowTarget: {
    runbook: 'Coverage below target',
    rule: (instanceId) => ({
      says: `Too few agents of the Amazon Connect instance ${instanceId} have a proficiency for which there is a coverage target.`,
      metric: workerMetric('coverageGaps', instanceId, { period: Duration.minutes(5) }),
      threshold: 0,
      // A snapshot says it once: until the next one it stays as it is.
      missing: TreatMissingData.IGNORE,
    }),
  },
  Throttled: {
    runbook: 'Connect throttles the exporter',
    rule: (instanceId) => ({
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
    }),
  },
};

/** What an operator is told of. Everything else is on the dashboard. */
export class Alarms extends Construct {
  readonly alarms: readonly Alarm[];

  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    this.alarms = [
      ...Object.entries(EXPORTER_ALARMS).flatMap(([alarmId, { runbook, rule }]) =>
        this.alarm(alarmId, runbook, rule(props), props),
      ),
      // The construct ids hold the instance's id, so that the order of configuration is free.
      ...props.instanceIds.flatMap((instanceId) =>
        Object.entries(INSTANCE_ALARMS).flatMap(([alarmId, { runbook, rule }]) =>
          this.alarm(`${alarmId}-${instanceId}`, runbook, rule(instanceId, props), props),
        ),
      ),
    ];
  }

  /** @returns the alarm, or none where its rule is off */
  private alarm(
    id: string,
    runbook: string,
    rule: Rule | 'off',
    { topic, runbookUrl }: AlarmsProps,
  ): readonly Alarm[] {
    if (rule === 'off') return [];
    const alarm = new Alarm(this, id, {
      alarmDescription: `${rule.says} What to do: ${runbookUrl}#${anchorOf(runbook)}`,
      metric: rule.metric,
      threshold: rule.threshold,
      comparisonOperator: rule.comparison ?? ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: rule.periods ?? 1,
      treatMissingData: rule.missing ?? TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction(new SnsAction(topic));
    alarm.addOkAction(new SnsAction(topic));
    return [alarm];
  }
}

/** A heading's anchor, as GitHub and its like spell it. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^a-z0-9 -]/g, '')
    .replaceAll(' ', '-');
