import type { Ask } from './doubts.ts';
import { tablesRead } from './tables-read.ts';

/** Instances whose newest snapshot has no list of predefined attributes beside it. */
const WITHOUT = `
  SELECT DISTINCT newest.instance_id
  FROM latest_user_proficiencies newest
  ANTI JOIN predefined_attributes USING (instance_id, run_id)
  ORDER BY newest.instance_id`;

/**
 * Says of which instances an answer about the newest predefined attributes tells nothing. Otherwise it would look as if nobody lacked a
 * skill there, and as if all that anybody holds were defined.
 *
 * @param sql the question
 */
export async function attributesLeftOut(ask: Ask, sql: string): Promise<readonly string[]> {
  const read = tablesRead(sql);
  if (!read.has('predefined_attributes') || !read.has('latest_user_proficiencies')) return [];
  const without = await ask(WITHOUT);
  return without.map(
    ([instanceId]) =>
      `The newest snapshot of ${instanceId} has no predefined attributes beside it, so the answer tells nothing of that instance: predefined_attributes in export_runs says why.`,
  );
}
