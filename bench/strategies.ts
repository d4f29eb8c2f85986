import { randomUUID } from 'node:crypto';
import {
  ConnectClient,
  type ConnectClientConfig,
  paginateListUserProficiencies,
  paginateListUsers,
} from '@aws-sdk/client-connect';
import pLimit from 'p-limit';
import { folderStore } from '../cli/store/folder-store.ts';
import { EXPORTER_VERSION } from '../contract/version.ts';
import { exportSlice } from '../export/slice.ts';
import { connectGateway } from '../lambda/connect/gateway.ts';
import { MOST_IN_FLIGHT } from '../lambda/connect/pacing/rate.ts';

/** What a strategy is asked to do. */
interface Task {
  readonly instanceId: string;
  /** Only ours knows the quota; the others find out. */
  readonly requestsPerSecond: number;
  /** An empty folder. */
  readonly folder: string;
}

/** Reads every user's proficiencies and gives the number of users of which it has them. */
type Strategy = (task: Task) => Promise<number>;

async function listIds(client: ConnectClient, instanceId: string): Promise<string[]> {
  const ids: string[] = [];
  for await (const page of paginateListUsers(
    { client, pageSize: 1000 },
    { InstanceId: instanceId },
  )) {
    for (const { Id } of page.UserSummaryList ?? []) if (Id !== undefined) ids.push(Id);
  }
  return ids;
}

async function read(client: ConnectClient, InstanceId: string, UserId: string): Promise<unknown[]> {
  const proficiencies: unknown[] = [];
  for await (const page of paginateListUserProficiencies({ client }, { InstanceId, UserId })) {
    proficiencies.push(...(page.UserProficiencyList ?? []));
  }
  return proficiencies;
}

/** What scripts do: so many users at a time, and those that fail are left out. */
const script =
  (concurrency: number, config: ConnectClientConfig = {}): Strategy =>
  async ({ instanceId }) => {
    const client = new ConnectClient(config);
    const limit = pLimit(concurrency);
    const ids = await listIds(client, instanceId);
    const answers = await Promise.allSettled(
      ids.map((id) => limit(() => read(client, instanceId, id))),
    );
    return answers.filter(({ status }) => status === 'fulfilled').length;
  };

/** The real thing, from the listing to the published snapshot. */
const exporter: Strategy = async ({ instanceId, requestsPerSecond, folder }) => {
  // The scripts do not read them either.
  const extras = { includeUserDetails: 'off', includePredefinedAttributes: false } as const;
  const gateway = connectGateway({ requestsPerSecond, warnings: console, ...extras });
  const { usersDone, usersFailed } = await exportSlice(
    { instanceId },
    {
      region: await gateway.region(),
      timeZone: 'UTC',
      includeUsernames: true,
      allowedFailedUsers: 1000,
      ...extras,
    },
    {
      ...(await gateway.open()),
      store: folderStore(folder),
      clock: () => new Date(),
      deadline: {
        reached: () => false,
        signal: new AbortController().signal,
        within: AbortSignal.timeout,
      },
      observer: {
        begun() {},
        missing() {},
        userDone() {},
        userFailed() {},
        partClosed() {},
        published() {},
        sliceEnded() {},
      },
      worker: randomUUID(),
      exporterVersion: EXPORTER_VERSION,
    },
  );
  return usersDone - usersFailed;
};

/** Everything that is compared, by the name in the table. */
export const STRATEGIES = {
  'one by one, SDK defaults': script(1),
  'p-limit(10), SDK defaults': script(10),
  'p-limit(10), maxAttempts 10': script(10, { maxAttempts: 10 }),
  'p-limit(10), adaptive': script(10, { retryMode: 'adaptive' }),
  /** As fast as the SDK goes, and nothing written: the measure of ours where no quota is in the way. */
  'bare loop, as many in flight as ours': script(MOST_IN_FLIGHT, {
    requestHandler: { httpAgent: { maxSockets: MOST_IN_FLIGHT } },
  }),
  ours: exporter,
} as const satisfies Record<string, Strategy>;

export type StrategyName = keyof typeof STRATEGIES;

export const isStrategy = (name: string): name is StrategyName => Object.hasOwn(STRATEGIES, name);
