import { compareText } from '../../contract/proficiency-order.ts';
import { type Agent, byTeam, type Team } from './agents.ts';
import { type Conjunction, conjunctionCounter } from './bottleneck.ts';
import type { Step } from './criteria.ts';
import { type Expression, satisfies } from './expression.ts';

/** How many agents of a team satisfy a step. */
interface TeamCount extends Team {
  readonly agents: number;
}

/** What the agents make of one step. */
export interface StepResult {
  /** Counted from 1. */
  readonly step: number;
  readonly expression: Expression;
  /** Seconds; absent: never. */
  readonly expiresAfter?: number;
  /** Agents that satisfy this step. */
  readonly agents: number;
  /** Of these, the ones who satisfy no earlier step. */
  readonly added: number;
  /** Agents that satisfy the step before, but not this one. */
  readonly lost: number;
  /** Agents that satisfy this step or an earlier one. */
  readonly soFar: number;
  /** By routing profile and hierarchy, in their order; empty where the snapshot knows no teams. */
  readonly teams: readonly TeamCount[];
  /** The conjunctions of a step that nobody satisfies. */
  readonly bottlenecks: readonly Conjunction[];
}

/** An agent that satisfies at least one step. */
interface Matched extends Team {
  readonly userId: string;
  readonly username: string | null;
  /** Counted from 1. */
  readonly steps: readonly [number, ...number[]];
}

export interface MatchResult {
  /** Null where the snapshot has no users, or is of a version that did not date its rows. */
  readonly snapshotDate: string | null;
  /** Users in the snapshot. */
  readonly users: number;
  readonly steps: readonly StepResult[];
  /** Agents that satisfy at least one step: how many. */
  readonly matched: number;
  /** Who they are, by their first step, then by name; no more than were asked for. */
  readonly agents: readonly Matched[];
}

const byFirstStep = (a: Matched, b: Matched): number =>
  a.steps[0] - b.steps[0] ||
  compareText(a.username ?? '', b.username ?? '') ||
  compareText(a.userId, b.userId);

/** Keeps the first ones of a long sequence, and never many more. */
function firstOf<T>(limit: number, order: (a: T, b: T) => number) {
  let kept: T[] = [];
  const cut = () => {
    kept = kept.sort(order).slice(0, limit);
  };
  return {
    add(one: T) {
      kept.push(one);
      if (kept.length >= 2 * limit + 1000) cut();
    },
    all(): readonly T[] {
      cut();
      return kept;
    },
  };
}

function teamCounter() {
  const teams = new Map<string, { team: Team; agents: number }>();
  return {
    count({ routingProfile, hierarchy }: Team) {
      if (routingProfile === null && hierarchy === null) return;
      const key = JSON.stringify([routingProfile, hierarchy]);
      const known = teams.get(key);
      if (known) known.agents += 1;
      else teams.set(key, { team: { routingProfile, hierarchy }, agents: 1 });
    },
    all: (): readonly TeamCount[] =>
      [...teams.values()].map(({ team, agents }) => ({ ...team, agents })).sort(byTeam),
  };
}

function stepCounter({ expression, expiresAfter }: Step, index: number) {
  const teams = teamCounter();
  const conjunctions = conjunctionCounter(expression);
  let agents = 0;
  let added = 0;
  let lost = 0;
  return {
    /** @returns whether the agent satisfies the step */
    count(agent: Agent, before: readonly number[]): boolean {
      conjunctions.count(agent);
      if (!satisfies(agent, expression)) {
        if (before.at(-1) === index) lost += 1;
        return false;
      }
      agents += 1;
      if (before.length === 0) added += 1;
      teams.count(agent);
      return true;
    },
    result: (earlier: number): StepResult => ({
      step: index + 1,
      expression,
      ...(expiresAfter !== undefined && { expiresAfter }),
      agents,
      added,
      lost,
      soFar: earlier + added,
      teams: teams.all(),
      bottlenecks: agents === 0 ? conjunctions.unsatisfied() : [],
    }),
  };
}

/**
 * Tries routing steps on agents, one agent after the other.
 *
 * @param limit so many agents are named at most
 */
export async function tally(
  steps: readonly Step[],
  agents: AsyncIterable<Agent>,
  limit: number,
): Promise<MatchResult> {
  const counters = steps.map(stepCounter);
  const matched = firstOf<Matched>(limit, byFirstStep);
  let snapshotDate: string | null = null;
  let users = 0;
  for await (const agent of agents) {
    users += 1;
    snapshotDate ??= agent.snapshotDate;
    const satisfied: number[] = [];
    for (const [index, counter] of counters.entries()) {
      if (counter.count(agent, satisfied)) satisfied.push(index + 1);
    }
    const [first, ...later] = satisfied;
    if (first === undefined) continue;
    const { userId, username, routingProfile, hierarchy } = agent;
    matched.add({ userId, username, routingProfile, hierarchy, steps: [first, ...later] });
  }
  const results: StepResult[] = [];
  for (const counter of counters) results.push(counter.result(results.at(-1)?.soFar ?? 0));
  const all = results.at(-1)?.soFar ?? 0;
  return { snapshotDate, users, steps: results, matched: all, agents: matched.all() };
}
