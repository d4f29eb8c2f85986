import { conditionsOf, type Expression } from './expression.ts';
import type { StepResult } from './tally.ts';

function onAgents({ agents }: StepResult): readonly string[] {
  if (agents === 0) return ['nobody'];
  return agents === 1 ? ['only one agent'] : [];
}

function repeatedIn(expression: Expression): string | undefined {
  const seen = new Set<string>();
  for (const condition of conditionsOf(expression)) {
    if (condition.kind === 'agents') continue;
    const attribute = `${condition.name}:${condition.value}`;
    if (seen.has(attribute)) return attribute;
    seen.add(attribute);
  }
  return undefined;
}

/** "You cannot use the same attribute more than once in an expression" (AWS's page on proficiency routing). */
function onRepetition({ expression }: StepResult): readonly string[] {
  const attribute = repeatedIn(expression);
  return attribute === undefined ? [] : [`names ${attribute} twice, which Connect does not allow`];
}

/**
 * What is worth noticing about each step, in words.
 *
 * @returns for each step the remarks on it, most of them none
 */
export function remarksOn(steps: readonly StepResult[]): readonly (readonly string[])[] {
  const lasting = steps.find(({ expiresAfter }) => expiresAfter === undefined);
  return steps.map((step) => [
    ...(lasting !== undefined && lasting.step < step.step
      ? [`never reached, because step ${lasting.step} never expires`]
      : []),
    ...onAgents(step),
    ...onRepetition(step),
  ]);
}

/** What Connect does with a contact that no step has found an agent for. */
export function afterLastStep(steps: readonly StepResult[]): string {
  const lasting = steps.find(({ expiresAfter }) => expiresAfter === undefined);
  return lasting === undefined
    ? `After step ${steps.length}, Connect offers the contact to any agent in the queue.`
    : `Step ${lasting.step} never expires: the contact waits there for one of its agents.`;
}
