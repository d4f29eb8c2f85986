import { type Expression, type Skilled, satisfies } from './expression.ts';

/** One part of a conjunction. */
export interface Part {
  readonly expression: Expression;
  /** Agents that satisfy this part, whatever the others. */
  readonly alone: number;
  /** Agents that satisfy all the other parts, whatever this one: so many there would be without it. */
  readonly others: number;
}

/** A conjunction, and what holds agents back from it. */
export interface Conjunction {
  readonly agents: number;
  readonly parts: readonly Part[];
}

type And = Extract<Expression, { readonly kind: 'and' }>;

function conjunctionsIn(expression: Expression): readonly And[] {
  if (expression.kind !== 'and' && expression.kind !== 'or') return [];
  const below = expression.parts.flatMap(conjunctionsIn);
  return expression.kind === 'and' ? [expression, ...below] : below;
}

/** Counts agents by the parts of one conjunction. */
interface Counter {
  count(agent: Skilled): void;
  result(): Conjunction;
}

function counterOf({ parts }: And): Counter {
  const alone = parts.map(() => 0);
  const others = parts.map(() => 0);
  let agents = 0;
  return {
    count(agent) {
      const held = parts.map((part) => satisfies(agent, part));
      const missing = held.filter((has) => !has).length;
      if (missing === 0) agents += 1;
      for (const [index, has] of held.entries()) {
        if (has) alone[index] = (alone[index] ?? 0) + 1;
        if (missing === 0 || (missing === 1 && !has)) others[index] = (others[index] ?? 0) + 1;
      }
    },
    result: () => ({
      agents,
      parts: parts.map((expression, index) => ({
        expression,
        alone: alone[index] ?? 0,
        others: others[index] ?? 0,
      })),
    }),
  };
}

/** Counts agents by the parts of every conjunction in an expression. */
export function conjunctionCounter(expression: Expression): {
  count(agent: Skilled): void;
  /** The conjunctions that nobody satisfies. */
  unsatisfied(): readonly Conjunction[];
} {
  const counters = conjunctionsIn(expression).map(counterOf);
  return {
    count(agent) {
      for (const counter of counters) counter.count(agent);
    },
    unsatisfied: () =>
      counters.map((counter) => counter.result()).filter(({ agents }) => agents === 0),
  };
}
