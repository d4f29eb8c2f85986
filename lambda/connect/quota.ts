import { GetServiceQuotaCommand, type ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { QUOTA_CODES } from '../contract/quotas.ts';
import { ExportFailure } from '../contract/result.ts';
import { nameOf } from './errors.ts';
import type { Operation } from './traffic.ts';

/** How much of Connect's quota may be used. */
export interface Pace {
  /**
   * Share of the account's applied quota: above 0, at most 1. Default 0.8, so that whatever else calls
   * Connect in this account and Region keeps a fifth.
   */
  readonly quotaShare?: number;
  /** A fixed rate for each operation instead of a share; requests per second, above 0. */
  readonly requestsPerSecond?: number;
}

/** Takes a sentence for a person; Powertools' logger and the console are such. */
export interface Warnings {
  warn(message: string): void;
}

const DEFAULT_SHARE = 0.8;

/** What AWS documents for every account, of each operation; requests per second. */
const DEFAULT_QUOTA = 2;

/** @throws ExportFailure InvalidRequest, naming the setting */
export function checkPace({ quotaShare, requestsPerSecond }: Pace): void {
  if (quotaShare !== undefined && requestsPerSecond !== undefined) {
    throw new ExportFailure(
      'InvalidRequest',
      `quotaShare is ${quotaShare} and requestsPerSecond is ${requestsPerSecond}; give only one of them.`,
    );
  }
  if (quotaShare !== undefined && !(quotaShare > 0 && quotaShare <= 1)) {
    throw new ExportFailure(
      'InvalidRequest',
      `quotaShare is ${quotaShare}; give a number above 0 and at most 1.`,
    );
  }
  if (
    requestsPerSecond !== undefined &&
    !(requestsPerSecond > 0 && Number.isFinite(requestsPerSecond))
  ) {
    throw new ExportFailure(
      'InvalidRequest',
      `requestsPerSecond is ${requestsPerSecond}; give a finite number above 0.`,
    );
  }
}

async function appliedQuota(
  client: ServiceQuotasClient,
  operation: Operation,
): Promise<{ readonly value: number } | { readonly unknown: string }> {
  try {
    const { Quota } = await client.send(
      new GetServiceQuotaCommand({ ServiceCode: 'connect', QuotaCode: QUOTA_CODES[operation] }),
    );
    const value = Quota?.Value;
    return typeof value === 'number' && value > 0 && Number.isFinite(value)
      ? { value }
      : { unknown: 'no value' };
  } catch (error) {
    return { unknown: nameOf(error) };
  }
}

/**
 * Requests per second that may be sent, of each operation: the fixed rate, or the share of the quota that Service Quotas
 * says is applied. Where it does not say, or may not be asked, the default of every account stands in.
 */
export async function ratesInForce(
  pace: Pace,
  client: ServiceQuotasClient,
  warnings: Warnings,
): Promise<Readonly<Record<Operation, number>>> {
  const { requestsPerSecond, quotaShare = DEFAULT_SHARE } = pace;
  if (requestsPerSecond !== undefined) {
    return { list_users: requestsPerSecond, list_user_proficiencies: requestsPerSecond };
  }
  const [users, proficiencies] = await Promise.all([
    appliedQuota(client, 'list_users'),
    appliedQuota(client, 'list_user_proficiencies'),
  ]);
  const missing = [users, proficiencies].find((quota) => 'unknown' in quota);
  if (missing) {
    warnings.warn(
      `Service Quotas did not tell Connect's applied quota (${missing.unknown}), so ${DEFAULT_QUOTA}/s is assumed: ` +
        'allow servicequotas:GetServiceQuota, or set requestsPerSecond.',
    );
  }
  const rate = (quota: typeof users) =>
    quotaShare * ('value' in quota ? quota.value : DEFAULT_QUOTA);
  return { list_users: rate(users), list_user_proficiencies: rate(proficiencies) };
}
