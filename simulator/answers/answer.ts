import type { Call, Operation } from '../operations.ts';
import type { Backend } from './backend.ts';
import { notFound } from './errors.ts';
import { describedInstance, instanceList } from './json.ts';
import { listing } from './listing.ts';
import {
  describePredefinedAttribute,
  listPredefinedAttributes,
  searchPredefinedAttributes,
} from './predefined-attributes.ts';
import { describeUser, listUserProficiencies, listUsers, searchUsers } from './users.ts';
import {
  listRoutingProfiles,
  listUserHierarchyGroups,
  searchRoutingProfiles,
  searchUserHierarchyGroups,
} from './workplaces.ts';

type Answer = (call: Call, backend: Backend) => string;

const ANSWERS: Readonly<Record<Operation, Answer>> = {
  ListUsers: listUsers,
  ListUserProficiencies: listUserProficiencies,
  DescribeUser: describeUser,
  SearchUsers: searchUsers,
  ListRoutingProfiles: listRoutingProfiles,
  SearchRoutingProfiles: searchRoutingProfiles,
  ListUserHierarchyGroups: listUserHierarchyGroups,
  SearchUserHierarchyGroups: searchUserHierarchyGroups,
  ListPredefinedAttributes: listPredefinedAttributes,
  SearchPredefinedAttributes: searchPredefinedAttributes,
  DescribePredefinedAttribute: describePredefinedAttribute,
  DescribeInstance: (_, { dataset }) => describedInstance(dataset.instanceId),
  ListInstances: listInstances,
};

/**
 * The JSON that Connect answers to a call that has passed quota and faults.
 *
 * @throws ConnectError where Connect would refuse the call
 */
export function answer(call: Call, backend: Backend): string {
  const isAboutInstance = call.operation !== 'ListInstances';
  if (isAboutInstance && call.instanceId !== backend.dataset.instanceId) {
    throw notFound(`The instance ${call.instanceId} does not exist.`);
  }
  return ANSWERS[call.operation](call, backend);
}

/** There is one, and it fits every page. */
function listInstances(call: Call, backend: Backend): string {
  listing('ListInstances', call, backend);
  return instanceList(backend.dataset.instanceId);
}
