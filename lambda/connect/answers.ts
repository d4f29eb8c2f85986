import * as z from 'zod/mini';
import { IN_WORDS } from '../../contract/parse.ts';
import type { Proficiency } from '../../contract/row.ts';
import type {
  HierarchyGroup,
  PredefinedAttribute,
  RoutingProfile,
  User,
  UserDetails,
  UserProficiencies,
} from '../../export/ports.ts';
import { onwardTokens } from '../aws-pages.ts';

/** Connect's answer is not what its API model promises: asking again would not change it. */
export class InvalidAnswer extends Error {
  override readonly name = 'InvalidAnswer';
}

/** A year of more than four digits would be written in a way that neither the rows' readers nor the plan understand. */
const time = z.nullish(
  z.date().check(
    z.refine((value) => /^\d{4}-/.test(value.toISOString()), {
      error: 'its year is not one of four digits',
    }),
  ),
);

/**
 * Any text of Connect's. Half of a surrogate pair, which JSON can say and UTF-8 cannot, becomes U+FFFD: DuckDB refuses a whole file
 * for one of them.
 */
const text = z.string().check(z.overwrite((written) => written.toWellFormed()));
const filled = text.check(z.minLength(1));

/** It is asked for again as it is, so that replacing anything in it would name another user. */
const id = z.string().check(
  z.minLength(1),
  z.refine((value) => value.isWellFormed(), { error: 'it holds half of a surrogate pair' }),
);

/** The list must be there, if only empty: any other JSON would pass for an instance without users. */
const userPageSchema = z.object({
  UserSummaryList: z.array(
    z.object({
      Id: id,
      Username: z.nullish(text),
      LastModifiedTime: time,
    }),
  ),
});

const proficiencyPageSchema = z.object({
  UserProficiencyList: z.nullish(
    z.array(
      z.object({
        AttributeName: filled,
        AttributeValue: filled,
        Level: z.number().check(z.gte(1), z.lte(5)),
      }),
    ),
  ),
  LastModifiedTime: time,
  LastModifiedRegion: z.nullish(text),
});

const detailsPageSchema = z.object({
  Users: z.array(
    z.object({
      Id: id,
      IdentityInfo: z.nullish(z.object({ FirstName: z.nullish(text), LastName: z.nullish(text) })),
      RoutingProfileId: z.nullish(text),
      HierarchyGroupId: z.nullish(text),
      Tags: z.nullish(z.record(text, text)),
    }),
  ),
});

const profilePageSchema = z.object({
  RoutingProfileSummaryList: z.array(z.object({ Id: id, Name: text })),
});

const level = z.nullish(z.object({ Id: z.nullish(text), Name: z.nullish(text) }));

/** Of an instance without a hierarchy nobody knows whether the list is empty or missing. */
const groupPageSchema = z.object({
  UserHierarchyGroups: z.nullish(
    z.array(
      z.object({
        Id: id,
        Name: z.nullish(text),
        HierarchyPath: z.nullish(
          z.object({
            LevelOne: level,
            LevelTwo: level,
            LevelThree: level,
            LevelFour: level,
            LevelFive: level,
          }),
        ),
      }),
    ),
  ),
});

const attributePageSchema = z.object({
  PredefinedAttributes: z.array(
    z.object({
      Name: filled,
      Values: z.nullish(z.object({ StringList: z.nullish(z.array(filled)) })),
      Purposes: z.nullish(z.array(text)),
      LastModifiedTime: time,
    }),
  ),
});

/** The SDK hands on what it finds, whatever the API model says. What is wrong is told without quoting it: it may be about a person. */
function checked<T>(schema: z.core.$ZodType<T>, answer: unknown): T {
  const result = z.safeParse(schema, answer, IN_WORDS);
  if (result.success) return result.data;
  const flaws = result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new InvalidAnswer(flaws.join('; '));
}

const tokenSchema = z.object({ NextToken: z.nullish(z.string()) });

/** Refuses a listing whose pages would never end; one for each listing. */
export function onwardPages(): (page: unknown) => string | undefined {
  const onward = onwardTokens(
    () => new InvalidAnswer('NextToken: the same one came twice, so the pages would never end'),
  );
  return (page) => onward(checked(tokenSchema, page).NextToken ?? undefined);
}

/**
 * The users of a page.
 *
 * @throws InvalidAnswer where there is no list, or one of them has no id: such a list cannot be complete
 */
export function usersOf(page: unknown): User[] {
  const { UserSummaryList } = checked(userPageSchema, page);
  return UserSummaryList.map(({ Id, Username, LastModifiedTime }) => ({
    id: Id,
    ...(Username != null && { username: Username }),
    ...(LastModifiedTime && { modifiedAt: LastModifiedTime }),
  }));
}

/** @throws InvalidAnswer */
export function proficienciesOf(page: unknown): {
  readonly proficiencies: readonly Proficiency[];
  readonly modified: Pick<UserProficiencies, 'modifiedAt' | 'modifiedRegion'>;
} {
  const { UserProficiencyList, LastModifiedTime, LastModifiedRegion } = checked(
    proficiencyPageSchema,
    page,
  );
  return {
    proficiencies: (UserProficiencyList ?? []).map(({ AttributeName, AttributeValue, Level }) => ({
      attribute_name: AttributeName,
      attribute_value: AttributeValue,
      level: Level,
    })),
    modified: {
      ...(LastModifiedTime && { modifiedAt: LastModifiedTime }),
      ...(LastModifiedRegion != null && { modifiedRegion: LastModifiedRegion }),
    },
  };
}

/** @throws InvalidAnswer */
export const detailsOf = (page: unknown): UserDetails[] =>
  checked(detailsPageSchema, page).Users.map(
    ({ Id, IdentityInfo, RoutingProfileId, HierarchyGroupId, Tags }) => ({
      id: Id,
      ...(IdentityInfo?.FirstName != null && { firstName: IdentityInfo.FirstName }),
      ...(IdentityInfo?.LastName != null && { lastName: IdentityInfo.LastName }),
      ...(RoutingProfileId != null && { routingProfileId: RoutingProfileId }),
      ...(HierarchyGroupId != null && { hierarchyGroupId: HierarchyGroupId }),
      tags: Tags ?? {},
    }),
  );

/** @throws InvalidAnswer */
export const routingProfilesOf = (page: unknown): RoutingProfile[] =>
  checked(profilePageSchema, page).RoutingProfileSummaryList.map(({ Id, Name }) => ({
    id: Id,
    name: Name,
  }));

/** @throws InvalidAnswer */
export const hierarchyGroupsOf = (page: unknown): HierarchyGroup[] =>
  (checked(groupPageSchema, page).UserHierarchyGroups ?? []).map(
    ({ Id, Name, HierarchyPath: path }) => {
      const levels = path
        ? [path.LevelOne, path.LevelTwo, path.LevelThree, path.LevelFour, path.LevelFive]
        : [];
      const above = levels.flatMap((group) => (group && group.Id !== Id ? [group] : []));
      return { id: Id, path: [...above, { Name }].flatMap((group) => group.Name ?? []) };
    },
  );

/** @throws InvalidAnswer */
export const predefinedAttributesOf = (page: unknown): PredefinedAttribute[] =>
  checked(attributePageSchema, page).PredefinedAttributes.map(
    ({ Name, Values, Purposes, LastModifiedTime }) => ({
      name: Name,
      values: Values?.StringList ?? [],
      purposes: Purposes ?? [],
      ...(LastModifiedTime && { modifiedAt: LastModifiedTime }),
    }),
  );
