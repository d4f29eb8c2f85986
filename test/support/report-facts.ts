import type { Candidate, Change, Coverage, Facts, Run, TargetResult } from '../../report/facts.ts';

/** A run to which nothing happened. */
export const runOn = (snapshot_date: string, what: Partial<Run> = {}): Run => ({
  snapshot_date,
  verdict: 'ok',
  missing_days_after: 0,
  minutes: 83.4,
  users_listed: 2,
  users_exported: 2,
  rows_found: 2,
  users_deleted_during_run: 0,
  users_failed: 0,
  throttled_percent: 0,
  ...what,
});

export const covered = (attribute_value: string, agents: number): Coverage => ({
  attribute_name: 'Language',
  attribute_value,
  agents,
  level_1: 0,
  level_2: 0,
  level_3: 0,
  level_4: agents,
  level_5: 0,
  average_level: 4,
});

/** Ann, who has a proficiency no more. */
export const lost = (attribute_value: string, level_before: number): Change => ({
  change: 'removed',
  username: 'ann',
  user_id: 'user-ann',
  attribute_name: 'Language',
  attribute_value,
  level_before,
  level_after: null,
  user_status: 'present',
});

export const compared = (attribute_value: string, need: number, have: number): TargetResult => ({
  attribute_name: 'Language',
  attribute_value,
  minimum_level: 4,
  need,
  have,
  gap: Math.max(0, need - have),
  one_level_short: 0,
  who_is_one_level_short: null,
});

/** Somebody whose level is one of too few, 0 where there is none. */
export const candidate = (attribute_value: string, username: string, level: number): Candidate => ({
  attribute_name: 'Language',
  attribute_value,
  minimum_level: 4,
  need: 2,
  have: 1,
  username,
  user_id: `user-${username}`,
  level: level || null,
});

/** An instance of which there is nothing to say but that it was exported. */
export const NOTHING: Facts = {
  instanceId: '11111111-1111-4111-8111-111111111111',
  alias: undefined,
  date: '2026-11-22',
  previousDate: undefined,
  isNewest: true,
  among: {},
  region: 'us-east-1',
  finishedAt: '2026-11-22T03:23:27.500Z',
  names: 'shown',
  agentsByCount: [],
  agents: [],
  coverage: [],
  singlePoints: [],
  training: [],
  againstTargets: { lines: [], problems: [], isBehind: false },
  changes: undefined,
  trends: undefined,
  runs: [runOn('2026-11-22')],
};
