import * as z from 'zod/mini';
import { type Column, ROW_COLUMNS } from './row.ts';

/** A predefined attribute of Connect with one of its values: one line of NDJSON. */
export const attributeSchema = z.strictObject({
  instance_id: z.string(),
  snapshot_date: z.iso.date(),
  attribute_name: z.string(),
  /** An attribute without values is a line too. */
  attribute_value: z.nullable(z.string()),
  purposes: z.array(z.string()),
  modified_at: z.nullable(z.iso.datetime({ precision: 3 })),
  run_id: z.string(),
});

/** What `attributeSchema` accepts. */
export type AttributeLine = z.infer<typeof attributeSchema>;

/** The columns of `predefined_attributes`, in the order in which a line's keys are written. */
export const ATTRIBUTE_COLUMNS = {
  instance_id: ROW_COLUMNS.instance_id,
  snapshot_date: { type: 'date', comment: 'Date of the snapshot that the attributes go with' },
  attribute_name: { type: 'string', comment: 'Name of the predefined attribute' },
  attribute_value: {
    type: 'string',
    comment: 'A value that the attribute may have; null where it has none',
  },
  purposes: {
    type: 'array<string>',
    comment: 'What the attribute is for, as Connect says; empty where it does not say',
  },
  modified_at: {
    type: 'string',
    comment: 'When the attribute was last changed, ISO 8601 UTC; null where Connect does not say',
  },
  run_id: { type: 'string', comment: 'The run that made the snapshot; joins export_runs' },
} as const satisfies Record<keyof AttributeLine, Column>;
