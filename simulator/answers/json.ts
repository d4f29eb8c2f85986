import type { Proficiency } from '../../contract/row.ts';
import type { BadAnswer } from '../faults/faults.ts';
import type { Placement } from '../people/placements.ts';
import type { SimulatedProficiencies, SimulatedUser } from '../people/records.ts';

/**
 * Connect's answers as JSON text.
 *
 * The frequent ones are put together by hand: JSON.stringify would write a level of 3 as `3`, where
 * Connect writes `3.0`.
 */

/** The account and Region of every ARN. */
const ACCOUNT = '111122223333';
export const REGION = 'us-east-1';

/** Who a caller is, in the words of an AccessDeniedException. */
export const tenantArn = (accessKeyId: string): string =>
  `arn:aws:iam::${ACCOUNT}:user/${accessKeyId}`;

const text = JSON.stringify;

/** A text, or one that was cut in the middle of a character. */
const cut = (value: string, bad: readonly BadAnswer[]): string =>
  bad.includes('loneSurrogate') ? `${value}\ud83c` : value;

const textOf = (value: string, bad: readonly BadAnswer[]): string => text(cut(value, bad));

/** Epoch seconds with a fraction, the timestamps of REST-JSON. */
const timestamp = (time: Date): string => String(time.getTime() / 1000);

export const instanceArn = (instanceId: string): string =>
  `arn:aws:connect:${REGION}:${ACCOUNT}:instance/${instanceId}`;

/** When and where something was modified. */
export const lastModified = (time: Date) => ({
  LastModifiedTime: time.getTime() / 1000,
  LastModifiedRegion: REGION,
});

const userArn = (instanceId: string, userId: string): string =>
  `${instanceArn(instanceId)}/agent/${userId}`;

const object = (members: ReadonlyArray<string | false>): string =>
  `{${members.filter((member) => member !== false).join(',')}}`;

/** An entry of ListUsers. */
export function userSummary(
  instanceId: string,
  user: SimulatedUser,
  bad: readonly BadAnswer[],
): string {
  const isTimed = !bad.includes('missingUserTimes');
  return object([
    !bad.includes('missingUserId') && `"Id":"${user.id}"`,
    `"Arn":"${userArn(instanceId, user.id)}"`,
    !bad.includes('missingUsername') && `"Username":${textOf(user.username, bad)}`,
    isTimed && `"LastModifiedTime":${timestamp(user.modifiedAt)}`,
    isTimed && `"LastModifiedRegion":"${REGION}"`,
  ]);
}

const GOOD_LEVEL = ({ level }: Proficiency): string =>
  Number.isInteger(level) ? `${level}.0` : String(level);

function levelOf(proficiency: Proficiency, bad: readonly BadAnswer[]): string {
  if (bad.includes('levelSeven')) return '7.0';
  if (bad.includes('levelZero')) return '0.0';
  const level = GOOD_LEVEL(proficiency);
  return bad.includes('levelAsText') ? `"${level}"` : level;
}

function proficiency(one: Proficiency, bad: readonly BadAnswer[]): string {
  return object([
    !bad.includes('missingAttributeName') && `"AttributeName":${textOf(one.attribute_name, bad)}`,
    !bad.includes('missingAttributeValue') &&
      `"AttributeValue":${textOf(one.attribute_value, bad)}`,
    !bad.includes('missingLevel') && `"Level":${levelOf(one, bad)}`,
  ]);
}

/** A page of ListUserProficiencies. */
export function proficiencyPage(
  page: readonly Proficiency[],
  { modifiedAt, modifiedRegion }: SimulatedProficiencies,
  nextToken: string | undefined,
  bad: readonly BadAnswer[],
): string {
  if (bad.includes('notJson')) return '<html>The service is being served.</html>';
  const isTimed = !bad.includes('missingTimes');
  return object([
    !bad.includes('missingList') &&
      `"UserProficiencyList":[${page.map((one) => proficiency(one, bad)).join(',')}]`,
    isTimed && modifiedAt !== undefined && `"LastModifiedTime":${timestamp(modifiedAt)}`,
    isTimed && modifiedRegion !== undefined && `"LastModifiedRegion":"${modifiedRegion}"`,
    nextToken !== undefined && `"NextToken":"${nextToken}"`,
  ]);
}

/** A page of ListUsers. */
export const userPage = (entries: readonly string[], nextToken: string | undefined): string =>
  object([
    `"UserSummaryList":[${entries.join(',')}]`,
    nextToken !== undefined && `"NextToken":"${nextToken}"`,
  ]);

/** A user and where it works. */
export interface Person {
  readonly user: SimulatedUser;
  readonly placement: Placement;
}

/** What DescribeUser and SearchUsers say beyond the summary. */
const profile = (instanceId: string, { user, placement }: Person) => ({
  Id: user.id,
  Arn: userArn(instanceId, user.id),
  Username: user.username,
  IdentityInfo: { FirstName: user.name.first, LastName: user.name.last },
  HierarchyGroupId: placement.hierarchyGroup?.id,
  RoutingProfileId: placement.routingProfile.id,
  SecurityProfileIds: placement.securityProfileIds,
  Tags: placement.tags,
});

/** @param afterContactWork seconds or milliseconds, as the operation has it */
const phoneConfig = (afterContactWork: number) => ({
  PhoneType: 'SOFT_PHONE',
  AutoAccept: false,
  AfterContactWorkTimeLimit: afterContactWork,
  DeskPhoneNumber: '',
});

/** The answer of DescribeUser. */
export const describedUser = (instanceId: string, person: Person): string =>
  text({
    User: {
      ...profile(instanceId, person),
      PhoneConfig: phoneConfig(person.placement.afterContactWorkS),
      ...lastModified(person.user.modifiedAt),
    },
  });

/** Ids that no list has. */
const NOWHERE = {
  HierarchyGroupId: '00000000-0000-4000-8000-00000000000a',
  RoutingProfileId: '00000000-0000-4000-8000-00000000000b',
};

/** An entry of SearchUsers. */
export function foundUser(instanceId: string, person: Person, bad: readonly BadAnswer[]): string {
  const { first, last } = person.user.name;
  const { Id, Arn, Username, Tags, ...placed } = profile(instanceId, person);
  const tagList = () => Object.entries(Tags).map(([Key, Value]) => ({ Key, Value }));
  return text({
    ...(!bad.includes('missingFoundId') && { Id }),
    Arn,
    Username: cut(Username, bad),
    ...(!bad.includes('missingPlacement') && {
      ...placed,
      ...(bad.includes('unknownPlacement') && NOWHERE),
      IdentityInfo: { FirstName: cut(first, bad), LastName: cut(last, bad) },
      Tags: bad.includes('tagsAsList') ? tagList() : Tags,
      PhoneConfig: phoneConfig(1000 * person.placement.afterContactWorkS),
    }),
  });
}

/** A page of SearchUsers. */
export const userSearchPage = (
  entries: readonly string[],
  nextToken: string | undefined,
  total: number,
): string =>
  object([
    `"Users":[${entries.join(',')}]`,
    nextToken !== undefined && `"NextToken":"${nextToken}"`,
    `"ApproximateTotalCount":${total}`,
  ]);

const instance = (instanceId: string) => ({
  Id: instanceId,
  Arn: instanceArn(instanceId),
  IdentityManagementType: 'CONNECT_MANAGED',
  InstanceAlias: 'simulated-contact-centre',
  CreatedTime: Date.UTC(2024, 0, 1) / 1000,
  ServiceRole: `arn:aws:iam::${ACCOUNT}:role/aws-service-role/connect.amazonaws.com/AWSServiceRoleForAmazonConnect`,
  InstanceStatus: 'ACTIVE',
  InboundCallsEnabled: true,
  OutboundCallsEnabled: true,
});

/** The answer of DescribeInstance. */
export const describedInstance = (instanceId: string): string =>
  text({ Instance: instance(instanceId) });

/** The answer of ListInstances: there is one. */
export const instanceList = (instanceId: string): string =>
  text({ InstanceSummaryList: [instance(instanceId)] });
