import {
  ListRoutingProfilesCommand,
  SearchPredefinedAttributesCommand,
  SearchUserHierarchyGroupsCommand,
  SearchUsersCommand,
} from '@aws-sdk/client-connect';
import { ask, Unanswered } from '../../aws/ask.ts';
import { OPERATIONS, type Operation } from '../../contract/operations.ts';
import { type Check, type Finding, inRunbook, ok } from '../check.ts';
import { unanswered } from '../unanswered.ts';
import { call, type InstanceQuestion } from './connect.ts';

/** What a snapshot can do without. */
type ExtraOperation = Exclude<Operation, 'list_users' | 'list_user_proficiencies'>;

/** The least that each of them answers. */
const FEW = { MaxResults: 1 };

/** One request of each. */
const REQUESTS: Readonly<
  Record<ExtraOperation, (question: InstanceQuestion, abortSignal: AbortSignal) => Promise<unknown>>
> = {
  search_users: ({ client, instance }, abortSignal) =>
    client.send(new SearchUsersCommand({ InstanceId: instance.id, ...FEW }), { abortSignal }),
  list_routing_profiles: ({ client, instance }, abortSignal) =>
    client.send(new ListRoutingProfilesCommand({ InstanceId: instance.id, ...FEW }), {
      abortSignal,
    }),
  search_user_hierarchy_groups: ({ client, instance }, abortSignal) =>
    client.send(new SearchUserHierarchyGroupsCommand({ InstanceId: instance.id, ...FEW }), {
      abortSignal,
    }),
  search_predefined_attributes: ({ client, instance }, abortSignal) =>
    client.send(new SearchPredefinedAttributesCommand({ InstanceId: instance.id, ...FEW }), {
      abortSignal,
    }),
};

const EXTRAS = Object.keys(REQUESTS) as readonly ExtraOperation[];

/** Where a document says what a snapshot lacks then, and how to do without it for good. */
export const WITHOUT_EXTRAS = inRunbook('A snapshot goes without teams or predefined attributes');

/** None of them costs a snapshot. */
function withoutIt(error: unknown): Finding {
  if (!(error instanceof Unanswered)) throw error;
  return { ...unanswered(error), mark: 'warning', remedy: WITHOUT_EXTRAS };
}

/** Whether teams and predefined attributes may be read, which an export with the default settings does. */
export const extrasCheck = (question: InstanceQuestion): Check<true> => ({
  id: 'extras',
  about: 'The teams and predefined attributes',
  calls: EXTRAS.map(call),
  async run(_, abortSignal) {
    const troubles = EXTRAS.map(async (operation) => {
      try {
        await ask(call(operation), REQUESTS[operation](question, abortSignal));
        return [];
      } catch (error) {
        return [withoutIt(error)];
      }
    });
    const findings = (await Promise.all(troubles)).flat();
    const names = EXTRAS.map((operation) => OPERATIONS[operation].name).join(', ');
    return {
      findings:
        findings.length > 0
          ? findings
          : [ok(`Teams and predefined attributes may be read: ${names} are allowed`)],
    };
  },
});
