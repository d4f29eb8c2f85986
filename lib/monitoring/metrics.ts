import { Duration } from 'aws-cdk-lib';
import {
  MathExpression,
  type MathExpressionOptions,
  Metric,
  type MetricOptions,
  Stats,
} from 'aws-cdk-lib/aws-cloudwatch';
import { parseInstance } from '../../contract/instance.ts';
import { INSTANCE_DIMENSION, METRICS, METRICS_NAMESPACE } from '../../contract/metrics.ts';
import { ConfigurationError } from '../settings/configuration-error.ts';

type MetricName = keyof typeof METRICS;

/** Of which instance a metric is. */
export interface OfInstance {
  /**
   * One of the exporter's instances, by its id or ARN.
   *
   * @default - the instance of the exporter; must be given where it has several
   */
  readonly instanceId?: string | undefined;
}

/** Of which instance a metric is, and how it is summed up. */
export interface ExporterMetricOptions extends MetricOptions, OfInstance {}

/** Of which instance a figure is that is computed from metrics, and how it is shown. */
export interface ExporterExpressionOptions extends MathExpressionOptions, OfInstance {}

/** What is said once of a snapshot or of the end of a run, perhaps twice; all else adds up, slice by slice. */
const SAID_ONCE: readonly MetricName[] = ['usersFailed', 'snapshotBytes', 'coverageGaps'];

/** One of the metrics of the functions and the workflow, of one instance. */
export const workerMetric = (
  name: MetricName,
  instanceId: string,
  options: MetricOptions = {},
): Metric =>
  new Metric({
    namespace: METRICS_NAMESPACE,
    metricName: METRICS[name],
    dimensionsMap: { [INSTANCE_DIMENSION]: instanceId },
    statistic: SAID_ONCE.includes(name) ? Stats.MAXIMUM : Stats.SUM,
    ...options,
  });

/** @param expression of the metrics' ids, each followed by what tells instances apart: ids are unique within a graph */
const computed =
  (names: Readonly<Record<string, MetricName>>, expression: (of: string) => string) =>
  (instanceId: string, options: MathExpressionOptions = {}): MathExpression => {
    const of = `_${instanceId.replaceAll('-', '')}`;
    return new MathExpression({
      expression: expression(of),
      usingMetrics: Object.fromEntries(
        Object.entries(names).map(([id, name]) => [`${id}${of}`, workerMetric(name, instanceId)]),
      ),
      period: Duration.hours(1),
      ...options,
    });
  };

/** Hours since the last publication: the time of every hour less that of the last one with a snapshot. */
export const snapshotAge = computed(
  { published: 'snapshotPublished' },
  (of) => `(EPOCH(FILL(published${of}, 0)) - FILL(EPOCH(published${of}), REPEAT)) / 3600`,
);

/** Requests to Connect per second of work. */
export const requestRate = computed(
  { requests: 'requests', seconds: 'sliceSeconds' },
  (of) => `requests${of} / seconds${of}`,
);

/** Throttled requests to Connect, in percent. */
export const throttledShare = computed(
  { requests: 'requests', throttled: 'throttled' },
  (of) => `100 * throttled${of} / requests${of}`,
);

/**
 * The instance that is meant.
 *
 * @param instanceIds those of the exporter
 * @param given see `OfInstance`
 * @throws ConfigurationError where none of them is
 */
export function instanceMeant(instanceIds: readonly string[], given: string | undefined): string {
  const [only, ...others] = instanceIds;
  if (given === undefined && only !== undefined && others.length === 0) return only;
  const id = given && parseInstance(given)?.id;
  if (id && instanceIds.includes(id)) return id;
  throw new ConfigurationError([
    `instanceId is ${given === undefined ? 'missing' : JSON.stringify(given)}, expected one of the exporter's instances: ${instanceIds.join(', ')}.`,
  ]);
}
