import { setMaxListeners } from 'node:events';
import {
  type ConnectClient,
  ListUserProficienciesCommand,
  paginateListRoutingProfiles,
  paginateListUsers,
  paginateSearchPredefinedAttributes,
  paginateSearchUserHierarchyGroups,
  paginateSearchUsers,
} from '@aws-sdk/client-connect';
import { OPERATIONS, type Operation } from '../../contract/operations.ts';
import type { Connect, ReadProficiencies } from '../../export/ports.ts';
import { awsFault } from '../aws-fault.ts';
import { allPages, type ProficiencyRequest } from './all-pages.ts';
import {
  detailsOf,
  hierarchyGroupsOf,
  onwardPages,
  predefinedAttributesOf,
  routingProfilesOf,
  usersOf,
} from './answers.ts';
import { extraFailure, listFailure, type Question, userFailure } from './errors.ts';
import type { Lane, Lanes } from './pacing/lanes.ts';
import { pacing } from './pacing/middleware.ts';

export interface AdapterTools {
  readonly client: ConnectClient;
  /** Asks for what a snapshot can do without: it gives up sooner. */
  readonly briefClient: ConnectClient;
  readonly lanes: Lanes;
  /** The Region of the client. */
  region(): Promise<string>;
}

/** How the SDK's paginator is to go about it: each of its requests keeps to the lane. */
const paced = (client: ConnectClient, lanes: Lanes, operation: Operation, signal: AbortSignal) =>
  ({
    client,
    pageSize: OPERATIONS[operation].largestPage,
    withCommand(command) {
      command.middlewareStack.use(pacing(lanes[operation], signal));
      return command;
    },
  }) satisfies Parameters<typeof paginateListUsers>[0];

type Config = ReturnType<typeof paced>;

/** One of the SDK's paginators. */
type Paginate = (
  config: Config,
  input: { InstanceId: string },
  options: { abortSignal: AbortSignal },
) => AsyncIterable<unknown>;

/** Who sends the requests for pages, and what becomes of an error. */
interface Asking {
  readonly sender: ConnectClient;
  readonly failure: (error: unknown, question: Question) => Error;
}

/**
 * Does what `client.send` does. That would put the middleware together for each request anew, which takes as long as signing
 * it; here it is done once for all requests that share a signal (docs/adr/0016-middleware-once.md).
 */
function proficiencyRequest(
  client: ConnectClient,
  lane: Lane,
  signal: AbortSignal,
): ProficiencyRequest {
  // Many requests share the signal, and Node warns of more than ten listeners.
  setMaxListeners(0, signal);
  const command = new ListUserProficienciesCommand({ InstanceId: undefined, UserId: undefined });
  command.middlewareStack.use(pacing(lane, signal));
  const handler = command.resolveMiddleware(client.middlewareStack, client.config, {
    abortSignal: signal,
  });
  return async (input) => (await handler({ input })).output;
}

/** Amazon Connect by the AWS SDK, at the pace of the lanes. */
export function connectAdapter({ client, briefClient, lanes, region }: AdapterTools): Connect {
  function proficiencyReader(instanceId: string, signal: AbortSignal): ReadProficiencies {
    const question = { operation: 'list_user_proficiencies', instanceId } as const;
    const request = proficiencyRequest(client, lanes.list_user_proficiencies, signal);
    return async (userId) => {
      try {
        return await allPages(request, { InstanceId: instanceId, UserId: userId });
      } catch (error) {
        signal.throwIfAborted();
        if (awsFault(error).cause === 'gone') return undefined;
        throw userFailure(error, { ...question, region: await region() });
      }
    };
  }

  const readPages = <T>(
    { sender, failure }: Asking,
    operation: Operation,
    paginate: Paginate,
    entriesOf: (page: unknown) => readonly T[],
  ) =>
    async function* (instanceId: string, signal: AbortSignal): AsyncGenerator<readonly T[]> {
      // Several readings share the signal, and Node warns of more than ten listeners.
      setMaxListeners(0, signal);
      const config = paced(sender, lanes, operation, signal);
      const onward = onwardPages();
      try {
        const pages = paginate(config, { InstanceId: instanceId }, { abortSignal: signal });
        for await (const page of pages) {
          onward(page);
          yield entriesOf(page);
        }
      } catch (error) {
        signal.throwIfAborted();
        throw failure(error, { operation, instanceId, region: await region() });
      }
    };

  const needed: Asking = { sender: client, failure: listFailure };
  const extra: Asking = { sender: briefClient, failure: extraFailure };
  return {
    listUsers: readPages(needed, 'list_users', paginateListUsers, usersOf),
    proficiencyReader,
    searchUsers: readPages(extra, 'search_users', paginateSearchUsers, detailsOf),
    listRoutingProfiles: readPages(
      extra,
      'list_routing_profiles',
      paginateListRoutingProfiles,
      routingProfilesOf,
    ),
    searchHierarchyGroups: readPages(
      extra,
      'search_user_hierarchy_groups',
      paginateSearchUserHierarchyGroups,
      hierarchyGroupsOf,
    ),
    searchPredefinedAttributes: readPages(
      extra,
      'search_predefined_attributes',
      paginateSearchPredefinedAttributes,
      predefinedAttributesOf,
    ),
  };
}
