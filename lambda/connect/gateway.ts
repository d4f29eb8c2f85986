import { ConnectClient } from '@aws-sdk/client-connect';
import { ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import type { AwsCredentialIdentityProvider, NodeHttpHandlerOptions } from '@smithy/types';
import { ExportFailure } from '../../contract/failure.ts';
import {
  type Extras,
  operationsFor,
  type PerOperation,
  perOperation,
} from '../../contract/operations.ts';
import type { Pace } from '../../contract/pace.ts';
import type { Connect, Traffic } from '../../export/ports.ts';
import { connectAdapter } from './adapter.ts';
import { governor } from './pacing/governor.ts';
import { type Lanes, lane, trafficOf } from './pacing/lanes.ts';
import { MOST_IN_FLIGHT, ratesInForce, requestsInFlight, type Warnings } from './pacing/rate.ts';
import { BRIEF_PATIENCE, PATIENCE, type Patience, patientRetries } from './pacing/retries.ts';
import { systemTimers, type Timers } from './pacing/timers.ts';

/** How Connect is to be called. Endpoints come by the SDK's own variables and files. */
export interface ConnectSettings extends Pace, Extras {
  /** Default: as the SDK finds it, by AWS_REGION or the profile. */
  readonly region?: string;
  /** What connections are made with. Default: agents of Node.js, with a socket for each request in flight. */
  readonly agents?: Pick<NodeHttpHandlerOptions, 'httpAgent' | 'httpsAgent'>;
  /** Default: as the SDK finds them, by its own variables and files. */
  readonly credentials?: AwsCredentialIdentityProvider;
  /** How long to go on with a request that fails. */
  readonly patience?: Patience;
  /** The same, of what a snapshot can do without. */
  readonly briefPatience?: Patience;
  readonly warnings: Warnings;
  readonly timers?: Timers;
  /** From 0 to below 1, as `Math.random`. */
  readonly random?: () => number;
}

/** Connect, ready for one slice. */
export interface ConnectSession {
  readonly connect: Connect;
  /** Counts from the making of the client, which may be older than this slice. */
  readonly traffic: Traffic;
  /** How many users to ask for at the same time. */
  readonly concurrency: number;
}

/** Made once in a process and used for all its slices: connections, tokens and learned rates outlive a slice. */
export interface ConnectGateway {
  /** @throws ExportFailure InvalidRequest where none is set */
  region(): Promise<string>;
  /** Reads the applied quotas and begins a slice. */
  open(): Promise<ConnectSession>;
  /** Closes the connections. */
  close(): void;
}

/** Time-outs of one attempt, in milliseconds. Connect answers within a second or has a problem. */
const HTTP = {
  connectionTimeout: 5_000,
  requestTimeout: 30_000,
  socketTimeout: 30_000,
  throwOnRequestTimeout: true,
  httpAgent: { maxSockets: MOST_IN_FLIGHT },
  httpsAgent: { maxSockets: MOST_IN_FLIGHT },
};

/** The quota is worth asking for, not worth waiting for. */
const QUOTAS_HTTP = {
  connectionTimeout: 2_000,
  requestTimeout: 5_000,
  throwOnRequestTimeout: true,
};

async function regionOf(client: ConnectClient): Promise<string> {
  try {
    return await client.config.region();
  } catch (error) {
    throw new ExportFailure(
      'InvalidRequest',
      'There is no valid AWS Region to read from: set AWS_REGION or the region of the AWS profile, or give --region on the command line.',
      { cause: error },
    );
  }
}

/** A warm process opens a session per slice and would say the same each time. */
function onlyOnce(warnings: Warnings): Warnings {
  let said = false;
  return {
    warn(message) {
      if (!said) warnings.warn(message);
      said = true;
    },
  };
}

/** Everything that is needed to call Connect within its quota. */
export function connectGateway(settings: ConnectSettings): ConnectGateway {
  const { timers = systemTimers, random = Math.random, warnings: said } = settings;
  const { patience = PATIENCE, briefPatience = BRIEF_PATIENCE } = settings;
  const given = {
    ...(settings.region !== undefined && { region: settings.region }),
    ...(settings.credentials && { credentials: settings.credentials }),
  };
  const client = new ConnectClient({
    ...given,
    requestHandler: { ...HTTP, ...settings.agents },
    retryStrategy: patientRetries(patience, timers, random, said),
  });
  // The connections of the other one.
  const briefClient = new ConnectClient({
    ...given,
    requestHandler: client.config.requestHandler,
    retryStrategy: patientRetries(briefPatience, timers, random, said),
  });
  // It copies every answer for a log that nobody reads, and the answers are about people.
  for (const one of [client, briefClient]) one.middlewareStack.remove('loggerMiddleware');
  const quotas = new ServiceQuotasClient({
    ...given,
    requestHandler: { ...QUOTAS_HTTP, ...settings.agents },
  });
  const warnings = onlyOnce(said);
  const operations = operationsFor(settings);
  let lanes: Lanes | undefined;

  function lanesAt(rates: PerOperation<number>): Lanes {
    const before = lanes;
    lanes ??= perOperation((operation) => lane(governor(rates[operation], timers)));
    if (before) perOperation((operation) => before[operation].governor.limit(rates[operation]));
    return lanes;
  }

  return {
    region: () => regionOf(client),
    async open() {
      const rates = await ratesInForce(settings, operations, quotas, warnings);
      const lanes = lanesAt(rates);
      return {
        connect: connectAdapter({
          client,
          briefClient,
          lanes,
          region: () => regionOf(client),
        }),
        traffic: trafficOf(lanes, rates, operations),
        concurrency: requestsInFlight(rates.list_user_proficiencies),
      };
    },
    close() {
      client.destroy();
      quotas.destroy();
    },
  };
}
