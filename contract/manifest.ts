import * as z from 'zod/mini';
import { perOperation } from './operations.ts';
import type { Column } from './row.ts';

const count = z.int().check(z.nonnegative());

/** Attempts at one Connect operation, by how they were answered. */
const requestCountsSchema = z.strictObject({
  /** Answered as asked (a 404 for a deleted user included: it cost a request and is an answer). */
  ok: count,
  /** Refused because the quota was used up. */
  throttled: count,
  /** Answered with another error or not at all, and tried again or given up on. */
  retried: count,
});

export const requestsSchema = z.strictObject(perOperation(() => requestCountsSchema));

/** What was published: one line of JSON beside each snapshot, and a row of `export_runs`. */
export const manifestSchema = z.strictObject({
  version: z.literal(1),
  run_id: z.string(),
  instance_id: z.string(),
  region: z.string(),
  snapshot_date: z.iso.date(),
  trigger: z.enum(['schedule', 'manual']),
  scheduled_time: z.nullable(z.iso.datetime()),
  started_at: z.iso.datetime(),
  finished_at: z.iso.datetime(),
  slices: count,
  users_listed: count,
  users_exported: count,
  users_deleted_during_run: count,
  users_failed: count,
  users_without_proficiencies: count,
  proficiencies: count,
  /** Earlier versions did not count them. */
  proficiencies_repeated: z.optional(count),
  /** Texts with U+FFFD; earlier versions did not count them. */
  texts_replaced: z.optional(count),
  /** A date, or `none` where no schedule is known. Earlier versions did not know the schedule; they count as due every day. */
  next_due: z.optional(z.union([z.iso.date(), z.literal('none')])),
  requests: requestsSchema,
  snapshot: z.strictObject({
    key: z.string(),
    bytes: count,
    rows: count,
    sha256: z.string(),
    etag: z.string(),
    version_id: z.nullable(z.string()),
  }),
  exporter_version: z.string(),
});

export type Requests = Manifest['requests'];
export type RequestCounts = Requests[keyof Requests];

export const NO_REQUESTS: Requests = perOperation(() => ({ ok: 0, throttled: 0, retried: 0 }));
export type Manifest = z.infer<typeof manifestSchema>;

const countsTypes = Object.values(
  perOperation((operation) => `${operation}:struct<ok:bigint,throttled:bigint,retried:bigint>`),
);

/** The columns of `export_runs`, in the order in which a manifest's keys are written. */
export const MANIFEST_COLUMNS = {
  version: { type: 'int', comment: 'Version of this record; 1' },
  run_id: { type: 'string', comment: 'The run; sorts by the time it was asked for' },
  instance_id: { type: 'string', comment: 'Id (UUID) of the Amazon Connect instance' },
  region: { type: 'string', comment: 'AWS Region the instance was read in' },
  snapshot_date: {
    type: 'date',
    comment: "Date of the scheduled (or start) time in the schedule's time zone",
  },
  trigger: { type: 'string', comment: "'schedule' or 'manual'" },
  scheduled_time: {
    type: 'string',
    comment: 'When the run was due, ISO 8601 UTC; null for a run started by hand',
  },
  started_at: { type: 'string', comment: 'When the first slice began, ISO 8601 UTC' },
  finished_at: { type: 'string', comment: 'When the snapshot was complete, ISO 8601 UTC' },
  slices: { type: 'int', comment: 'Invocations of the worker' },
  users_listed: {
    type: 'bigint',
    comment: 'Users in the frozen list: exported + deleted during the run + failed',
  },
  users_exported: { type: 'bigint', comment: 'Rows in the snapshot' },
  users_deleted_during_run: {
    type: 'bigint',
    comment: 'Users listed that Connect no longer knew when asked',
  },
  users_failed: {
    type: 'bigint',
    comment:
      'Users that could not be read and are missing from the snapshot; 0 unless failures are allowed',
  },
  users_without_proficiencies: { type: 'bigint', comment: 'Rows with an empty list' },
  proficiencies: { type: 'bigint', comment: 'Proficiencies in all rows' },
  proficiencies_repeated: {
    type: 'bigint',
    comment:
      'Proficiencies that Connect answered more than once for a user, each repeat counted; the last one is kept. Null where the manifest is older than the count',
  },
  texts_replaced: {
    type: 'bigint',
    comment:
      'Usernames, attribute names and values with U+FFFD, which stands for half of a surrogate pair in what Connect answered; null where the manifest is older than the count',
  },
  next_due: {
    type: 'string',
    comment:
      "Date of the next snapshot by the schedule; 'none' where no schedule is known; null where the manifest is older than the field",
  },
  requests: {
    type: `struct<${countsTypes.join(',')}>`,
    comment:
      'Attempts at each Connect operation: answered, throttled, failed otherwise and tried again',
  },
  snapshot: {
    type: 'struct<key:string,bytes:bigint,rows:bigint,sha256:string,etag:string,version_id:string>',
    comment:
      'The object published: compressed size, rows, SHA-256 of the uncompressed NDJSON, and how S3 names this version',
  },
  exporter_version: { type: 'string', comment: 'Version of this software' },
} as const satisfies Record<keyof Manifest, Column>;
