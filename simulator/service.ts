import { answer } from './answers/answer.ts';
import {
  accessDenied,
  ConnectError,
  internalError,
  notFound,
  throttled,
} from './answers/errors.ts';
import { instanceArn, tenantArn } from './answers/json.ts';
import type { Fault } from './faults/faults.ts';
import { createFaultPlan, type Failure } from './faults/plan.ts';
import type { Call, Operation } from './operations.ts';
import { createDataset, type Dataset, type DatasetOptions } from './people/dataset.ts';
import { createQuotas, DEFAULT_QUOTA, type QuotaSetting } from './quota.ts';
import { ABOUT, randomStream } from './random.ts';
import { type CallCounts, createTally, type Stats } from './tally.ts';

/** AWS's own words. */
const THROTTLED = 'Rate exceeded';

/** Milliseconds: always the same, or drawn evenly from a range. */
type Latency = number | { readonly from: number; readonly to: number };

/** The delay of one answer after the other, in milliseconds. */
function createLatency(latency: Latency, seed: number): () => number {
  if (typeof latency === 'number') return () => latency;
  const { from, to } = latency;
  const random = randomStream(seed, ABOUT.latency);
  return () => from + random() * (to - from);
}

/** How the simulated instance is made and behaves. */
export interface ServiceOptions extends DatasetOptions {
  /** What each operation bears. Default 2 requests per second with a burst of 5, as documented. */
  readonly quota?: QuotaSetting;
  /** Milliseconds until an answer leaves; a range is drawn from by the seed. Default 3. */
  readonly latencyMs?: Latency;
  /** What goes wrong from the start. Default nothing. */
  readonly faults?: readonly Fault[];
  /** Milliseconds since the epoch; quotas, tokens and storms go by it. Default the computer's clock. */
  readonly now?: () => number;
}

/** What is to be sent, and how. */
export interface Reply {
  readonly status: number;
  readonly errorType?: string;
  readonly body: string;
  readonly delayMs: number;
  /** The connection is cut instead of sending all of this. */
  readonly cut?: 'beforeAnswer' | 'midBody';
}

/** Amazon Connect without HTTP: quotas, faults, counts, answers. */
export interface Service {
  /** Answers a call, or the error found in understanding it. Counts it and uses up its quota. */
  reply(tenant: string, call: Call): Reply;
  dataset(): Dataset;
  faults(): readonly Fault[];
  /** Replaces what goes wrong; counts of calls begin anew. */
  setFaults(faults: readonly Fault[]): void;
  /** Replaces the quota of one operation, or of all; the buckets are full. */
  setQuota(setting: QuotaSetting, operation?: Operation): void;
  /** Lets days pass: users come, go and change. */
  goToDay(day: number): void;
  stats(): Stats;
}

export function createService(options: ServiceOptions = {}): Service {
  const { seed = 1, quota = DEFAULT_QUOTA, latencyMs = 3, now = Date.now } = options;
  const quotas = createQuotas(quota, now);
  const latency = createLatency(latencyMs, seed);
  const tally = createTally();
  let day = options.day ?? 0;
  let dataset = createDataset(options);
  let faults = options.faults ?? [];
  let plan = createFaultPlan(faults, seed, now);
  let index = indexed();

  /** The users as SearchUsers knows them. */
  function indexed(): Dataset {
    if (plan.indexLagDays === 0) return dataset;
    return createDataset({ ...options, day: Math.max(0, day - plan.indexLagDays) });
  }

  /** @throws ConnectError where the quota is used up */
  function useQuota({ operation }: Call): void {
    if (!quotas.admit(operation)) throw throttled(THROTTLED);
  }

  /** A call that is denied or throttled by a fault uses up no quota. */
  function respond(tenant: string, call: Call, failure: Failure | undefined): string {
    switch (failure?.fault) {
      case 'accessDenied':
        throw denied(tenant, call, dataset);
      case 'throttle':
        throw throttled(THROTTLED);
      case 'internalError':
        useQuota(call);
        throw internalError('The simulator was told to fail.');
      case 'deleted':
        useQuota(call);
        throw notFound(`The user ${call.userId} does not exist.`);
      case 'notJson':
        useQuota(call);
        return '<html>The service is being served.</html>';
      case 'dropConnection':
      case undefined:
        useQuota(call);
        return answer(call, { dataset, index, plan, now });
    }
  }

  function outcome(tenant: string, call: Call, failure: Failure | undefined): Outcome {
    try {
      return { status: 200, body: respond(tenant, call, failure) };
    } catch (error) {
      if (error instanceof ConnectError) return errorOutcome(error);
      throw error;
    }
  }

  return {
    reply(tenant, call) {
      const { failure, delayMs } = plan.meet(call);
      const result = outcome(tenant, call, failure);
      const isCut = failure?.fault === 'dropConnection' && result.status !== 429;
      tally.add(tenant, call.operation, isCut ? 'failed' : countedAs(result.status));
      return {
        ...result,
        delayMs: delayMs + latency(),
        ...(isCut && { cut: failure.when }),
      };
    },
    dataset: () => dataset,
    faults: () => faults,
    setFaults(next) {
      faults = next;
      plan = createFaultPlan(next, seed, now);
      index = indexed();
    },
    setQuota: quotas.set,
    goToDay(next) {
      day = next;
      dataset = createDataset({ ...options, day });
      index = indexed();
    },
    stats: tally.stats,
  };
}

type Outcome = Pick<Reply, 'status' | 'errorType' | 'body'>;

/** How an error looks on the wire. */
export const errorOutcome = ({ status, type, message }: ConnectError): Outcome => ({
  status,
  errorType: type,
  body: JSON.stringify({ Message: message }),
});

const denied = (tenant: string, { operation }: Call, { instanceId }: Dataset): ConnectError =>
  accessDenied(
    `User: ${tenantArn(tenant)} is not authorized to perform: connect:${operation} on resource: ${instanceArn(instanceId)} because no identity-based policy allows the connect:${operation} action`,
  );

function countedAs(status: number): keyof CallCounts {
  if (status < 300) return 'ok';
  if (status === 429) return 'throttled';
  return status < 500 ? 'refused' : 'failed';
}
