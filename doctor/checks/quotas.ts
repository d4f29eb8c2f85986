import { GetServiceQuotaCommand, type ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { ask, speakerOf, Unanswered } from '../../aws/ask.ts';
import { ALL_OPERATIONS, factsOf, OPERATIONS } from '../../contract/operations.ts';
import { DEFAULT_QUOTA, DEFAULT_QUOTA_SHARE } from '../../contract/pace.ts';
import { faultInWords, quoted } from '../../lambda/aws-fault.ts';
import { type Check, type Finding, inRunbook, ok, warning } from '../check.ts';
import { inWords } from '../durations.ts';
import type { Users } from './connect.ts';

/**
 * US dollars a month of one instance with a snapshot every night, as the README's table "What it costs" has it: a line through its
 * rows. test/docs/cost.test.ts compares it with what the table is computed by.
 */
export const estimatedMonthlyCost = (users: number): number => 7.27 + 0.000132 * users;

/** A run is ended after two days. */
const LONGEST_RUN_SECONDS = 2 * 24 * 3600;

interface Quota {
  /** Of the operation. */
  readonly name: string;
  readonly value: number;
  readonly trouble?: Unanswered;
}

async function appliedQuota(
  client: ServiceQuotasClient,
  name: string,
  quotaCode: string,
  abortSignal: AbortSignal,
): Promise<Quota> {
  const command = new GetServiceQuotaCommand({ ServiceCode: 'connect', QuotaCode: quotaCode });
  try {
    const { Quota } = await ask(
      'servicequotas:GetServiceQuota',
      client.send(command, { abortSignal }),
    );
    return { name, value: Quota?.Value ?? DEFAULT_QUOTA };
  } catch (error) {
    if (!(error instanceof Unanswered)) throw error;
    return { name, value: DEFAULT_QUOTA, trouble: error };
  }
}

/** Those whose code is known; the default holds for the others. */
const appliedQuotas = (
  client: ServiceQuotasClient,
  abortSignal: AbortSignal,
): Promise<readonly Quota[]> =>
  Promise.all(
    ALL_OPERATIONS.map(factsOf).flatMap(({ name, quotaCode }) =>
      quotaCode === undefined ? [] : [appliedQuota(client, name, quotaCode, abortSignal)],
    ),
  );

/** How long a run takes, and what it costs, for so many users. */
function forecast({ count, isMore }: Users, quota: number): Finding {
  const seconds = count / (DEFAULT_QUOTA_SHARE * quota);
  const share = `at ${DEFAULT_QUOTA_SHARE * 100} % of ${quota} requests per second`;
  if (isMore) {
    return ok(`A run takes ${inWords(seconds)} for each ${count} users, ${share}`);
  }
  if (seconds > LONGEST_RUN_SECONDS) {
    return warning(
      `A run would take ${inWords(seconds)} ${share}, and is ended after two days`,
      inRunbook('Raise the quota'),
    );
  }
  const cost = estimatedMonthlyCost(count).toFixed(2);
  return ok(
    `A run takes about ${inWords(seconds)} ${share}, and a snapshot every night about ${cost} US dollars a month`,
  );
}

const SET_A_RATE = 'set requestsPerSecond if your quota was raised';

const unread = ({ fault }: Unanswered): Finding =>
  warning(
    `The applied quotas cannot be read (${faultInWords(fault)}; ${quoted(fault, speakerOf(fault))}): an export then uses the default of ${DEFAULT_QUOTA} requests per second`,
    fault.cause === 'denied' ? `allow servicequotas:GetServiceQuota, or ${SET_A_RATE}` : SET_A_RATE,
  );

/** The quotas that are in force, and what follows from them. */
export const quotasCheck = (client: ServiceQuotasClient): Check<Users> => ({
  id: 'quotas',
  about: "Connect's quotas",
  calls: ['servicequotas:GetServiceQuota'],
  async run(users, abortSignal) {
    const quotas = await appliedQuotas(client, abortSignal);
    const trouble = quotas.find((quota) => quota.trouble)?.trouble;
    const applied = quotas.map(({ name, value }) => `${name} ${value}`);
    const { name: decisive } = OPERATIONS.list_user_proficiencies;
    const { value = DEFAULT_QUOTA } = quotas.find(({ name }) => name === decisive) ?? {};
    return {
      findings: [
        trouble === undefined
          ? ok(`The applied quotas, in requests per second: ${applied.join(', ')}`)
          : unread(trouble),
        forecast(users, value),
      ],
    };
  },
});
