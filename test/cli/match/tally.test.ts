import { Readable } from 'node:stream';
import fc from 'fast-check';
import type { Agent } from '../../../cli/match/agents.ts';
import { parseCriteria } from '../../../cli/match/criteria.ts';
import { type MatchResult, tally } from '../../../cli/match/tally.ts';
import { FULL } from '../../support/breadth.ts';

const RUNS = FULL ? 2000 : 40;

/** Few of everything, so that criteria and agents meet. */
const NAMES = ['Language', 'Technology'];
const VALUES = ['French', 'AWS DynamoDB', 'french'];
const LEVELS = [1, 2.5, 3, 4, 5];
const USERS = ['user-a', 'user-b', 'user-c', 'user-d', 'user-e', 'user-f'];

/** Connect's JSON, as far as the test builds it. */
interface ConditionJson {
  readonly ComparisonOperator: 'NumberGreaterOrEqualTo' | 'Range' | 'Match';
  readonly Name?: string;
  readonly Value?: string;
  readonly ProficiencyLevel?: number;
  readonly Range?: { readonly MinProficiencyLevel: number; readonly MaxProficiencyLevel: number };
  readonly MatchCriteria?: { readonly AgentsCriteria: { readonly AgentIds: readonly string[] } };
}
interface ExpressionJson {
  readonly AttributeCondition?: ConditionJson;
  readonly NotAttributeCondition?: ConditionJson;
  readonly AndExpression?: readonly ExpressionJson[];
  readonly OrExpression?: readonly ExpressionJson[];
}

const attribute = { Name: fc.constantFrom(...NAMES), Value: fc.constantFrom(...VALUES) };
const level = fc.constantFrom(...LEVELS);

const condition: fc.Arbitrary<ConditionJson> = fc.oneof(
  fc.record({
    ...attribute,
    ComparisonOperator: fc.constant('NumberGreaterOrEqualTo' as const),
    ProficiencyLevel: level,
  }),
  fc.record({
    ...attribute,
    ComparisonOperator: fc.constant('Range' as const),
    Range: fc.tuple(level, level).map(([a, b]) => ({
      MinProficiencyLevel: Math.min(a, b),
      MaxProficiencyLevel: Math.max(a, b),
    })),
  }),
  fc.record({
    ComparisonOperator: fc.constant('Match' as const),
    MatchCriteria: fc.record({
      AgentsCriteria: fc.record({
        AgentIds: fc.subarray([...USERS, 'user-gone'], { minLength: 1 }),
      }),
    }),
  }),
);

const { expression } = fc.letrec<{ expression: ExpressionJson }>((tie) => ({
  expression: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.record({ AttributeCondition: condition }),
    fc.record({ NotAttributeCondition: condition }),
    fc.record({ AndExpression: fc.array(tie('expression'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ OrExpression: fc.array(tie('expression'), { minLength: 1, maxLength: 3 }) }),
  ),
}));

const criteria = fc.array(expression, { minLength: 1, maxLength: 4 });

const agent = (userId: string): fc.Arbitrary<Agent> =>
  fc.record({
    userId: fc.constant(userId),
    username: fc.constantFrom('ann', 'Ben', null),
    snapshotDate: fc.constant('2026-11-23'),
    routingProfile: fc.constantFrom('Sales', 'Support', null),
    hierarchy: fc.constantFrom(['EMEA', 'Paris'], ['EMEA'], null),
    proficiencies: fc.uniqueArray(
      fc.record({
        attribute_name: fc.constantFrom(...NAMES),
        attribute_value: fc.constantFrom(...VALUES),
        level,
      }),
      { selector: (one) => `${one.attribute_name}:${one.attribute_value}` },
    ),
  });

const agents = fc
  .subarray(USERS)
  .chain((ids) => fc.tuple(...ids.map(agent)))
  .map((all): readonly Agent[] => all);

/** Who holds a condition, by looking each proficiency up in an index: what the product does agent by agent, here is done set by set. */
function holders(given: ConditionJson, all: readonly Agent[]): Set<string> {
  const ids = given.MatchCriteria?.AgentsCriteria.AgentIds;
  if (ids) return new Set(ids.filter((id) => all.some(({ userId }) => userId === id)));
  const held = all.flatMap(({ userId, proficiencies }) =>
    proficiencies.map((one) => ({ userId, ...one })),
  );
  const least = given.ProficiencyLevel ?? given.Range?.MinProficiencyLevel ?? 0;
  const most = given.Range?.MaxProficiencyLevel ?? 5;
  return new Set(
    held
      .filter((one) => one.attribute_name === given.Name)
      .filter((one) => one.attribute_value === given.Value)
      .filter((one) => !(one.level < least || one.level > most))
      .map(({ userId }) => userId),
  );
}

const without = (all: Set<string>, some: Set<string>): Set<string> =>
  new Set([...all].filter((one) => !some.has(one)));

/** The set of agents that an expression leaves, by the algebra of sets. */
function satisfying(given: ExpressionJson, all: readonly Agent[]): Set<string> {
  const everybody = new Set(all.map(({ userId }) => userId));
  if (given.AttributeCondition) return holders(given.AttributeCondition, all);
  if (given.NotAttributeCondition) {
    return without(everybody, holders(given.NotAttributeCondition, all));
  }
  const or = given.OrExpression?.map((part) => satisfying(part, all));
  if (or) return new Set(or.flatMap((part) => [...part]));
  const and = given.AndExpression?.map((part) => satisfying(part, all)) ?? [];
  return and.reduce((left, part) => without(left, without(left, part)), everybody);
}

const criteriaOf = (expressions: readonly ExpressionJson[]) =>
  parseCriteria(
    JSON.stringify({ Steps: expressions.map((Expression) => ({ Expression })) }),
    'criteria.json',
  );

const resultFor = (
  expressions: readonly ExpressionJson[],
  all: readonly Agent[],
  limit = Number.POSITIVE_INFINITY,
): Promise<MatchResult> => tally(criteriaOf(expressions), Readable.from(all), limit);

const union = (sets: readonly Set<string>[]): Set<string> =>
  new Set(sets.flatMap((one) => [...one]));

it('says of any criteria and agents what an independent evaluation says', () =>
  fc.assert(
    fc.asyncProperty(criteria, agents, async (expressions, all) => {
      const sets = expressions.map((one) => satisfying(one, all));
      const result = await resultFor(expressions, all);
      expect(
        result.steps.map(({ agents, added, lost, soFar }) => ({ agents, added, lost, soFar })),
      ).toEqual(
        sets.map((set, index) => ({
          agents: set.size,
          added: without(set, union(sets.slice(0, index))).size,
          lost: without(sets[index - 1] ?? new Set(), set).size,
          soFar: union(sets.slice(0, index + 1)).size,
        })),
      );
      expect(result.users).toBe(all.length);
      expect(result.matched).toBe(union(sets).size);
      const named = Object.fromEntries(result.agents.map(({ userId, steps }) => [userId, steps]));
      expect(named).toEqual(
        Object.fromEntries(
          [...union(sets)].map((id) => [
            id,
            sets.flatMap((set, index) => (set.has(id) ? [index + 1] : [])),
          ]),
        ),
      );
    }),
    { numRuns: RUNS },
  ));

it('counts the agents of each step by team', () =>
  fc.assert(
    fc.asyncProperty(expression, agents, async (one, all) => {
      const set = satisfying(one, all);
      const inTeams = all.filter(
        ({ userId, routingProfile, hierarchy }) =>
          set.has(userId) && (routingProfile !== null || hierarchy !== null),
      );
      const [step] = (await resultFor([one], all)).steps;
      const told = step?.teams.flatMap(({ agents, ...team }) =>
        Array.from({ length: agents }, () => JSON.stringify(team)),
      );
      expect(told?.sort()).toEqual(
        inTeams
          .map(({ routingProfile, hierarchy }) => JSON.stringify({ routingProfile, hierarchy }))
          .sort(),
      );
    }),
    { numRuns: RUNS / 2 },
  ));

it('names the first ones of all where it is to name a few', () =>
  fc.assert(
    fc.asyncProperty(criteria, agents, fc.integer({ min: 1, max: 7 }), async (steps, all, few) => {
      const whole = await resultFor(steps, all);
      const part = await resultFor(steps, all.toReversed(), few);
      expect(part.agents).toEqual(whole.agents.slice(0, few));
      expect(part.matched).toBe(whole.matched);
    }),
    { numRuns: RUNS / 2 },
  ));

it('keeps few agents in mind where it is to name few, however many there are', async () => {
  const many = Array.from({ length: 5000 }, (_, index): Agent => {
    const username = `agent-${String(9999 - index)}`;
    const team = { routingProfile: null, hierarchy: null };
    return { userId: `id-${index}`, username, snapshotDate: null, proficiencies: [], ...team };
  });
  const nobodyElse = {
    NotAttributeCondition: {
      ComparisonOperator: 'NumberGreaterOrEqualTo',
      Name: 'Language',
      Value: 'French',
      ProficiencyLevel: 1,
    },
  } as const;
  const { agents, matched } = await resultFor([nobodyElse], many, 2);
  expect([matched, agents.map(({ username }) => username)]).toEqual([
    5000,
    ['agent-5000', 'agent-5001'],
  ]);
});

describe('the parts of a conjunction that nobody satisfies', () => {
  it('are counted with and without the others', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(condition, { minLength: 2, maxLength: 4 }),
        agents,
        async (conditions, all) => {
          const parts = conditions.map((one) => ({ AttributeCondition: one }));
          const [step] = (await resultFor([{ AndExpression: parts }], all)).steps;
          if (satisfying({ AndExpression: parts }, all).size > 0) {
            expect(step?.bottlenecks).toEqual([]);
            return;
          }
          expect(
            step?.bottlenecks.map((one) =>
              one.parts.map(({ alone, others }) => ({ alone, others })),
            ),
          ).toEqual([
            parts.map((part, index) => ({
              alone: satisfying(part, all).size,
              others: satisfying({ AndExpression: parts.toSpliced(index, 1) }, all).size,
            })),
          ]);
        },
      ),
      { numRuns: RUNS / 2 },
    ));
});
