import { Metric, type MetricOptions, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { INSTANCE_DIMENSION, METRICS, METRICS_NAMESPACE } from '../../contract/metrics.ts';

/** One of the metrics of the functions and the workflow, of one instance. */
export const workerMetric = (
  name: keyof typeof METRICS,
  instanceId: string,
  options: MetricOptions = {},
): Metric =>
  new Metric({
    namespace: METRICS_NAMESPACE,
    metricName: METRICS[name],
    dimensionsMap: { [INSTANCE_DIMENSION]: instanceId },
    statistic: Stats.SUM,
    ...options,
  });
