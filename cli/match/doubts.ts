import { didYouMean } from '../query/did-you-mean.ts';
import type { Agent } from './agents.ts';
import type { Step } from './criteria.ts';
import { type Condition, conditionsOf } from './expression.ts';

/** Looks at agents as they go by, and says at the end what of the criteria no agent has. */
export interface Doubts {
  see(agent: Agent): void;
  /** A sentence for each attribute, value or agent in the criteria that is nowhere in the snapshot. */
  sentences(): readonly string[];
}

const ended = (sentence: string, hint: string | undefined): string =>
  hint === undefined ? `${sentence}.` : `${sentence}; ${hint}`;

/**
 * Gets ready to find what is in the criteria and with nobody: a condition with a misspelt name is not wrong, but no agent satisfies it.
 *
 * What is kept is bounded by what Connect lets an instance define: 150 attributes, each with 500 values.
 */
export function doubtsAbout(steps: readonly Step[]): Doubts {
  const conditions = steps.flatMap(({ expression }) => conditionsOf(expression));
  const valuesOf = new Map<string, Set<string>>();
  const missing = new Set(conditions.flatMap((one) => (one.kind === 'agents' ? one.ids : [])));

  function sentencesOn(condition: Condition): readonly string[] {
    if (condition.kind === 'agents') {
      return condition.ids
        .filter((id) => missing.has(id))
        .map((id) => `There is no user with the id "${id}" in the snapshot.`);
    }
    const { name, value } = condition;
    const values = valuesOf.get(name);
    if (values === undefined) {
      const hint = didYouMean(name, [...valuesOf.keys()].sort());
      return [ended(`Nobody has the attribute "${name}"`, hint)];
    }
    if (values.has(value)) return [];
    return [ended(`Nobody has "${value}" as ${name}`, didYouMean(value, [...values].sort()))];
  }

  return {
    see({ userId, proficiencies }) {
      missing.delete(userId);
      for (const { attribute_name, attribute_value } of proficiencies) {
        const known = valuesOf.get(attribute_name);
        if (known) known.add(attribute_value);
        else valuesOf.set(attribute_name, new Set([attribute_value]));
      }
    },
    sentences: () => [...new Set(conditions.flatMap((condition) => sentencesOn(condition)))],
  };
}
