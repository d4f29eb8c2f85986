import type { Logger } from '@aws-lambda-powertools/logger';
import { type Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Manifest } from '../contract/manifest.ts';
import { INSTANCE_DIMENSION, METRICS } from '../contract/metrics.ts';
import type { Clock, Observer, SliceSummary } from '../export/ports.ts';

const throttled = ({ requests }: SliceSummary): number =>
  Object.values(requests).reduce((total, counts) => total + counts.throttled, 0);

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
  };
  metrics.addDimension(INSTANCE_DIMENSION, summary.instanceId);
  for (const [name, value] of Object.entries(counts)) {
    metrics.addMetric(name, MetricUnit.Count, value);
  }
  metrics.addMetric(METRICS.sliceSeconds, MetricUnit.Seconds, summary.seconds);
  metrics.publishStoredMetrics();
}

/** CloudWatch takes no older values; what is published then is no news to an alarm either. */
const OLDEST_VALUE_MS = 14 * 24 * 60 * 60 * 1000;

/**
 * At the time of the publication, whenever it is told of: an alarm must not take the second telling, or that of a run which
 * published days ago, for a new snapshot.
 */
function publicationMetrics(
  metrics: Metrics,
  { instance_id, finished_at, snapshot }: Manifest,
  now: Date,
): void {
  const publishedAt = new Date(finished_at);
  if (now.getTime() - publishedAt.getTime() >= OLDEST_VALUE_MS) return;
  metrics.addDimension(INSTANCE_DIMENSION, instance_id);
  metrics.setTimestamp(publishedAt);
  metrics.addMetric(METRICS.snapshotPublished, MetricUnit.Count, 1);
  metrics.addMetric(METRICS.snapshotBytes, MetricUnit.Bytes, snapshot.bytes);
  metrics.publishStoredMetrics();
}

/** How many coverage targets of an instance are not met now. */
export function coverageMetric(metrics: Metrics, instanceId: string, gaps: number): void {
  metrics.addDimension(INSTANCE_DIMENSION, instanceId);
  metrics.addMetric(METRICS.coverageGaps, MetricUnit.Count, gaps);
  metrics.publishStoredMetrics();
}

/** Tells CloudWatch how a slice goes: what happened as log lines, how much as metrics. No user's data. */
export const telemetry = (logger: Logger, metrics: Metrics, clock: Clock): Observer => ({
  begun({ instanceId, runId, slice, usersTotal, usersAnswered }) {
    logger.appendKeys({ instanceId, runId, slice });
    logger.info('Slice begun', { usersTotal, usersAnswered });
  },
  missing: ({ what, reason }) => logger.warn('Snapshot goes without', { what, reason }),
  userDone: () => undefined,
  // Not as `message`: that is the logger's own key, and what is given under it is lost.
  userFailed: ({ userId, error, message }) =>
    logger.warn('User could not be read', { userId, error, reason: message }),
  partClosed: (part) => logger.info('Part closed', { ...part }),
  published(manifest) {
    const { instance_id, run_id, snapshot_date, finished_at, users_exported, snapshot } = manifest;
    logger.appendKeys({ instanceId: instance_id, runId: run_id });
    logger.info('Snapshot published', {
      snapshotDate: snapshot_date,
      publishedAt: finished_at,
      usersExported: users_exported,
      bytes: snapshot.bytes,
    });
    publicationMetrics(metrics, manifest, clock());
  },
  sliceEnded(summary) {
    logger.info('Slice ended', { ...summary });
    publishMetrics(metrics, summary);
  },
});
