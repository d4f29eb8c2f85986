import type { Proficiency } from '../../contract/row.ts';

/** What an agent must be or have; the parts of Connect's `AttributeCondition`. */
export type Condition =
  /** The attribute's value at a level from `least` to `most`, both included. */
  | {
      readonly kind: 'level';
      readonly name: string;
      readonly value: string;
      readonly least: number;
      readonly most: number;
    }
  /** One of these users, by id. */
  | { readonly kind: 'agents'; readonly ids: readonly string[] };

/** Connect's `Expression`: which agents a routing step is for. */
export type Expression =
  | Condition
  | { readonly kind: 'not'; readonly condition: Condition }
  | { readonly kind: 'and'; readonly parts: readonly Expression[] }
  | { readonly kind: 'or'; readonly parts: readonly Expression[] };

/** What an expression asks of an agent. */
export interface Skilled {
  readonly userId: string;
  readonly proficiencies: readonly Proficiency[];
}

/**
 * Whether an agent satisfies an expression.
 *
 * AWS documents that NOT excludes "agents with certain proficiencies" (`NOT connect:French(1-5)`,
 * https://docs.aws.amazon.com/connect/latest/adminguide/proficiency-routing.html): whoever does not have the proficiency satisfies it.
 * Names and values are compared letter by letter, levels as the numbers that they are written as.
 */
export function satisfies(agent: Skilled, expression: Expression): boolean {
  switch (expression.kind) {
    case 'level':
      return agent.proficiencies.some(
        ({ attribute_name, attribute_value, level }) =>
          attribute_name === expression.name &&
          attribute_value === expression.value &&
          level >= expression.least &&
          level <= expression.most,
      );
    case 'agents':
      return expression.ids.includes(agent.userId);
    case 'not':
      return !satisfies(agent, expression.condition);
    case 'and':
      return expression.parts.every((part) => satisfies(agent, part));
    case 'or':
      return expression.parts.some((part) => satisfies(agent, part));
  }
}

/** All conditions of an expression, in their order, negated ones included. */
export function conditionsOf(expression: Expression): readonly Condition[] {
  switch (expression.kind) {
    case 'level':
    case 'agents':
      return [expression];
    case 'not':
      return [expression.condition];
    case 'and':
    case 'or':
      return expression.parts.flatMap(conditionsOf);
  }
}

/** The highest level that Connect knows. */
export const HIGHEST_LEVEL = 5;

function conditionInWords(condition: Condition): string {
  if (condition.kind === 'agents') {
    const [first = '', ...others] = condition.ids;
    return others.length === 0 ? `agent ${first}` : `one of ${condition.ids.length} agents`;
  }
  const { name, value, least, most } = condition;
  const levels = most === HIGHEST_LEVEL ? `>= ${least}` : `${least} to ${most}`;
  return `${name}:${value} ${levels}`;
}

/** An expression as AWS's documents write one: `Language:French >= 4 AND Technology:AWS DynamoDB >= 5`. */
export function inWords(expression: Expression): string {
  switch (expression.kind) {
    case 'level':
    case 'agents':
      return conditionInWords(expression);
    case 'not':
      return `NOT ${conditionInWords(expression.condition)}`;
    case 'and':
    case 'or':
      return expression.parts
        .map((part) => ('parts' in part ? `(${inWords(part)})` : inWords(part)))
        .join(expression.kind === 'and' ? ' AND ' : ' OR ');
  }
}
