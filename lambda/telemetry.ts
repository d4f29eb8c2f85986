import type { Logger } from '@aws-lambda-powertools/logger';
import { type Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { INSTANCE_DIMENSION, METRICS } from './contract/metrics.ts';
import type { Observer, SliceSummary } from './export/ports.ts';

const throttled = ({ requests }: SliceSummary): number =>
  requests.list_users.throttled + requests.list_user_proficiencies.throttled;

const attempts = ({ requests }: SliceSummary): number =>
  Object.values(requests).reduce(
    (total, { ok, throttled, retried }) => total + ok + throttled + retried,
    0,
  );

function publishMetrics(metrics: Metrics, summary: SliceSummary): void {
  const counts = {
    [METRICS.usersExported]: summary.exported,
    // While the run goes on it will ask for them again: nobody is to be woken for what mends itself.
    ...(!summary.goesOn && { [METRICS.usersFailed]: summary.failed }),
    [METRICS.usersDeleted]: summary.deleted,
    [METRICS.proficiencies]: summary.proficiencies,
    [METRICS.requests]: attempts(summary),
    [METRICS.throttled]: throttled(summary),
    ...(summary.snapshotBytes !== undefined && { [METRICS.snapshotPublished]: 1 }),
  };
  metrics.addDimension(INSTANCE_DIMENSION, summary.instanceId);
  for (const [name, value] of Object.entries(counts)) {
    metrics.addMetric(name, MetricUnit.Count, value);
  }
  metrics.addMetric(METRICS.sliceSeconds, MetricUnit.Seconds, summary.seconds);
  if (summary.snapshotBytes !== undefined) {
    metrics.addMetric(METRICS.snapshotBytes, MetricUnit.Bytes, summary.snapshotBytes);
  }
  metrics.publishStoredMetrics();
}

/** Tells CloudWatch how a slice goes: what happened as log lines, how much as metrics. No user's data. */
export const telemetry = (logger: Logger, metrics: Metrics): Observer => ({
  begun({ instanceId, runId, slice, usersTotal, usersAnswered }) {
    logger.appendKeys({ instanceId, runId, slice });
    logger.info('Slice begun', { usersTotal, usersAnswered });
  },
  userDone: () => undefined,
  // Not as `message`: that is the logger's own key, and what is given under it is lost.
  userFailed: ({ userId, error, message }) =>
    logger.warn('User could not be read', { userId, error, reason: message }),
  partClosed: (part) => logger.info('Part closed', { ...part }),
  sliceEnded(summary) {
    logger.info('Slice ended', { ...summary });
    publishMetrics(metrics, summary);
  },
});
