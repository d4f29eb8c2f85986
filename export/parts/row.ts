import { byNameAndValue, byNameThenValue } from '../../contract/proficiency-order.ts';
import type { Row } from '../../contract/row.ts';
import type { UserDetailsChoice } from '../../contract/user-details.ts';
import { toLine } from '../files/ndjson.ts';
import type { PlannedUser } from '../plan/plan.ts';
import type { UserProficiencies } from '../ports.ts';

/** What all rows of a run have in common. */
export interface RowContext {
  readonly instanceId: string;
  readonly snapshotDate: string;
  readonly region: string;
  readonly runId: string;
  readonly userDetails: UserDetailsChoice;
}

/** What rows say of a user besides name and proficiencies; whom the search does not know has nulls. */
const detailsOf = (choice: UserDetailsChoice, { details }: PlannedUser): Partial<Row> => ({
  ...(choice !== 'off' && {
    routing_profile_id: details?.routing_profile_id ?? null,
    routing_profile_name: details?.routing_profile_name ?? null,
    hierarchy_group_id: details?.hierarchy_group_id ?? null,
    hierarchy: details?.hierarchy ? [...details.hierarchy] : null,
    tags: details ? { ...details.tags } : null,
  }),
  ...(choice === 'names' && {
    first_name: details?.first_name ?? null,
    last_name: details?.last_name ?? null,
  }),
});

/**
 * One user's row, keys in the order of the table's columns.
 *
 * @param fetchedAt when Connect answered
 */
export function toRow(
  context: RowContext,
  user: PlannedUser,
  answer: UserProficiencies,
  fetchedAt: Date,
): Row {
  // Pages can overlap: of a proficiency that came twice, the one that was read later is kept.
  const proficiencies = [...byNameAndValue(answer.proficiencies).values()].sort(byNameThenValue);
  return {
    instance_id: context.instanceId,
    snapshot_date: context.snapshotDate,
    region: context.region,
    user_id: user.id,
    ...(user.username !== undefined && { username: user.username }),
    proficiencies,
    proficiency_count: proficiencies.length,
    proficiencies_modified_at: answer.modifiedAt?.toISOString() ?? null,
    proficiencies_modified_region: answer.modifiedRegion ?? null,
    user_modified_at: user.modified_at ?? null,
    ...detailsOf(context.userDetails, user),
    fetched_at: fetchedAt.toISOString(),
    run_id: context.runId,
  };
}

/** What stands in place of half a surrogate pair. */
const REPLACEMENT = '\ufffd';

/** All texts of a row that people have written. */
const textsIn = (row: Row): (string | null | undefined)[] => [
  row.username,
  row.first_name,
  row.last_name,
  row.routing_profile_name,
  ...(row.hierarchy ?? []),
  ...Object.entries(row.tags ?? {}).flat(),
  ...row.proficiencies.flatMap((one) => [one.attribute_name, one.attribute_value]),
];

/** Counted in the row itself, so that a part left behind by a lost worker gives the same number. */
export const textsReplaced = (row: Row): number =>
  textsIn(row).filter((text) => text?.includes(REPLACEMENT)).length;

/**
 * A row as it goes into a part, and what is counted of it.
 *
 * @param repeated proficiencies that were answered again
 */
export const exportedRow = (row: Row, repeated: number) =>
  ({
    kind: 'exported',
    line: toLine(row),
    proficiencies: row.proficiency_count,
    repeated,
    textsReplaced: textsReplaced(row),
  }) as const;
