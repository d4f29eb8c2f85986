import { randomUUID } from 'node:crypto';
import { isNativeError } from 'node:util/types';
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import type { Context } from 'aws-lambda';
import { workerEventSchema } from '../contract/event.ts';
import { METRICS_NAMESPACE } from '../contract/metrics.ts';
import { parse } from '../contract/parse.ts';
import type { WorkerResult } from '../contract/result.ts';
import { EXPORTER_VERSION } from '../contract/version.ts';
import { exportSlice } from '../export/slice.ts';
import { connectGateway } from './connect/gateway.ts';
import { lambdaDeadline } from './deadline.ts';
import { readEnvironment } from './environment.ts';
import { once } from './once.ts';
import { s3Client } from './s3/client.ts';
import { s3Store } from './s3/store.ts';
import { telemetry } from './telemetry.ts';

const logger = new Logger({ serviceName: 'connect-proficiency-exporter' });
const metrics = new Metrics({ namespace: METRICS_NAMESPACE });
// Powertools adds a dimension `service` of its own; alarms and dashboard look for the instance alone.
metrics.clearDefaultDimensions();

/** Made at the first invocation and kept: connections, tokens and what was learned outlive a slice. */
const worker = once(() => {
  const { bucket, pace, encryption, ...settings } = readEnvironment(process.env);
  return {
    settings,
    gateway: connectGateway({ ...settings, ...pace, warnings: logger }),
    store: s3Store({ client: s3Client(), bucket, encryption }),
  };
});

/** One slice of a run: an event in, a result out. */
export async function handler(input: unknown, context: Context): Promise<WorkerResult> {
  logger.resetKeys();
  logger.addContext(context);
  try {
    const event = parse(workerEventSchema, input, 'The event');
    const { settings, gateway, store } = worker();
    const sliceSettings = { ...settings, region: await gateway.region() };
    const clock = () => new Date();
    const result = await exportSlice(event, sliceSettings, {
      ...(await gateway.open()),
      store,
      clock,
      deadline: lambdaDeadline(() => context.getRemainingTimeInMillis()),
      observer: telemetry(logger, metrics, clock),
      worker: randomUUID(),
      exporterVersion: EXPORTER_VERSION,
    });
    logger.info('Slice answered', { result });
    return result;
  } catch (error) {
    // Lambda logs what is thrown, with its stack; this line adds which run it was, and what lay behind it.
    logger.warn(
      'Slice failed',
      isNativeError(error) ? { failure: error.name, cause: error.cause } : {},
    );
    throw error;
  }
}
