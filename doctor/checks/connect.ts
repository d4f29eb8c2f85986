import {
  type ConnectClient,
  DescribeInstanceCommand,
  ListUserProficienciesCommand,
  type ListUserProficienciesCommandOutput,
  ListUsersCommand,
} from '@aws-sdk/client-connect';
import { ask, type Call, isUnanswered, Unanswered } from '../../aws/ask.ts';
import type { ConnectInstance } from '../../contract/instance.ts';
import { OPERATIONS, type Operation } from '../../contract/operations.ts';
import { type Check, type Finding, failed, inRunbook, notAsked, ok, warning } from '../check.ts';
import { unanswered } from '../unanswered.ts';
import type { Identity } from './identity.ts';

/** What the checks of an instance ask by. */
export interface InstanceQuestion {
  readonly client: ConnectClient;
  readonly region: string;
  readonly instance: ConnectInstance;
}

const noInstance = ({ region, instance }: InstanceQuestion): Finding =>
  failed(
    `Amazon Connect in ${region} has no instance ${instance.id}`,
    `choose another Region with --region, or one of aws connect list-instances --region ${region}`,
  );

/** The request of an operation, by the IAM action that allows it. */
export const call = (operation: Operation): Call => `connect:${OPERATIONS[operation].name}`;

/** Whether the instance is there and ACTIVE. An export does not need to be allowed to ask that. */
export const instanceCheck = (question: InstanceQuestion): Check<Identity, true> => ({
  id: 'instance',
  about: `The instance ${question.instance.id}`,
  calls: ['connect:DescribeInstance'],
  async run({ account }, abortSignal) {
    const { client, region, instance } = question;
    if (account !== undefined && instance.account !== undefined && account !== instance.account) {
      return {
        findings: [
          failed(
            `The instance is of the account ${instance.account}, but the credentials are of ${account}`,
            'choose credentials of that account with AWS_PROFILE',
          ),
        ],
      };
    }
    try {
      const { Instance } = await ask(
        'connect:DescribeInstance',
        client.send(new DescribeInstanceCommand({ InstanceId: instance.id }), { abortSignal }),
      );
      const status = Instance?.InstanceStatus ?? 'of unknown status';
      const says = `The instance ${instance.id} in ${region} is ${status}`;
      return {
        findings: [
          status === 'ACTIVE'
            ? ok(says)
            : failed(
                says,
                'look at the instance in the Amazon Connect console, and wait until it is ACTIVE',
              ),
        ],
        fact: true,
      };
    } catch (error) {
      if (isUnanswered(error, 'gone')) return { findings: [noInstance(question)] };
      if (!isUnanswered(error, 'denied')) throw error;
      return { findings: [{ ...unanswered(error), mark: 'warning' }], fact: true };
    }
  },
});

/** The users of an instance, as far as one request tells. */
export interface Users {
  /** At least so many. */
  readonly count: number;
  /** Whether there are more. */
  readonly isMore: boolean;
  /** Some of them, with the time of their last change. */
  readonly some: readonly { readonly id: string; readonly modifiedAt?: Date | undefined }[];
}

/** Whether the users may be listed. */
export const usersCheck = (question: InstanceQuestion): Check<true, Users> => ({
  id: 'users',
  about: 'The list of users',
  calls: [call('list_users')],
  async run(_, abortSignal) {
    const { client, instance } = question;
    try {
      const { UserSummaryList = [], NextToken } = await ask(
        call('list_users'),
        client.send(
          new ListUsersCommand({
            InstanceId: instance.id,
            MaxResults: OPERATIONS.list_users.largestPage,
          }),
          { abortSignal },
        ),
      );
      const count = UserSummaryList.length;
      const isMore = NextToken !== undefined;
      const some = UserSummaryList.flatMap(({ Id, LastModifiedTime }) =>
        Id === undefined ? [] : [{ id: Id, modifiedAt: LastModifiedTime }],
      );
      const says = `ListUsers is allowed: ${isMore ? 'more than ' : ''}${count} users`;
      return {
        findings: [
          count === 0
            ? warning(says, 'check the instance id: an instance has at least an administrator')
            : ok(says),
        ],
        fact: { count, isMore, some },
      };
    } catch (error) {
      if (isUnanswered(error, 'gone')) return { findings: [noInstance(question)] };
      throw error;
    }
  },
});

/** Reads the proficiencies of a user, whose id no finding may tell. @throws Unanswered */
export const proficienciesOf = (
  { client, instance }: InstanceQuestion,
  UserId: string,
  abortSignal: AbortSignal,
): Promise<ListUserProficienciesCommandOutput> =>
  ask(
    call('list_user_proficiencies'),
    client.send(new ListUserProficienciesCommand({ InstanceId: instance.id, UserId }), {
      abortSignal,
    }),
    UserId,
  );

/** Whether the proficiencies may be read, by one request for one user. */
export const proficienciesCheck = (question: InstanceQuestion): Check<Users> => ({
  id: 'proficiencies',
  about: 'The proficiencies of a user',
  calls: [call('list_user_proficiencies')],
  async run({ some }, abortSignal) {
    const [user] = some;
    if (user === undefined) {
      return { findings: [notAsked('The proficiencies of a user: there is no user')] };
    }
    try {
      await proficienciesOf(question, user.id, abortSignal);
      return { findings: [ok('ListUserProficiencies is allowed')] };
    } catch (error) {
      const finding = isUnanswered(error, 'gone')
        ? warning('ListUserProficiencies: the user has just been deleted', 'run doctor again')
        : readerFailure(error);
      return { findings: [finding] };
    }
  },
});

function readerFailure(error: unknown): Finding {
  if (!(error instanceof Unanswered)) throw error;
  const finding = unanswered(error);
  return error.fault.cause === 'denied'
    ? finding
    : { ...finding, remedy: inRunbook('ServiceUnavailable') };
}
