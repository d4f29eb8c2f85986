import { VIEWS } from '../../sql/views.ts';
import type { Ask } from './did-you-mean.ts';

const CHANGES = 'snapshot_changes';

const views = VIEWS.filter(({ sql }) => sql.includes(`FROM ${CHANGES}`)).map(({ name }) => name);

/** The name of the table of changes, or of a view over it. */
const OVER_CHANGES = new RegExp(`\\b(?:${[CHANGES, ...views].join('|')})\\b`, 'i');

/** Published snapshots without changes against the published one before, or with those between other runs. */
export const NOT_COMPARED = `
  WITH pairs AS (
    SELECT instance_id, snapshot_date, run_id,
      lag(run_id) OVER (PARTITION BY instance_id ORDER BY snapshot_date) AS previous_run_id
    FROM export_runs
  )
  SELECT instance_id, snapshot_date FROM pairs
  ANTI JOIN (SELECT * FROM ${CHANGES} WHERE change = 'compared')
    USING (instance_id, snapshot_date, run_id, previous_run_id)
  WHERE previous_run_id IS NOT NULL ORDER BY ALL`;

/**
 * Says what an answer leaves out because a folder lacks changes, as one of an earlier version does; nothing where the question is
 * not about changes, or all are there.
 *
 * @param sql the question, without comments
 */
export async function changesLeftOut(
  ask: Ask,
  sql: string,
  folder: string,
): Promise<readonly string[]> {
  if (!OVER_CHANGES.test(sql)) return [];
  const missing = await ask(NOT_COMPARED);
  const [first] = missing;
  if (first === undefined) return [];
  const snapshots = missing.length === 1 ? 'one snapshot' : `${missing.length} snapshots`;
  return [
    `The changes of ${snapshots} are missing or out of date, and the answer is not complete: run npx proficiencies derive --out ${folder}.`,
  ];
}
