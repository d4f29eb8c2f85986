import { GetServiceQuotaCommand, type ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import {
  factsOf,
  type Operation,
  type PerOperation,
  perOperation,
} from '../../../contract/operations.ts';
import { DEFAULT_QUOTA, DEFAULT_QUOTA_SHARE, type Pace } from '../../../contract/pace.ts';
import { type AwsFault, awsFault, quoted } from '../../aws-fault.ts';

/** Takes a sentence for a person; Powertools' logger and the console are such. */
export interface Warnings {
  warn(message: string): void;
}

const SET_A_RATE = 'set a fixed rate if yours was raised';

/** Only AWS's own answers are quoted as such. */
function inWords(fault: AwsFault): string {
  if (fault.cause === 'not aws') {
    return `HTTP ${fault.status} from something on the network that is not AWS`;
  }
  return fault.status === undefined ? fault.name : `${fault.name}; ${quoted(fault)}`;
}

type Quota = { readonly value: number } | { readonly unknown: string; readonly remedy: string };

async function appliedQuota(client: ServiceQuotasClient, code: string): Promise<Quota> {
  try {
    const { Quota } = await client.send(
      new GetServiceQuotaCommand({
        ServiceCode: 'connect',
        QuotaCode: code,
      }),
    );
    const value = Quota?.Value;
    return typeof value === 'number' && value > 0 && Number.isFinite(value)
      ? { value }
      : { unknown: 'no value', remedy: SET_A_RATE };
  } catch (error) {
    const fault = awsFault(error);
    return fault.cause === 'denied'
      ? { unknown: inWords(fault), remedy: `allow servicequotas:GetServiceQuota, or ${SET_A_RATE}` }
      : { unknown: inWords(fault), remedy: SET_A_RATE };
  }
}

/** The quotas of those of the operations whose code is known, all asked for at the same time. */
async function appliedQuotas(
  client: ServiceQuotasClient,
  operations: readonly Operation[],
): Promise<ReadonlyMap<Operation, Quota>> {
  const asked = operations.flatMap((operation) => {
    const { quotaCode } = factsOf(operation);
    return quotaCode === undefined ? [] : [{ operation, quotaCode }];
  });
  const quotas = asked.map(
    async ({ operation, quotaCode }) => [operation, await appliedQuota(client, quotaCode)] as const,
  );
  return new Map(await Promise.all(quotas));
}

/**
 * Requests per second that may be sent, of each operation: the fixed rate, or the share of the quota that Service Quotas
 * says is applied. Where it does not say, or may not be asked, the default of every account stands in.
 *
 * @param operations that will be used; the quotas of others are not asked for
 */
export async function ratesInForce(
  { requestsPerSecond, quotaShare = DEFAULT_QUOTA_SHARE }: Pace,
  operations: readonly Operation[],
  client: ServiceQuotasClient,
  warnings: Warnings,
): Promise<PerOperation<number>> {
  if (requestsPerSecond !== undefined) return perOperation(() => requestsPerSecond);
  const quotas = await appliedQuotas(client, operations);
  const missing = [...quotas.values()].find((quota) => 'unknown' in quota);
  if (missing) {
    warnings.warn(
      `Connect's applied quota could not be read from Service Quotas (${missing.unknown}), so the default of ${DEFAULT_QUOTA} requests per second is used: ${missing.remedy}.`,
    );
  }
  return perOperation((operation) => {
    const quota = quotas.get(operation);
    return quotaShare * (quota && 'value' in quota ? quota.value : DEFAULT_QUOTA);
  });
}

/**
 * The latency that requests may have before those in flight no longer suffice for the rate, in seconds. Connect answers in
 * a tenth of it; a slow hour must not slow the export down.
 */
const LATENCY_SECONDS = 1;

/** Enough that one user in trouble, waiting to be tried again, does not hold up the others. */
const LEAST = 4;

/** As many connections as the HTTP agent may open; at Connect's usual latency good for 1,000 requests per second. */
export const MOST_IN_FLIGHT = 100;

/**
 * How many users to ask for at the same time, by Little's law: as many requests are in flight as are sent in the
 * time that one takes.
 *
 * @param requestsPerSecond the rate of ListUserProficiencies
 */
export const requestsInFlight = (requestsPerSecond: number): number =>
  Math.max(LEAST, Math.min(MOST_IN_FLIGHT, Math.ceil(requestsPerSecond * LATENCY_SECONDS)));
