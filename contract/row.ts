import * as z from 'zod/mini';

/** A column of an Athena table: its Hive type, and what a value means. */
export interface Column {
  readonly type: string;
  readonly comment: string;
}

const utcTime = z.iso.datetime({ precision: 3 });

/** One proficiency of a user, as it lies in a row. */
const proficiencySchema = z.strictObject({
  attribute_name: z.string(),
  attribute_value: z.string(),
  level: z.number(),
});

/**
 * One user in a snapshot: one line of NDJSON.
 *
 * A user without proficiencies is a row too, so that "has none" can be told from "is not known".
 */
export const rowSchema = z.strictObject({
  instance_id: z.string(),
  /** Earlier versions did not write it. */
  snapshot_date: z.optional(z.iso.date()),
  region: z.string(),
  user_id: z.string(),
  username: z.optional(z.string()),
  proficiencies: z.array(proficiencySchema),
  proficiency_count: z.int().check(z.nonnegative()),
  proficiencies_modified_at: z.nullable(utcTime),
  proficiencies_modified_region: z.nullable(z.string()),
  user_modified_at: z.nullable(utcTime),
  /** This and what follows up to the names are absent where users' details are switched off; earlier versions did not write them. */
  routing_profile_id: z.optional(z.nullable(z.string())),
  routing_profile_name: z.optional(z.nullable(z.string())),
  hierarchy_group_id: z.optional(z.nullable(z.string())),
  hierarchy: z.optional(z.nullable(z.array(z.string()))),
  tags: z.optional(z.nullable(z.record(z.string(), z.string()))),
  first_name: z.optional(z.nullable(z.string())),
  last_name: z.optional(z.nullable(z.string())),
  fetched_at: utcTime,
  run_id: z.string(),
});

/** What `rowSchema` accepts. */
export type Row = z.infer<typeof rowSchema>;
/** One proficiency of a user. */
export type Proficiency = Row['proficiencies'][number];

/** The columns of `user_proficiencies`, in the order in which a row's keys are written. */
export const ROW_COLUMNS = {
  instance_id: { type: 'string', comment: 'Id (UUID) of the Amazon Connect instance' },
  snapshot_date: {
    type: 'date',
    comment: "Date of the snapshot, in the schedule's time zone",
  },
  region: {
    type: 'string',
    comment:
      'AWS Region the instance was read in; a replica in another Region has the same instance id',
  },
  user_id: { type: 'string', comment: 'Id (UUID) of the Connect user; never reused' },
  username: {
    type: 'string',
    comment: 'Login name at the time of listing; absent where names are switched off',
  },
  proficiencies: {
    type: 'array<struct<attribute_name:string,attribute_value:string,level:double>>',
    comment:
      'The proficiencies, sorted by name, then value; empty where the user has none. Level is 1.0 (lowest) to 5.0 (highest)',
  },
  proficiency_count: { type: 'int', comment: 'Number of proficiencies; 0 where the user has none' },
  proficiencies_modified_at: {
    type: 'string',
    comment:
      'When the proficiencies were last changed, ISO 8601 UTC; null where Connect does not say',
  },
  proficiencies_modified_region: {
    type: 'string',
    comment: 'AWS Region of that change; null where Connect does not say',
  },
  user_modified_at: {
    type: 'string',
    comment:
      'When the user (not the proficiencies) was last changed, ISO 8601 UTC; null where Connect does not say',
  },
  routing_profile_id: {
    type: 'string',
    comment:
      'Id (UUID) of the routing profile; null where Connect does not say, absent where details are off',
  },
  routing_profile_name: {
    type: 'string',
    comment: 'Its name when the run began; null where Connect does not say',
  },
  hierarchy_group_id: {
    type: 'string',
    comment: "Id (UUID) of the user's group in the agent hierarchy; null where the user is in none",
  },
  hierarchy: {
    type: 'array<string>',
    comment:
      "Names of the groups that the user is in, from the top level down to the user's own; null where the user is in none",
  },
  tags: {
    type: 'map<string,string>',
    comment:
      'Tags of the user, by key; empty where there are none, null where Connect does not say',
  },
  first_name: {
    type: 'string',
    comment: 'First name; absent unless names are switched on, null where Connect does not say',
  },
  last_name: {
    type: 'string',
    comment: 'Last name; absent unless names are switched on, null where Connect does not say',
  },
  fetched_at: {
    type: 'string',
    comment:
      'When Connect answered for this user, ISO 8601 UTC; rows of one snapshot differ by up to the duration of the run',
  },
  run_id: { type: 'string', comment: 'The run that made this snapshot; joins export_runs' },
} as const satisfies Record<keyof Row, Column>;
