import * as z from 'zod';
import { invalidParameter } from './errors.ts';

/** The condition about the hierarchy, which only users are searched by. */
const hierarchyGroupSchema = z.strictObject({
  /** The group's id. */
  Value: z.string(),
  HierarchyGroupMatchType: z.enum(['EXACT', 'WITH_CHILD_GROUPS']),
});

const stringSchema = z.strictObject({
  FieldName: z.string(),
  Value: z.string(),
  ComparisonType: z.enum(['STARTS_WITH', 'CONTAINS', 'EXACT']),
});

/** Criteria as the API model has them, but for ListCondition: AWS does not say how its conditions belong together. */
const criteriaSchema = z.strictObject({
  get AndConditions() {
    return z.array(criteriaSchema).optional();
  },
  get OrConditions() {
    return z.array(criteriaSchema).optional();
  },
  StringCondition: stringSchema.optional(),
  HierarchyGroupCondition: hierarchyGroupSchema.optional(),
});

type Criteria = z.infer<typeof criteriaSchema>;
type StringCondition = z.infer<typeof stringSchema>;
type HierarchyGroupCondition = z.infer<typeof hierarchyGroupSchema>;

/** By what entries can be searched. */
export interface Fields<T> {
  /** What an entry has in each field; several values where any of them may meet the condition. */
  readonly strings: Readonly<Record<string, (entry: T) => readonly string[]>>;
  /** Whether an entry belongs to a group, or to one below it. */
  readonly belongs?: (entry: T, groupId: string, withChildren: boolean) => boolean;
}

export type Predicate<T> = (entry: T) => boolean;

/**
 * Which entries a search finds; all of them without criteria. Upper and lower case differ: AWS does not say whether they do.
 *
 * @param criteria as they were sent
 * @throws ConnectError InvalidParameterException for criteria that are not the API model's, or not the simulator's
 */
export function predicateOf<T>(criteria: unknown, fields: Fields<T>): Predicate<T> {
  if (criteria === undefined) return () => true;
  const parsed = criteriaSchema.safeParse(criteria);
  if (!parsed.success) {
    throw invalidParameter(
      `The simulator does not search by these SearchCriteria: ${z.prettifyError(parsed.error)}`,
    );
  }
  return meets(parsed.data, fields);
}

/** The API has one condition in each place; where there are more, all must hold. */
function meets<T>(criteria: Criteria, fields: Fields<T>): Predicate<T> {
  const { AndConditions, OrConditions, StringCondition, HierarchyGroupCondition } = criteria;
  const conditions: Predicate<T>[] = (AndConditions ?? []).map((one) => meets(one, fields));
  if (OrConditions !== undefined && OrConditions.length > 0) {
    const alternatives = OrConditions.map((one) => meets(one, fields));
    conditions.push((entry) => alternatives.some((holds) => holds(entry)));
  }
  if (StringCondition !== undefined) conditions.push(compares(StringCondition, fields));
  if (HierarchyGroupCondition !== undefined) {
    conditions.push(belongsTo(HierarchyGroupCondition, fields));
  }
  return (entry) => conditions.every((holds) => holds(entry));
}

/** AWS: queries outside of this range "will throw invalid results". */
const CONTAINS_LENGTH = { min: 2, max: 25 };

function compares<T>(
  { FieldName, Value, ComparisonType }: StringCondition,
  { strings }: Fields<T>,
): Predicate<T> {
  const valuesOf = Object.hasOwn(strings, FieldName) ? strings[FieldName] : undefined;
  if (valuesOf === undefined) {
    throw invalidParameter(
      `There is no search by the FieldName '${FieldName}': use ${Object.keys(strings).join(', ')}.`,
    );
  }
  switch (ComparisonType) {
    case 'EXACT':
      return (entry) => valuesOf(entry).includes(Value);
    case 'STARTS_WITH':
      return (entry) => valuesOf(entry).some((value) => value.startsWith(Value));
    case 'CONTAINS':
      if (Value.length < CONTAINS_LENGTH.min || Value.length > CONTAINS_LENGTH.max) {
        throw invalidParameter(
          `The Value '${Value}' has ${Value.length} characters: CONTAINS takes ${CONTAINS_LENGTH.min} to ${CONTAINS_LENGTH.max}.`,
        );
      }
      return (entry) => valuesOf(entry).some((value) => value.includes(Value));
  }
}

function belongsTo<T>(
  { Value, HierarchyGroupMatchType }: HierarchyGroupCondition,
  { belongs }: Fields<T>,
): Predicate<T> {
  if (belongs === undefined) {
    throw invalidParameter('Only users are searched by HierarchyGroupCondition: leave it out.');
  }
  return (entry) => belongs(entry, Value, HierarchyGroupMatchType === 'WITH_CHILD_GROUPS');
}
