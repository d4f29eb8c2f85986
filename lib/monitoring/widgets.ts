import { Duration } from 'aws-cdk-lib';
import {
  GraphWidget,
  type IMetric,
  type IWidget,
  MathExpression,
  type MathExpressionOptions,
  Stats,
  TextWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { METRICS } from '../../contract/metrics.ts';
import { requestRate, snapshotAge, throttledShare, workerMetric } from './metrics.ts';

/** Of the 24 units that a dashboard is wide: three graphs side by side. */
const COLUMN = 8;

const HOUR = Duration.hours(1);

const graph = (title: string, left: IMetric[]): IWidget =>
  new GraphWidget({ title, left, width: COLUMN, leftYAxis: { min: 0, showUnits: false } });

/** One of the worker's metrics, a line per instance. */
export const perInstance = (
  instanceIds: readonly string[],
  title: string,
  name: keyof typeof METRICS,
  statistic?: string,
): IWidget =>
  graph(
    title,
    instanceIds.map((instanceId) =>
      workerMetric(name, instanceId, {
        label: instanceId,
        period: HOUR,
        ...(statistic && { statistic }),
      }),
    ),
  );

export const runs = (stateMachine: IStateMachine): IWidget =>
  graph('Runs', [
    stateMachine.metricStarted({ label: 'started', period: HOUR }),
    stateMachine.metricSucceeded({ label: 'succeeded', period: HOUR }),
    stateMachine.metricFailed({ label: 'failed', period: HOUR }),
    stateMachine.metricTimedOut({ label: 'timed out', period: HOUR }),
  ]);

export const runDuration = (stateMachine: IStateMachine): IWidget =>
  graph('Duration of a run, minutes', [
    new MathExpression({
      label: 'longest',
      expression: 'time / 60000',
      usingMetrics: { time: stateMachine.metricTime({ statistic: Stats.MAXIMUM }) },
      period: HOUR,
    }),
  ]);

/** A figure that is computed from metrics, a line per instance. */
const computedPerInstance = (
  title: string,
  instanceIds: readonly string[],
  figure: (instanceId: string, options: MathExpressionOptions) => IMetric,
): IWidget =>
  graph(
    title,
    instanceIds.map((instanceId) => figure(instanceId, { label: instanceId })),
  );

export const age = (instanceIds: readonly string[]): IWidget =>
  computedPerInstance('Age of the snapshot, hours', instanceIds, snapshotAge);

export const rate = (instanceIds: readonly string[]): IWidget =>
  computedPerInstance('Requests to Connect per second of work', instanceIds, requestRate);

export const throttled = (instanceIds: readonly string[]): IWidget =>
  computedPerInstance('Throttled requests, %', instanceIds, throttledShare);

/** What a newcomer to the page must know. */
export const reading = (): IWidget =>
  new TextWidget({
    width: COLUMN,
    height: 6,
    markdown: [
      '**How to read this**',
      '- One line per Amazon Connect instance.',
      '- Users are counted as they are exported, slice by slice; a run of many users spreads over hours.',
      '- Throttled requests are tried again. Many of them mean that others use the same quota at the same time.',
    ].join('\n'),
  });
