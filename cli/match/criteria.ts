import * as z from 'zod';
import { WrongUsage } from '../arguments.ts';
import { type Found, isObject, OPERATORS, routingCriteriaIn } from './criteria-json.ts';
import { problemInWords } from './criteria-problem.ts';
import { type Condition, type Expression, HIGHEST_LEVEL } from './expression.ts';

/** One step of Connect's routing criteria. */
export interface Step {
  readonly expression: Expression;
  /** Seconds for which the contact is offered to agents of this step only; absent: the step never expires. */
  readonly expiresAfter?: number;
}

/** Bounds are those of Connect's API model. The words stand after "expected". */
const text = (most: number) => {
  const error = `a text of 1 to ${most} characters`;
  return z
    .string({ error })
    .min(1, { error })
    .max(most, { error })
    .refine((given) => !given.startsWith('$.'), {
      error: 'the value that this reference stands for, which only a flow knows',
    });
};

const levelError = { error: `a number from 1 to ${HIGHEST_LEVEL}` };
const level = z.number(levelError).min(1, levelError).max(HIGHEST_LEVEL, levelError);

/** An object, and how it is described where it is none. */
const object = <T extends z.core.$ZodLooseShape>(shape: T) =>
  z.strictObject(shape, { error: `an object with ${Object.keys(shape).join(', ')}` });

const range = object({ MinProficiencyLevel: level, MaxProficiencyLevel: level }).refine(
  ({ MinProficiencyLevel: least, MaxProficiencyLevel: most }) => least <= most,
  { error: 'a MinProficiencyLevel that is not above the MaxProficiencyLevel' },
);

const agentIds = z
  .array(text(256), { error: 'a list of user ids' })
  .min(1, { error: 'at least one user id' });

/** The operator decides which of the other fields are compared. */
const [AT_LEAST, RANGE, MATCH] = OPERATORS;
const attribute = { Name: text(100), Value: text(128) };

const condition = z
  .discriminatedUnion(
    'ComparisonOperator',
    [
      object({ ComparisonOperator: z.literal(AT_LEAST), ...attribute, ProficiencyLevel: level }),
      object({ ComparisonOperator: z.literal(RANGE), ...attribute, Range: range }),
      object({
        ComparisonOperator: z.literal(MATCH),
        MatchCriteria: object({ AgentsCriteria: object({ AgentIds: agentIds }) }),
      }),
    ],
    {
      error: ({ input }) =>
        isObject(input) ? `one of ${OPERATORS.join(', ')}` : 'an object with a ComparisonOperator',
    },
  )
  .transform((given): Condition => {
    if (given.ComparisonOperator === MATCH) {
      return { kind: 'agents', ids: given.MatchCriteria.AgentsCriteria.AgentIds };
    }
    const { Name: name, Value: value } = given;
    if (given.ComparisonOperator === AT_LEAST) {
      return { kind: 'level', name, value, least: given.ProficiencyLevel, most: HIGHEST_LEVEL };
    }
    const { MinProficiencyLevel: least, MaxProficiencyLevel: most } = given.Range;
    return { kind: 'level', name, value, least, most };
  });

/** A list with one part is that part, and AND within AND is one AND: so it is told to people, too. */
function joined(kind: 'and' | 'or', parts: readonly Expression[]): Expression {
  const flat = parts.flatMap((part) => (part.kind === kind ? part.parts : [part]));
  const [only] = flat;
  return only !== undefined && flat.length === 1 ? only : { kind, parts: flat };
}

const expressions = z
  .array(
    z.lazy(() => expression),
    { error: 'a list of expressions' },
  )
  .min(1, { error: 'at least one expression' });

const expression: z.ZodType<Expression> = object({
  AttributeCondition: condition.optional(),
  NotAttributeCondition: condition.optional(),
  AndExpression: expressions.optional(),
  OrExpression: expressions.optional(),
}).transform((given, context): Expression => {
  const { AttributeCondition, NotAttributeCondition, AndExpression, OrExpression } = given;
  const all: readonly Expression[] = [
    ...(AttributeCondition ? [AttributeCondition] : []),
    ...(NotAttributeCondition ? [{ kind: 'not', condition: NotAttributeCondition } as const] : []),
    ...(AndExpression ? [joined('and', AndExpression)] : []),
    ...(OrExpression ? [joined('or', OrExpression)] : []),
  ];
  const [only] = all;
  if (only !== undefined && all.length === 1) return only;
  const message =
    'exactly one of AttributeCondition, NotAttributeCondition, AndExpression, OrExpression';
  context.issues.push({ code: 'custom', message, input: given });
  return z.NEVER;
});

const seconds = { error: 'a whole number of seconds, 0 or more' };
const timestamp = z.union([z.string(), z.number()], { error: 'a time' }).optional();

const step = object({
  Expression: expression,
  Expiry: object({
    DurationInSeconds: z.int(seconds).min(0, seconds).optional(),
    ExpiryTimestamp: timestamp,
  }).optional(),
  Status: z.string().optional(),
}).transform(({ Expression, Expiry }): Step => {
  const expiresAfter = Expiry?.DurationInSeconds;
  return { expression: Expression, ...(expiresAfter !== undefined && { expiresAfter }) };
});

/** Times, status and index are those of a contact's criteria, and say nothing about agents. */
const criteria = object({
  Steps: z.array(step, { error: 'a list of steps' }).min(1, { error: 'at least one step' }),
  ActivationTimestamp: timestamp,
  Index: z.number().optional(),
});

function jsonOf(text: string, from: string): unknown {
  try {
    // Editors on Windows write a byte order mark.
    return JSON.parse(text.replace(/^\u{FEFF}/u, ''));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new WrongUsage(`${from} is not JSON (${why.replaceAll(/\s+/g, ' ')}).`);
  }
}

function found(text: string, from: string): Found {
  try {
    return routingCriteriaIn(jsonOf(text, from));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new WrongUsage(`${from} cannot be read: ${error.message}; write fewer.`);
  }
}

/**
 * Reads routing criteria as Connect takes them in `UpdateContactRoutingData` and flows, or gives them in contact records.
 *
 * @param from where the text comes from; begins the message
 * @throws WrongUsage naming the first part that is wrong
 */
export function parseCriteria(text: string, from: string): readonly Step[] {
  const given = found(text, from);
  const parsed = criteria.safeParse(given.value);
  if (parsed.success) return parsed.data.Steps;
  const [issue] = parsed.error.issues;
  throw new WrongUsage(issue ? problemInWords(issue, given, from) : `${from} is wrong.`);
}
