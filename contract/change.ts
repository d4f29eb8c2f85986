import * as z from 'zod/mini';
import type { Column } from './row.ts';

/** What a line of changes tells; the first line of every object is `compared`, so that "no change" differs from "not compared". */
const CHANGES = [
  'compared',
  'user created',
  'user deleted',
  'user renamed',
  'added',
  'removed',
  'level changed',
] as const;

/**
 * One difference between a snapshot and the published one before it: one line of NDJSON.
 *
 * `compared` is about no user, and the changes of users are about no proficiency; what does not apply is null.
 */
export const changeSchema = z.strictObject({
  instance_id: z.string(),
  snapshot_date: z.iso.date(),
  previous_snapshot_date: z.iso.date(),
  run_id: z.string(),
  previous_run_id: z.string(),
  change: z.enum(CHANGES),
  user_id: z.nullable(z.string()),
  username: z.nullable(z.string()),
  previous_username: z.nullable(z.string()),
  user_status: z.nullable(z.enum(['present', 'created', 'deleted'])),
  attribute_name: z.nullable(z.string()),
  attribute_value: z.nullable(z.string()),
  previous_level: z.nullable(z.number()),
  level: z.nullable(z.number()),
});

/** What `changeSchema` accepts. */
export type ChangeLine = z.infer<typeof changeSchema>;
/** What a line of changes tells. */
export type ChangeKind = ChangeLine['change'];

/** The columns of `snapshot_changes`, in the order in which a line's keys are written. */
export const CHANGE_COLUMNS = {
  instance_id: { type: 'string', comment: 'Id (UUID) of the Amazon Connect instance' },
  snapshot_date: { type: 'date', comment: 'Date of the snapshot that shows the change first' },
  previous_snapshot_date: {
    type: 'date',
    comment:
      'Date of the published snapshot before; further back than a day where days are missing',
  },
  run_id: { type: 'string', comment: 'The run that made the snapshot; joins export_runs' },
  previous_run_id: { type: 'string', comment: 'The run that made the snapshot before' },
  change: {
    type: 'string',
    comment:
      "'added', 'removed' or 'level changed', of a proficiency; 'user created', 'user deleted' or 'user renamed'; 'compared' is one line of each comparison, whether or not there are others",
  },
  user_id: { type: 'string', comment: "Id (UUID) of the Connect user; null where 'compared'" },
  username: {
    type: 'string',
    comment:
      'Login name in the later snapshot; of a deleted user the one in the earlier; null where names are switched off',
  },
  previous_username: {
    type: 'string',
    comment: 'Login name in the earlier snapshot; null for a created user',
  },
  user_status: {
    type: 'string',
    comment:
      "'present' in both snapshots, 'created' or 'deleted' between them; null where 'compared'",
  },
  attribute_name: {
    type: 'string',
    comment: 'Name of the predefined attribute; null where the change is one of the user',
  },
  attribute_value: {
    type: 'string',
    comment: 'Value of the attribute; null where the change is one of the user',
  },
  previous_level: {
    type: 'double',
    comment: 'Level in the earlier snapshot, 1.0 to 5.0; null where it had none',
  },
  level: {
    type: 'double',
    comment: 'Level in the later snapshot, 1.0 to 5.0; null where it has none',
  },
} as const satisfies Record<keyof ChangeLine, Column>;
