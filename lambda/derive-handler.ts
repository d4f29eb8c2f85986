import { isNativeError } from 'node:util/types';
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import type { Context } from 'aws-lambda';
import { publishedEventSchema } from '../contract/event.ts';
import { ExportFailure } from '../contract/failure.ts';
import { COVERAGE_TARGETS_KEY, TARGETS_FILE_KEY } from '../contract/keys.ts';
import { METRICS_NAMESPACE } from '../contract/metrics.ts';
import { parse } from '../contract/parse.ts';
import type { SnapshotPublished } from '../contract/snapshot-published.ts';
import { type Derived, deriveInstance } from '../derive/instance.ts';
import { publishedDates } from '../derive/published.ts';
import { snapshotPublished } from '../derive/snapshot-published.ts';
import { type DerivedTargets, deriveTargets } from '../derive/targets/derive-targets.ts';
import type { Store } from '../export/ports.ts';
import { halfTime } from './deadline.ts';
import { readStoreEnvironment } from './environment.ts';
import { once } from './once.ts';
import { s3Client } from './s3/client.ts';
import { s3Store } from './s3/store.ts';
import { coverageMetric } from './telemetry.ts';

/** What was derived, and the detail of the event that tells of the snapshot. */
export interface DeriveAnswer {
  readonly detail: SnapshotPublished;
  readonly derived: Derived;
}

const logger = new Logger({ serviceName: 'connect-proficiency-exporter' });
const metrics = new Metrics({ namespace: METRICS_NAMESPACE });
// Powertools adds a dimension `service` of its own; alarm and dashboard look for the instance alone.
metrics.clearDefaultDimensions();

/** Made at the first invocation and kept, with its connections. */
const openStore = once(() => s3Store({ client: s3Client(), ...readStoreEnvironment(process.env) }));

/**
 * What was damaged long ago has been told of, and must not keep back what is said of today's snapshot.
 *
 * @throws ExportFailure DamagedRun where the newest copy, or the changes of this date, could not be made
 */
function refuseDamage({ damages }: Derived, snapshotDate: string): void {
  const messages = damages
    .filter((damage) => damage.of === 'latest' || damage.of === snapshotDate)
    .map(({ message }) => message);
  if (messages.length > 0) throw new ExportFailure('DamagedRun', [...new Set(messages)].join(' '));
}

/**
 * Tells how the newest snapshot compares with the coverage targets: of a snapshot of an earlier date nobody need know now. Where the
 * file of targets has gone, nothing is wanted any more; where none of its lines can be read, nothing is known.
 */
async function reportCoverage(
  store: Store,
  { instanceId, snapshotDate, coverage }: SnapshotPublished,
  { object }: DerivedTargets,
): Promise<void> {
  if (coverage && coverage.problemCount > 0) {
    const { problemCount, problems } = coverage;
    logger.warn('Coverage targets cannot be read', {
      uri: store.uri(TARGETS_FILE_KEY),
      problemCount,
      problems,
    });
    if (coverage.targetCount === 0) return;
  }
  if (object === 'none') return;
  const newest = (await publishedDates(store, instanceId)).at(-1);
  if (snapshotDate === newest) coverageMetric(metrics, instanceId, coverage?.gapCount ?? 0);
}

/** Derives data of an instance once a snapshot of it is published: an answer of the worker in, the event's detail out. */
export async function handler(input: unknown, context: Context): Promise<DeriveAnswer> {
  logger.resetKeys();
  logger.addContext(context);
  try {
    const { instanceId, runId, snapshotDate } = parse(publishedEventSchema, input, 'The event');
    logger.appendKeys({ instanceId, runId });
    const store = openStore();
    const derived = await deriveInstance(store, instanceId, {
      snapshotDate,
      deadline: halfTime(() => context.getRemainingTimeInMillis()),
      written: (key) => logger.info('Object written', { uri: store.uri(key) }),
    });
    const targets = await deriveTargets(store);
    if (targets.object === 'written') {
      logger.info('Object written', { uri: store.uri(COVERAGE_TARGETS_KEY) });
    }
    refuseDamage(derived, snapshotDate);
    const isWhole = derived.changesLeft === 0 && derived.damages.length === 0;
    if (isWhole) logger.info('Data derived', { snapshotDate, ...derived });
    else logger.warn('Not all data derived', { snapshotDate, ...derived });
    const detail = await snapshotPublished(store, instanceId, snapshotDate, targets.targets);
    await reportCoverage(store, detail, targets);
    return { detail, derived };
  } catch (error) {
    // Lambda logs what is thrown, with its stack; this line adds of which run it was, and what lay behind it.
    logger.warn(
      'Data could not be derived',
      isNativeError(error) ? { failure: error.name, cause: error.cause } : {},
    );
    throw error;
  }
}
