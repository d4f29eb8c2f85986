import * as z from 'zod';
import {
  type Among,
  chooseEditions,
  type Edition,
  isNarrowed,
  nobodyAmong,
  type Wanted,
} from '../../report/editions.ts';
import {
  type AgainstTargets,
  agentLine,
  agentsByCountLine,
  type Changes,
  changeLine,
  coverageLine,
  daysBefore,
  type Facts,
  HISTORY_DAYS,
  runLine,
  SINGLE_POINT,
  singlePointLine,
  TRAINING,
  targetLine,
  targetProblemLine,
  trainingLine,
} from '../../report/facts.ts';
import { readTrends } from './read-trends.ts';
import {
  openScopedSnapshots,
  type Reading,
  type Scope,
  type ScopedSnapshots,
} from './scoped-snapshots.ts';

const usersLine = z.object({ created: z.number(), deleted: z.number() });
const manifestLine = z.object({ region: z.string(), finished_at: z.string() });

async function changesOf(
  { ask, notCompared }: ScopedSnapshots,
  { instanceId, date, previousDate }: Edition,
  among: Among,
): Promise<Changes | undefined> {
  if (previousDate === undefined) return undefined;
  const isMissing = notCompared().some((one) => one.instanceId === instanceId && one.date === date);
  if (isMissing) return undefined;
  const bothDates = { instanceId, from: previousDate, to: date, ...among };
  const [users] = await ask(
    bothDates,
    usersLine,
    `SELECT count(*) FILTER (WHERE change = 'user created') AS created,
      count(*) FILTER (WHERE change = 'user deleted') AS deleted
     FROM user_changes WHERE snapshot_date = '${date}'`,
  );
  const lines = await ask(bothDates, changeLine, 'changes-between-dates');
  return { since: previousDate, lines, created: users?.created ?? 0, deleted: users?.deleted ?? 0 };
}

async function againstTargetsOf(
  { ask, areTargetsBehind }: ScopedSnapshots,
  scope: Scope,
): Promise<AgainstTargets> {
  return {
    lines: await ask(scope, targetLine, 'coverage-against-targets'),
    problems: await ask(
      scope,
      targetProblemLine,
      `SELECT line_number, problem FROM coverage_targets WHERE problem IS NOT NULL
       ORDER BY line_number NULLS FIRST`,
    ),
    isBehind: await areTargetsBehind(),
  };
}

async function runsOf(
  { ask }: ScopedSnapshots,
  { instanceId, date, isNewest }: Edition,
): Promise<Facts['runs']> {
  const month = { instanceId, from: daysBefore(date, HISTORY_DAYS - 1), to: date };
  // Later snapshots are out of sight: without this, each day since would count as one without.
  const upTo = isNewest ? {} : { as_of: date };
  const [run, ...earlier] = await ask(month, runLine, 'export-health', upTo);
  if (run === undefined) throw new Error(`The snapshot of ${date} has no run.`);
  return [run, ...earlier];
}

const AGENTS = `
  SELECT user_id, username, first_name, last_name, routing_profile_name, hierarchy, proficiencies
  FROM user_proficiencies ORDER BY coalesce(username, user_id), user_id`;

/** Targets are for all agents of an instance: a team is not compared with them. */
const NO_TARGETS: AgainstTargets = { lines: [], problems: [], isBehind: false };

async function factsOf(snapshots: ScopedSnapshots, edition: Edition, among: Among): Promise<Facts> {
  const { ask } = snapshots;
  const { instanceId, date } = edition;
  const itsDate = { instanceId, from: date, to: date, ...among };
  const [manifest] = await ask(
    itsDate,
    manifestLine,
    'SELECT region, finished_at FROM export_runs',
  );
  const agentsByCount = await ask(
    itsDate,
    agentsByCountLine,
    `SELECT proficiency_count AS proficiencies, count(*) AS agents, count(username) AS named
     FROM user_proficiencies GROUP BY proficiency_count ORDER BY proficiency_count`,
  );
  const coverage = await ask(itsDate, coverageLine, 'coverage-matrix');
  const shown: Omit<Facts, 'trends'> = {
    ...edition,
    among,
    region: manifest?.region ?? '',
    finishedAt: manifest?.finished_at ?? '',
    names: agentsByCount.some(({ named }) => named > 0) ? 'shown' : 'not in the snapshot',
    agentsByCount,
    agents: await ask(itsDate, agentLine, AGENTS),
    coverage,
    againstTargets: isNarrowed(among) ? NO_TARGETS : await againstTargetsOf(snapshots, itsDate),
    singlePoints: await ask(itsDate, singlePointLine, 'single-points-of-failure', {
      minimum_level: String(SINGLE_POINT.minimumLevel),
      maximum_agents: String(SINGLE_POINT.maximumAgents),
    }),
    training: await ask(itsDate, trainingLine, 'agents-to-train-next', {
      candidates: String(TRAINING.candidates),
      minimum_agents: String(TRAINING.minimumAgents),
      minimum_level: String(TRAINING.minimumLevel),
    }),
    changes: await changesOf(snapshots, edition, among),
    runs: await runsOf(snapshots, edition),
  };
  // Changes do not tell who was in a team when: trends are those of all agents.
  const trends = isNarrowed(among) ? undefined : await readTrends(snapshots, edition, coverage);
  return { ...shown, trends };
}

/**
 * Reads what the report says about each instance in a folder.
 *
 * @throws ExportFailure InvalidRequest where there is no such snapshot, or nobody of the team or routing profile in it
 */
export async function readFacts(
  folder: string,
  { team, routingProfile, ...wanted }: Wanted,
  reading: Reading = {},
): Promise<readonly Facts[]> {
  const among = {
    ...(team !== undefined && { team }),
    ...(routingProfile !== undefined && { routingProfile }),
  };
  const snapshots = await openScopedSnapshots(folder, reading);
  try {
    const all: Facts[] = [];
    for (const edition of chooseEditions(await snapshots.published(), wanted)) {
      const facts = await factsOf(snapshots, edition, among);
      all.push(reading.usernames === false ? { ...facts, names: 'left out' } : facts);
    }
    if (isNarrowed(among) && all.every(({ agentsByCount }) => agentsByCount.length === 0)) {
      throw nobodyAmong(among);
    }
    return all;
  } finally {
    snapshots.close();
  }
}
