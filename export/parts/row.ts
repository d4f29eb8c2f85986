import { byNameAndValue, byNameThenValue } from '../../contract/proficiency-order.ts';
import type { Row } from '../../contract/row.ts';
import { toLine } from '../files/ndjson.ts';
import type { PlannedUser } from '../plan/plan.ts';
import type { UserProficiencies } from '../ports.ts';

/** What all rows of a run have in common. */
export interface RowContext {
  readonly instanceId: string;
  readonly snapshotDate: string;
  readonly region: string;
  readonly runId: string;
}

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
    fetched_at: fetchedAt.toISOString(),
    run_id: context.runId,
  };
}

/** What stands in place of half a surrogate pair. */
const REPLACEMENT = '\ufffd';

/** Counted in the row itself, so that a part left behind by a lost worker gives the same number. */
export function textsReplaced({ username = '', proficiencies }: Row): number {
  const texts = proficiencies.flatMap((one) => [one.attribute_name, one.attribute_value]);
  return [username, ...texts].filter((text) => text.includes(REPLACEMENT)).length;
}

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
