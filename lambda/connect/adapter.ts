import { setMaxListeners } from 'node:events';
import {
  type ConnectClient,
  paginateListUserProficiencies,
  paginateListUsers,
} from '@aws-sdk/client-connect';
import type { Proficiency } from '../contract/row.ts';
import type { Connect, User, UserProficiencies } from '../export/ports.ts';
import { proficienciesOf, usersOf } from './answers.ts';
import { isGone, listFailure, userFailure } from './errors.ts';
import { PACING_POSITION, pacing } from './pacing.ts';
import type { Lane, Lanes } from './traffic.ts';

/** The largest pages that Connect gives: fewer requests for the same users. */
const PAGE_SIZE = { users: 1000, proficiencies: 100 };

export interface AdapterTools {
  readonly client: ConnectClient;
  readonly lanes: Lanes;
  /** The Region of the client. */
  region(): Promise<string>;
}

/** How the SDK's paginators are to go about it: each of their requests keeps to the lane. */
const paced = (client: ConnectClient, lane: Lane, pageSize: number, signal: AbortSignal) =>
  ({
    client,
    pageSize,
    withCommand(command) {
      command.middlewareStack.addRelativeTo(pacing(lane, signal), PACING_POSITION);
      return command;
    },
  }) satisfies Parameters<typeof paginateListUsers>[0];

/** Amazon Connect by the AWS SDK, at the pace of the lanes. */
export function connectAdapter({ client, lanes, region }: AdapterTools): Connect {
  async function* listUsers(
    instanceId: string,
    signal: AbortSignal,
  ): AsyncGenerator<readonly User[]> {
    const question = { operation: 'ListUsers', instanceId, region: await region() } as const;
    const config = paced(client, lanes.list_users, PAGE_SIZE.users, signal);
    const input = { InstanceId: instanceId };
    try {
      for await (const page of paginateListUsers(config, input, { abortSignal: signal })) {
        yield usersOf(page);
      }
    } catch (error) {
      signal.throwIfAborted();
      throw listFailure(error, question);
    }
  }

  async function allPages(
    instanceId: string,
    userId: string,
    signal: AbortSignal,
  ): Promise<UserProficiencies> {
    const config = paced(client, lanes.list_user_proficiencies, PAGE_SIZE.proficiencies, signal);
    const input = { InstanceId: instanceId, UserId: userId };
    const proficiencies: Proficiency[] = [];
    let modified = {};
    for await (const page of paginateListUserProficiencies(config, input, {
      abortSignal: signal,
    })) {
      const answer = proficienciesOf(page);
      proficiencies.push(...answer.proficiencies);
      modified = { ...modified, ...answer.modified };
    }
    return { proficiencies, ...modified };
  }

  async function readProficiencies(
    instanceId: string,
    userId: string,
    signal: AbortSignal,
  ): Promise<UserProficiencies | undefined> {
    // All users of a slice share its signal, and Node warns of more than ten listeners.
    setMaxListeners(0, signal);
    try {
      return await allPages(instanceId, userId, signal);
    } catch (error) {
      signal.throwIfAborted();
      if (isGone(error)) return undefined;
      const operation = 'ListUserProficiencies';
      throw userFailure(error, { operation, instanceId, region: await region() });
    }
  }

  return { listUsers, readProficiencies };
}
