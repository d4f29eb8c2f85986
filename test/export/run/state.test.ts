import * as z from 'zod';
import { stateKey } from '../../../contract/keys.ts';
import { ROW_COLUMNS } from '../../../contract/row.ts';
import { readBytes } from '../../../export/files/json.ts';
import { scriptedConnect } from '../../support/scripted-connect.ts';
import { INSTANCE, world } from '../../support/world.ts';

/** The keys of the rows that a run writes, by the version of its state. Add a line; change none that was released. */
const ROWS: Readonly<Record<number, string>> = {
  1: 'instance_id region user_id username proficiencies proficiency_count proficiencies_modified_at proficiencies_modified_region user_modified_at fetched_at run_id',
  2: 'instance_id region user_id username proficiencies proficiency_count proficiencies_modified_at proficiencies_modified_region user_modified_at fetched_at run_id',
  3: 'instance_id snapshot_date region user_id username proficiencies proficiency_count proficiencies_modified_at proficiencies_modified_region user_modified_at fetched_at run_id',
  4: 'instance_id snapshot_date region user_id username proficiencies proficiency_count proficiencies_modified_at proficiencies_modified_region user_modified_at routing_profile_id routing_profile_name hierarchy_group_id hierarchy tags first_name last_name fetched_at run_id',
};

it('has another version where rows have other keys, so that no run goes on with parts of both', async () => {
  const w = world(scriptedConnect(1));
  const { runId } = await w.slice();
  const object = await w.store.get(stateKey(INSTANCE, runId));
  if (!object) throw new Error('The run has no state.');
  const text = Buffer.from(await readBytes(object)).toString('utf8');
  const { version } = z.object({ version: z.int() }).parse(JSON.parse(text));
  expect(Object.keys(ROW_COLUMNS).join(' ')).toBe(ROWS[version]);
});
