import { Duration } from 'aws-cdk-lib';
import {
  GraphWidget,
  type IMetric,
  type IWidget,
  MathExpression,
  Stats,
  TextWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { METRICS } from '../../contract/metrics.ts';
import { workerMetric } from './metrics.ts';

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
  statistic: string = Stats.SUM,
): IWidget =>
  graph(
    title,
    instanceIds.map((instanceId) =>
      workerMetric(name, instanceId, { label: instanceId, statistic, period: HOUR }),
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

/** @param expression of the metrics' ids, each followed by a number: ids are unique within a widget */
const computedPerInstance = (
  title: string,
  instanceIds: readonly string[],
  names: Readonly<Record<string, keyof typeof METRICS>>,
  expression: (n: number) => string,
): IWidget =>
  graph(
    title,
    instanceIds.map(
      (instanceId, n) =>
        new MathExpression({
          label: instanceId,
          expression: expression(n),
          usingMetrics: Object.fromEntries(
            Object.entries(names).map(([id, name]) => [
              `${id}${n}`,
              workerMetric(name, instanceId),
            ]),
          ),
          period: HOUR,
        }),
    ),
  );

/** Hours since the last publication: the time of every hour less that of the last one with a snapshot. */
export const age = (instanceIds: readonly string[]): IWidget =>
  computedPerInstance(
    'Age of the snapshot, hours',
    instanceIds,
    { published: 'snapshotPublished' },
    (n) => `(EPOCH(FILL(published${n}, 0)) - FILL(EPOCH(published${n}), REPEAT)) / 3600`,
  );

export const rate = (instanceIds: readonly string[]): IWidget =>
  computedPerInstance(
    'Requests to Connect per second of work',
    instanceIds,
    { requests: 'requests', seconds: 'sliceSeconds' },
    (n) => `requests${n} / seconds${n}`,
  );

export const throttledShare = (instanceIds: readonly string[]): IWidget =>
  computedPerInstance(
    'Throttled requests, %',
    instanceIds,
    { requests: 'requests', throttled: 'throttled' },
    (n) => `100 * throttled${n} / requests${n}`,
  );

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
