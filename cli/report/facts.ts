import { z } from 'zod';
import { chooseEditions, type Edition, type Wanted } from './editions.ts';
import { openScopedSnapshots, type ScopedSnapshots } from './scoped-snapshots.ts';

/** How many days of runs are shown. */
export const HISTORY_DAYS = 30;

/** What makes a proficiency a single point of failure: so many agents at most, of this level at least. */
export const SINGLE_POINT = { minimumLevel: 4, maximumAgents: 1 } as const;

const coverageLine = z.object({
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

const singlePointLine = z.object({
  attribute_name: z.string(),
  attribute_value: z.string(),
  who: z.string(),
  agents_below_level: z.number(),
});

const changeLine = z.object({
  change: z.enum(['added', 'removed', 'level changed']),
  username: z.string().nullable(),
  user_id: z.string(),
  attribute_name: z.string(),
  attribute_value: z.string(),
  level_before: z.number().nullable(),
  level_after: z.number().nullable(),
  user_status: z.enum(['present', 'created', 'deleted']),
});

const runLine = z.object({
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

const agentsByCountLine = z.object({
  proficiencies: z.number(),
  agents: z.number(),
  named: z.number(),
});
const arrivalsLine = z.object({ created: z.number(), deleted: z.number() });
const manifestLine = z.object({ region: z.string(), finished_at: z.string() });

export type Coverage = z.infer<typeof coverageLine>;
export type SinglePoint = z.infer<typeof singlePointLine>;
export type Change = z.infer<typeof changeLine>;
export type Run = z.infer<typeof runLine>;
export type AgentsByCount = z.infer<typeof agentsByCountLine>;

/** What changed since the snapshot before. */
export interface Changes {
  readonly since: string;
  readonly lines: readonly Change[];
  /** Users that were not in the snapshot before. */
  readonly created: number;
  /** Users that are not there any more. */
  readonly deleted: number;
}

/** All that the report says about one instance; the numbers are those of the saved queries. */
export interface Facts extends Edition {
  readonly region: string;
  readonly finishedAt: string;
  /** Whether any row carries a login name. */
  readonly hasNames: boolean;
  readonly agentsByCount: readonly AgentsByCount[];
  readonly coverage: readonly Coverage[];
  readonly singlePoints: readonly SinglePoint[];
  /** Absent where there is no earlier snapshot. */
  readonly changes: Changes | undefined;
  /** The newest first, that of this snapshot. */
  readonly runs: readonly [Run, ...Run[]];
}

/** The day some days before another one. */
export const daysBefore = (day: string, days: number): string =>
  new Date(Date.parse(day) - days * 86_400_000).toISOString().slice(0, 10);

async function changesOf(
  { ask }: ScopedSnapshots,
  { date, previousDate }: Edition,
): Promise<Changes | undefined> {
  if (previousDate === undefined) return undefined;
  const seen = `SELECT min(snapshot_date) AS first_seen, max(snapshot_date) AS last_seen
    FROM user_proficiencies WHERE snapshot_date IN ('${previousDate}', '${date}') GROUP BY user_id`;
  const [users] = await ask(
    arrivalsLine,
    `SELECT count(*) FILTER (WHERE first_seen = '${date}') AS created,
      count(*) FILTER (WHERE last_seen = '${previousDate}') AS deleted FROM (${seen})`,
  );
  const lines = await ask(changeLine, 'changes-between-dates');
  return { since: previousDate, lines, created: users?.created ?? 0, deleted: users?.deleted ?? 0 };
}

async function runsOf(
  { ask }: ScopedSnapshots,
  { date, isNewest }: Edition,
): Promise<Facts['runs']> {
  // Later snapshots are out of sight: without this, each day since would count as one without.
  const [run, ...earlier] = await ask(runLine, 'export-health', isNewest ? {} : { as_of: date });
  if (run === undefined) throw new Error(`The snapshot of ${date} has no run.`);
  return [run, ...earlier];
}

async function factsOf(snapshots: ScopedSnapshots, edition: Edition): Promise<Facts> {
  const { ask, narrowTo } = snapshots;
  const { instanceId, date, previousDate } = edition;
  await narrowTo({ instanceId, from: daysBefore(date, HISTORY_DAYS - 1), to: date });
  const runs = await runsOf(snapshots, edition);
  await narrowTo({ instanceId, from: previousDate ?? date, to: date });
  const changes = await changesOf(snapshots, edition);
  await narrowTo({ instanceId, from: date, to: date });
  const [manifest] = await ask(manifestLine, 'SELECT region, finished_at FROM export_runs');
  const agentsByCount = await ask(
    agentsByCountLine,
    `SELECT proficiency_count AS proficiencies, count(*) AS agents, count(username) AS named
     FROM user_proficiencies GROUP BY proficiency_count ORDER BY proficiency_count`,
  );
  return {
    ...edition,
    region: manifest?.region ?? '',
    finishedAt: manifest?.finished_at ?? '',
    hasNames: agentsByCount.some(({ named }) => named > 0),
    agentsByCount,
    coverage: await ask(coverageLine, 'coverage-matrix'),
    singlePoints: await ask(singlePointLine, 'single-points-of-failure', {
      minimum_level: String(SINGLE_POINT.minimumLevel),
      maximum_agents: String(SINGLE_POINT.maximumAgents),
    }),
    changes,
    runs,
  };
}

/**
 * Reads what the report says about each instance in a folder.
 *
 * @throws ExportFailure InvalidRequest where there is no such snapshot
 */
export async function readFacts(folder: string, wanted: Wanted): Promise<readonly Facts[]> {
  const snapshots = await openScopedSnapshots(folder);
  try {
    const all: Facts[] = [];
    for (const edition of chooseEditions(await snapshots.published(), wanted)) {
      all.push(await factsOf(snapshots, edition));
    }
    return all;
  } finally {
    snapshots.close();
  }
}
