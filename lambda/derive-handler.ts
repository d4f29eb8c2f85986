import { isNativeError } from 'node:util/types';
import { Logger } from '@aws-lambda-powertools/logger';
import type { Context } from 'aws-lambda';
import { publishedEventSchema } from '../contract/event.ts';
import { ExportFailure } from '../contract/failure.ts';
import { parse } from '../contract/parse.ts';
import type { SnapshotPublished } from '../contract/snapshot-published.ts';
import { type Derived, deriveInstance } from '../derive/instance.ts';
import { snapshotPublished } from '../derive/snapshot-published.ts';
import { halfTime } from './deadline.ts';
import { readStoreEnvironment } from './environment.ts';
import { once } from './once.ts';
import { s3Client } from './s3/client.ts';
import { s3Store } from './s3/store.ts';

/** What was derived, and the detail of the event that tells of the snapshot. */
export interface DeriveAnswer {
  readonly detail: SnapshotPublished;
  readonly derived: Derived;
}

const logger = new Logger({ serviceName: 'connect-proficiency-exporter' });

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
    refuseDamage(derived, snapshotDate);
    const isWhole = derived.changesLeft === 0 && derived.damages.length === 0;
    if (isWhole) logger.info('Data derived', { snapshotDate, ...derived });
    else logger.warn('Not all data derived', { snapshotDate, ...derived });
    return { detail: await snapshotPublished(store, instanceId, snapshotDate), derived };
  } catch (error) {
    // Lambda logs what is thrown, with its stack; this line adds of which run it was, and what lay behind it.
    logger.warn(
      'Data could not be derived',
      isNativeError(error) ? { failure: error.name, cause: error.cause } : {},
    );
    throw error;
  }
}
