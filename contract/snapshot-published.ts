import * as z from 'zod/mini';

/** The source of the event "Snapshot published" on the account's default event bus. */
export const EVENT_SOURCE = 'connect-proficiency-exporter';
/** The detail type of that event. */
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

/**
 * The most gaps and problems that an event lists. With names in any script of Connect's greatest length it stays below a third
 * of the 256 KiB that EventBridge takes for an entry, and Step Functions for the answer that holds it.
 */
export const MOST_GAPS = 50;
export const MOST_PROBLEMS = 20;

/** A coverage target that too few agents meet. */
const gapSchema = z.strictObject({
  attributeName: z.string(),
  attributeValue: z.string(),
  minimumLevel: z.number(),
  minimumAgents: count,
  /** Of the snapshot, that have it at that level or above. */
  agents: count,
});

const coverageSchema = z.strictObject({
  targetCount: count,
  /** Targets that too few agents meet. */
  gapCount: count,
  /** The largest first, 50 at most. */
  gaps: z.array(gapSchema).check(z.maxLength(MOST_GAPS)),
  /** Lines of the file of targets that cannot be read; one where the whole file cannot. */
  problemCount: count,
  /** The first of them, 20 at most. `line` is `null` where it is the whole file. */
  problems: z
    .array(z.strictObject({ line: z.nullable(count), problem: z.string() }))
    .check(z.maxLength(MOST_PROBLEMS)),
});

export type Coverage = z.infer<typeof coverageSchema>;

/**
 * The detail of the event "Snapshot published": what is there, and where. It comes at least once for each publication, after
 * the objects that it names are there; `runId` tells repeats. It holds no user's data. What each field means: docs/events.md.
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
  /** Against the coverage targets as they are at this moment; `null` where there is no file of them. */
  coverage: z.nullable(coverageSchema),
  snapshotUri: z.string(),
  manifestUri: z.string(),
  /** The stable address of the newest snapshot's rows; a later snapshot may be there already. */
  latestUri: z.string(),
  /** `null` where there is no snapshot before. */
  changesUri: z.nullable(z.string()),
});

/** What `snapshotPublishedSchema` accepts. */
export type SnapshotPublished = z.infer<typeof snapshotPublishedSchema>;
/** How many changes there are of each kind. */
export type ChangeCounts = NonNullable<SnapshotPublished['changes']>;
