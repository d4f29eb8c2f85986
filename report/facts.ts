import * as z from 'zod';
import type { Among, Edition } from './editions.ts';
import type { Trends } from './trends.ts';

/** How many days of runs are shown. */
export const HISTORY_DAYS = 30;

/** What makes a proficiency a single point of failure: so many agents at most, of this level at least. */
export const SINGLE_POINT = { minimumLevel: 4, maximumAgents: 1 } as const;

/**
 * What makes a gap that somebody should be trained for, beside a coverage target that is not met: fewer agents than these, of this
 * level at least, so that nothing hangs on one alone. So many agents are named for each gap.
 */
export const TRAINING = {
  minimumLevel: SINGLE_POINT.minimumLevel,
  minimumAgents: SINGLE_POINT.maximumAgents + 1,
  candidates: 3,
} as const;

export const coverageLine = z.object({
  attribute_name: z.string(),
  attribute_value: z.string(),
  agents: z.number(),
  level_1: z.number(),
  level_2: z.number(),
  level_3: z.number(),
  level_4: z.number(),
  level_5: z.number(),
  average_level: z.number(),
});

export const singlePointLine = z.object({
  attribute_name: z.string(),
  attribute_value: z.string(),
  who: z.string(),
  agents_below_level: z.number(),
});

export const targetLine = z.object({
  attribute_name: z.string(),
  attribute_value: z.string(),
  minimum_level: z.number(),
  need: z.number(),
  have: z.number(),
  gap: z.number(),
  one_level_short: z.number(),
  who_is_one_level_short: z.string().nullable(),
});

export const targetProblemLine = z.object({
  line_number: z.number().nullable(),
  problem: z.string(),
});

export const trainingLine = z.object({
  attribute_name: z.string(),
  attribute_value: z.string(),
  minimum_level: z.number(),
  need: z.number(),
  have: z.number(),
  username: z.string().nullable(),
  user_id: z.string(),
  /** Null where the agent does not have the proficiency. */
  level: z.number().nullable(),
});

export const changeLine = z.object({
  change: z.enum(['added', 'removed', 'level changed']),
  username: z.string().nullable(),
  user_id: z.string(),
  attribute_name: z.string(),
  attribute_value: z.string(),
  level_before: z.number().nullable(),
  level_after: z.number().nullable(),
  user_status: z.enum(['present', 'created', 'deleted']),
});

export const runLine = z.object({
  snapshot_date: z.iso.date(),
  verdict: z.enum(['ok', 'gap after', 'users failed', 'rows missing', 'counts do not add up']),
  missing_days_after: z.number(),
  minutes: z.number(),
  users_listed: z.number(),
  users_exported: z.number(),
  rows_found: z.number(),
  users_deleted_during_run: z.number(),
  users_failed: z.number(),
  throttled_percent: z.number(),
});

export const agentsByCountLine = z.object({
  proficiencies: z.number(),
  agents: z.number(),
  named: z.number(),
});

export const agentLine = z.object({
  user_id: z.string(),
  username: z.string().nullable(),
  first_name: z.string().nullable(),
  last_name: z.string().nullable(),
  routing_profile_name: z.string().nullable(),
  /** Names of groups, from the top level down. */
  hierarchy: z.array(z.string()).nullable(),
  proficiencies: z.array(
    z.object({ attribute_name: z.string(), attribute_value: z.string(), level: z.number() }),
  ),
});

/** How many agents more have a proficiency than in the snapshot before. */
export const netChangeLine = z.object({
  snapshot_date: z.iso.date(),
  attribute_name: z.string(),
  attribute_value: z.string(),
  net: z.number(),
});

export type Coverage = z.infer<typeof coverageLine>;
export type SinglePoint = z.infer<typeof singlePointLine>;
export type TargetResult = z.infer<typeof targetLine>;
export type Candidate = z.infer<typeof trainingLine>;
export type Change = z.infer<typeof changeLine>;
export type Run = z.infer<typeof runLine>;
export type AgentsByCount = z.infer<typeof agentsByCountLine>;
export type NetChange = z.infer<typeof netChangeLine>;
export type Agent = z.infer<typeof agentLine>;

/** What changed since the snapshot before. */
export interface Changes {
  readonly since: string;
  readonly lines: readonly Change[];
  /** Users that were not in the snapshot before. */
  readonly created: number;
  /** Users that are not there any more. */
  readonly deleted: number;
}

/** How the snapshot compares with the coverage targets, as they are when the report is written. */
export interface AgainstTargets {
  /** The largest gaps first. */
  readonly lines: readonly TargetResult[];
  /** Lines of the file of targets that cannot be read. */
  readonly problems: readonly z.infer<typeof targetProblemLine>[];
  /** Whether the file was changed since targets were derived from it. */
  readonly isBehind: boolean;
}

/** All that the report says about one instance; the numbers are those of the saved queries. */
export interface Facts extends Edition {
  /** Whose agents these are. Runs are told of the whole instance; targets, which are for it too, are left out. */
  readonly among: Among;
  readonly region: string;
  readonly finishedAt: string;
  /** Whether agents are shown by login name, and why not: no row carries one, or they were to be left out. */
  readonly names: 'shown' | 'not in the snapshot' | 'left out';
  readonly agentsByCount: readonly AgentsByCount[];
  /** By login name; those without one by user id. */
  readonly agents: readonly Agent[];
  readonly coverage: readonly Coverage[];
  /** Of nothing where nobody has set targets. */
  readonly againstTargets: AgainstTargets;
  readonly singlePoints: readonly SinglePoint[];
  /** Who can be trained next, the largest gaps first, and for each gap the nearest agent first. */
  readonly training: readonly Candidate[];
  /** Absent where there is no earlier snapshot, or where the two have not been compared. */
  readonly changes: Changes | undefined;
  /** Absent for some agents alone, where there is only one snapshot, and where it has not been compared with the one before it. */
  readonly trends: Trends | undefined;
  /** The newest first, that of this snapshot. */
  readonly runs: readonly [Run, ...Run[]];
}

/** The day some days before another one. */
export const daysBefore = (day: string, days: number): string =>
  new Date(Date.parse(day) - days * 86_400_000).toISOString().slice(0, 10);
