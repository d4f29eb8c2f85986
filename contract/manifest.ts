import * as z from 'zod/mini';
import { forOperations, type Operation, perOperation } from './operations.ts';
import type { Column } from './row.ts';
import { userDetailsSchema } from './user-details.ts';

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

/** Operations that the settings do not ask for, or that earlier versions did not know, are not counted. */
export const requestsSchema = z.strictObject({
  ...perOperation(() => z.exactOptional(requestCountsSchema)),
  list_users: requestCountsSchema,
  list_user_proficiencies: requestCountsSchema,
});

/** An object that a run has published. */
const publishedObjectSchema = z.strictObject({
  key: z.string(),
  bytes: count,
  rows: count,
  sha256: z.string(),
  etag: z.string(),
  version_id: z.nullable(z.string()),
});

/** How the reading of the predefined attributes went; a snapshot never waits or fails for it. */
const publishedAttributesSchema = z.strictObject({
  /** `complete`: the whole list is in the object; `none`: it was not to be had, and the object is empty; `off`: the setting did not ask for it. */
  status: z.enum(['complete', 'none', 'off']),
  /** Why it was not to be had, in AWS's words; null where it was, or was not asked for. */
  reason: z.nullable(z.string()),
  /** Null where none was written. */
  object: z.nullable(publishedObjectSchema),
});

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
  snapshot: publishedObjectSchema,
  /** Earlier versions did not read details. */
  user_details: z.optional(userDetailsSchema),
  /** Earlier versions did not read attributes. */
  predefined_attributes: z.optional(publishedAttributesSchema),
  exporter_version: z.string(),
});

/** Attempts at each Connect operation. */
export type Requests = Manifest['requests'];
/** Attempts at one Connect operation. */
export type RequestCounts = Requests['list_users'];
/** An object that a run has published. */
export type PublishedObject = Manifest['snapshot'];
/** What `manifestSchema` accepts. */
export type Manifest = z.infer<typeof manifestSchema>;

const NO_ATTEMPTS: RequestCounts = { ok: 0, throttled: 0, retried: 0 };

/** The counts of these operations, and of those that every export uses. */
export const requestsOf = (
  operations: readonly Operation[],
  counts: (operation: Operation) => RequestCounts,
): Requests => ({
  list_users: counts('list_users'),
  list_user_proficiencies: counts('list_user_proficiencies'),
  ...forOperations(operations, counts),
});

export const NO_REQUESTS: Requests = requestsOf([], () => NO_ATTEMPTS);

/** The attempts at an operation; none where it is not counted. */
export const attemptsAt = (requests: Requests, operation: Operation): RequestCounts =>
  requests[operation] ?? NO_ATTEMPTS;

const countsTypes = Object.values(
  perOperation((operation) => `${operation}:struct<ok:bigint,throttled:bigint,retried:bigint>`),
);

const PUBLISHED_OBJECT =
  'struct<key:string,bytes:bigint,rows:bigint,sha256:string,etag:string,version_id:string>';

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
      'Texts of users with U+FFFD, such as names and attribute values; it stands for half of a surrogate pair in what Connect answered. Null where the manifest is older than the count',
  },
  next_due: {
    type: 'string',
    comment:
      "Date of the next snapshot by the schedule; 'none' where no schedule is known; null where the manifest is older than the field",
  },
  requests: {
    type: `struct<${countsTypes.join(',')}>`,
    comment:
      'Attempts at each Connect operation: answered, throttled, failed otherwise and tried again; null for those that were not asked for',
  },
  snapshot: {
    type: PUBLISHED_OBJECT,
    comment:
      'The object published: compressed size, rows, SHA-256 of the uncompressed NDJSON, and how S3 names this version',
  },
  user_details: {
    type: 'struct<status:string,reason:string,users_unknown:bigint>',
    comment:
      "How reading teams, tags and names went: 'complete', 'partial', 'none' or 'off', what was missing and why, and how many users the search did not know; null where the manifest is older",
  },
  predefined_attributes: {
    type: `struct<status:string,reason:string,object:${PUBLISHED_OBJECT}>`,
    comment:
      "How reading the predefined attributes went: 'complete', 'none' or 'off', why they were not to be had, and the object published; null where the manifest is older",
  },
  exporter_version: { type: 'string', comment: 'Version of this software' },
} as const satisfies Record<keyof Manifest, Column>;
