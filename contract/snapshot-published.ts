import * as z from 'zod/mini';

/** The source and the detail type of the event on the account's default event bus. */
export const EVENT_SOURCE = 'connect-proficiency-exporter';
export const SNAPSHOT_PUBLISHED = 'Snapshot published';

const count = z.int().check(z.nonnegative());

/** How many changes there are of each kind against the published snapshot before. */
const changeCountsSchema = z.strictObject({
  /** Date of that snapshot. */
  previousSnapshotDate: z.iso.date(),
  usersCreated: count,
  usersDeleted: count,
  usersRenamed: count,
  added: count,
  removed: count,
  levelChanged: count,
});

export type ChangeCounts = z.infer<typeof changeCountsSchema>;

/**
 * The detail of the event "Snapshot published": what is there, and where. It comes at least once for each publication, after
 * the objects that it names are there; `runId` tells repeats. It holds no user's data.
 */
export const snapshotPublishedSchema = z.strictObject({
  version: z.literal(1),
  instanceId: z.string(),
  region: z.string(),
  /** `yyyy-MM-dd` in the schedule's time zone. */
  snapshotDate: z.iso.date(),
  runId: z.string(),
  trigger: z.enum(['schedule', 'manual']),
  publishedAt: z.iso.datetime(),
  users: count,
  proficiencies: count,
  /** `null` where there is no snapshot before. */
  changes: z.nullable(changeCountsSchema),
  snapshotUri: z.string(),
  manifestUri: z.string(),
  /** The stable address of the newest snapshot's rows; a later snapshot may be there already. */
  latestUri: z.string(),
  /** `null` where there is no snapshot before. */
  changesUri: z.nullable(z.string()),
});

export type SnapshotPublished = z.infer<typeof snapshotPublishedSchema>;
