import * as z from 'zod/mini';
import { parseInstance } from './instance.ts';

/** When the run was asked for, in UTC, and which request it was: run ids sort by time. */
export const RUN_ID = /^\d{8}T\d{6}Z-[0-9a-f]{8}$/;

const EXPECTED_INSTANCE =
  'expected an Amazon Connect instance id (a lower-case UUID) or instance ARN';

const EXPECTED_RUN = 'expected a run id as the worker returned it';

const time = z.iso.datetime({
  offset: true,
  error: 'expected an ISO 8601 time such as 2026-11-23T02:00:00Z',
});

/** What starts one slice of a run. */
export const workerEventSchema = z.strictObject({
  instanceId: z.string({ error: EXPECTED_INSTANCE }).check(
    z.refine((value) => parseInstance(value) !== undefined, {
      error: EXPECTED_INSTANCE,
    }),
  ),
  /** Goes on with this run instead of beginning one. */
  runId: z.optional(z.string().check(z.regex(RUN_ID, { error: EXPECTED_RUN }))),
  /** When the schedule was due: two events with the same time are the same run. */
  scheduledTime: z.optional(time),
  /** Names the Step Functions execution: a retried first slice finds its own run again. */
  executionName: z.optional(
    z.string().check(z.minLength(1, { error: 'expected the name of an execution' })),
  ),
  executionStartTime: z.optional(time),
  trigger: z.optional(z.enum(['schedule', 'manual'], { error: 'expected schedule or manual' })),
});

export type WorkerEvent = z.infer<typeof workerEventSchema>;

/** What of the worker's answer is needed to derive data from the snapshot that it has published. */
export const publishedEventSchema = z.object({
  instanceId: z
    .string({ error: EXPECTED_INSTANCE })
    .check(z.refine((value) => parseInstance(value)?.id === value, { error: EXPECTED_INSTANCE })),
  runId: z.string({ error: EXPECTED_RUN }).check(z.regex(RUN_ID, { error: EXPECTED_RUN })),
  snapshotDate: z.iso.date({ error: 'expected a date such as 2026-11-23' }),
});
