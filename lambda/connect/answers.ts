import * as z from 'zod';
import type { Proficiency } from '../contract/row.ts';
import type { User, UserProficiencies } from '../export/ports.ts';

/** Connect's answer is not what its API model promises: asking again would not change it. */
export class InvalidAnswer extends Error {
  override readonly name = 'InvalidAnswer';
}

const time = z.date().nullish();

const userPageSchema = z.object({
  UserSummaryList: z
    .array(
      z.object({
        Id: z.string().min(1),
        Username: z.string().nullish(),
        LastModifiedTime: time,
      }),
    )
    .nullish(),
});

const proficiencyPageSchema = z.object({
  UserProficiencyList: z
    .array(
      z.object({
        AttributeName: z.string().min(1),
        AttributeValue: z.string().min(1),
        Level: z.number().min(1).max(5),
      }),
    )
    .nullish(),
  LastModifiedTime: time,
  LastModifiedRegion: z.string().nullish(),
});

/** The SDK hands on what it finds, whatever the API model says. What is wrong is told without quoting it: it may be about a person. */
function checked<T>(schema: z.ZodType<T>, answer: unknown): T {
  const result = schema.safeParse(answer);
  if (result.success) return result.data;
  const flaws = result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new InvalidAnswer(flaws.join('; '));
}

/**
 * The users of a page.
 *
 * @throws InvalidAnswer where one of them has no id: such a list cannot be complete
 */
export function usersOf(page: unknown): User[] {
  const { UserSummaryList } = checked(userPageSchema, page);
  return (UserSummaryList ?? []).map(({ Id, Username, LastModifiedTime }) => ({
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
