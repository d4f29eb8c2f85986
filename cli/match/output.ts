import type { Answer } from '../query/answer.ts';
import { type Format, formatAnswer } from '../query/answer-formats.ts';
import type { Page } from '../query/table.ts';
import { byTeam, type Team } from './agents.ts';
import type { Conjunction, Part } from './bottleneck.ts';
import { inWords } from './expression.ts';
import type { Matching } from './match-snapshot.ts';
import { afterLastStep, remarksOn } from './remarks.ts';
import type { MatchResult, StepResult } from './tally.ts';

const teamInWords = ({ hierarchy }: Team): string | null => hierarchy?.join(' / ') ?? null;

/** The keys are those of the JSON output; teams as in rows. */
const teamFields = ({ routingProfile, hierarchy }: Team) => ({
  routing_profile_name: routingProfile,
  hierarchy,
});

function stepsTable({ steps }: MatchResult): Answer {
  const remarks = remarksOn(steps);
  return {
    columns: ['step', 'expression', 'expires_after', 'agents', 'added', 'lost', 'so_far', 'remark'],
    rows: steps.map((one, index) => [
      one.step,
      inWords(one.expression),
      one.expiresAfter === undefined ? 'never' : `${one.expiresAfter} s`,
      ...[one.agents, one.added, one.lost, one.soFar],
      remarks[index]?.join('; ') || null,
    ]),
  };
}

const scarcestFirst = ({ parts }: Conjunction): readonly Part[] =>
  parts.toSorted((a, b) => a.alone - b.alone || b.others - a.others);

function bottleneckTable({ steps }: MatchResult): Answer {
  return {
    columns: ['step', 'part', 'agents_with_it', 'agents_without_it'],
    rows: steps.flatMap(({ step, bottlenecks }) =>
      bottlenecks.flatMap((conjunction) =>
        scarcestFirst(conjunction).map(({ expression, alone, others }) => [
          step,
          inWords(expression),
          alone,
          others,
        ]),
      ),
    ),
  };
}

/** A row for each team, a column for each step. */
function teamsTable({ steps }: MatchResult): Answer {
  const rows = new Map<string, { team: Team; agents: number[] }>();
  for (const [index, { teams }] of steps.entries()) {
    for (const team of teams) {
      const key = JSON.stringify([team.routingProfile, team.hierarchy]);
      const row = rows.get(key) ?? { team, agents: steps.map(() => 0) };
      row.agents[index] = team.agents;
      rows.set(key, row);
    }
  }
  return {
    columns: ['routing_profile', 'team', ...steps.map(({ step }) => `step ${step}`)],
    rows: [...rows.values()]
      .sort((a, b) => byTeam(a.team, b.team))
      .map(({ team, agents }) => [team.routingProfile, teamInWords(team), ...agents]),
  };
}

const hasTeams = ({ steps }: MatchResult): boolean => steps.some(({ teams }) => teams.length > 0);

/** An agent stands at the first step that he or she satisfies. */
function agentsTable(result: MatchResult): Answer {
  const withTeams = hasTeams(result);
  return {
    columns: [
      ...['first_step', 'steps', 'user_id', 'username'],
      ...(withTeams ? ['routing_profile', 'team'] : []),
    ],
    rows: result.agents.map((agent) => [
      ...[agent.steps[0], agent.steps.join(' '), agent.userId, agent.username],
      ...(withTeams ? [agent.routingProfile, teamInWords(agent)] : []),
    ]),
  };
}

function* section(title: string, answer: Answer, page: Page): Generator<string> {
  if (answer.rows.length === 0) return;
  yield `\n${title}\n`;
  yield* formatAnswer(answer, 'table', page);
}

const whoTitle = ({ agents, matched }: MatchResult): string =>
  agents.length === matched
    ? 'Who they are, by the first step that they satisfy'
    : `Who they are, by the first step that they satisfy: ${agents.length} of ${matched} (all: --limit ${matched}, or --format csv)`;

function* asTables({ instanceId, result }: Matching, page: Page): Generator<string> {
  const date = result.snapshotDate ?? 'no date';
  yield `${result.users} users of ${instanceId}, snapshot of ${date}\n`;
  yield* formatAnswer(stepsTable(result), 'table', page);
  yield `${afterLastStep(result.steps)}\n`;
  yield* section(
    'What nobody has together, the scarcest part first',
    bottleneckTable(result),
    page,
  );
  yield* section('By team', teamsTable(result), page);
  yield* section(whoTitle(result), agentsTable(result), page);
}

const stepAsJson = (step: StepResult, remarks: readonly string[]) => ({
  step: step.step,
  expression: inWords(step.expression),
  expires_after_seconds: step.expiresAfter ?? null,
  agents: step.agents,
  added: step.added,
  lost: step.lost,
  so_far: step.soFar,
  remarks,
  teams: step.teams.map((team) => ({ ...teamFields(team), agents: team.agents })),
  bottlenecks: step.bottlenecks.map((conjunction) =>
    scarcestFirst(conjunction).map(({ expression, alone, others }) => ({
      part: inWords(expression),
      agents_with_it: alone,
      agents_without_it: others,
    })),
  ),
});

function* asJson({ instanceId, result }: Matching): Generator<string> {
  const remarks = remarksOn(result.steps);
  const head = {
    instance_id: instanceId,
    snapshot_date: result.snapshotDate,
    users: result.users,
    steps: result.steps.map((step, index) => stepAsJson(step, remarks[index] ?? [])),
    matched: result.matched,
    agents: result.agents.map((agent) => ({
      user_id: agent.userId,
      username: agent.username,
      ...teamFields(agent),
      steps: agent.steps,
    })),
  };
  yield `${JSON.stringify(head, null, 2)}\n`;
}

/**
 * What was found, as text in pieces: tables for eyes, one object for programs, the agents for a spreadsheet.
 *
 * @param page its width is a table's alone
 */
export function formatMatching(matching: Matching, format: Format, page: Page): Iterable<string> {
  if (format === 'json') return asJson(matching);
  if (format === 'csv') return formatAnswer(agentsTable(matching.result), 'csv', {});
  return asTables(matching, page);
}
