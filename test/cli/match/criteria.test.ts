import { WrongUsage } from '../../../cli/arguments.ts';
import { parseCriteria } from '../../../cli/match/criteria.ts';
import { inWords } from '../../../cli/match/expression.ts';

const FRENCH = {
  Name: 'Language',
  Value: 'French',
  ProficiencyLevel: 4,
  ComparisonOperator: 'NumberGreaterOrEqualTo',
};
const BASIC = {
  Name: 'Language',
  Value: 'English',
  Range: { MinProficiencyLevel: 1, MaxProficiencyLevel: 2.5 },
  ComparisonOperator: 'Range',
};
const PREFERRED = {
  MatchCriteria: { AgentsCriteria: { AgentIds: ['user-a'] } },
  ComparisonOperator: 'Match',
};

const stepsOf = (...expressions: readonly unknown[]) => ({
  Steps: expressions.map((Expression) => ({ Expression })),
});
const parse = (json: unknown) => parseCriteria(JSON.stringify(json), 'criteria.json');
const told = (json: unknown): readonly string[] =>
  parse(json).map(({ expression }) => inWords(expression));

describe('expressions, as people read them', () => {
  it.each<[unknown, string]>([
    [{ AttributeCondition: FRENCH }, 'Language:French >= 4'],
    [{ AttributeCondition: BASIC }, 'Language:English 1 to 2.5'],
    [{ NotAttributeCondition: BASIC }, 'NOT Language:English 1 to 2.5'],
    [{ AttributeCondition: PREFERRED }, 'agent user-a'],
    [
      {
        AttributeCondition: {
          ...PREFERRED,
          MatchCriteria: { AgentsCriteria: { AgentIds: ['user-a', 'user-b'] } },
        },
      },
      'one of 2 agents',
    ],
    [{ AndExpression: [{ AttributeCondition: FRENCH }] }, 'Language:French >= 4'],
    [
      {
        OrExpression: [
          { AndExpression: [{ AttributeCondition: FRENCH }, { NotAttributeCondition: BASIC }] },
          { AttributeCondition: PREFERRED },
        ],
      },
      '(Language:French >= 4 AND NOT Language:English 1 to 2.5) OR agent user-a',
    ],
    [
      {
        AndExpression: [
          { AttributeCondition: FRENCH },
          { AndExpression: [{ AttributeCondition: BASIC }, { AttributeCondition: PREFERRED }] },
        ],
      },
      'Language:French >= 4 AND Language:English 1 to 2.5 AND agent user-a',
    ],
  ])('%j', (expression, words) => {
    expect(told(stepsOf(expression))).toEqual([words]);
  });
});

describe('where criteria come from', () => {
  const plain = stepsOf({ AttributeCondition: FRENCH });
  const words = ['Language:French >= 4'];

  it.each<[string, unknown]>([
    ['the parameter of UpdateContactRoutingData', plain],
    ['its request', { InstanceId: 'i', ContactId: 'c', RoutingCriteria: plain }],
    [
      "a flow's action",
      { Type: 'UpdateRoutingCriteria', Parameters: { RoutingCriteria: plain }, Transitions: {} },
    ],
    [
      'a described contact',
      {
        Contact: {
          Id: 'c',
          RoutingCriteria: {
            Steps: [
              {
                Expiry: { DurationInSeconds: 30, ExpiryTimestamp: '2026-11-23T10:00:00Z' },
                Expression: { AttributeCondition: FRENCH },
                Status: 'ACTIVE',
              },
            ],
            ActivationTimestamp: '2026-11-23T10:00:00Z',
            Index: 0,
          },
        },
      },
    ],
    [
      'an event in camel case',
      {
        routingCriteria: {
          steps: [
            {
              expression: {
                andExpression: null,
                attributeCondition: {
                  name: 'Language',
                  value: 'French',
                  proficiencyLevel: 4,
                  range: null,
                  comparisonOperator: 'NUMBERGREATEROREQUALTO',
                },
              },
            },
          ],
        },
      },
    ],
  ])('%s', (_, json) => {
    expect(told(json)).toEqual(words);
  });

  it('a file with a byte order mark', () => {
    expect(parseCriteria(`\u{FEFF}${JSON.stringify(plain)}`, 'criteria.json')).toHaveLength(1);
  });
});

it.each([
  [{ DurationInSeconds: 30 }, 30],
  [{ DurationInSeconds: 0 }, 0],
  [{}, undefined],
  [undefined, undefined],
])('expires as %j says', (Expiry, expiresAfter) => {
  const [step] = parse({ Steps: [{ Expiry, Expression: { AttributeCondition: FRENCH } }] });
  expect(step?.expiresAfter).toBe(expiresAfter);
});

const inCondition = (fields: object) =>
  stepsOf({ AttributeCondition: FRENCH }, { AndExpression: [{ AttributeCondition: fields }] });
const WHERE = 'criteria.json: Steps[1].Expression.AndExpression[0].AttributeCondition';

const nested = (depth: number): unknown =>
  depth === 0 ? { AttributeCondition: FRENCH } : { AndExpression: [nested(depth - 1)] };

describe('wrong criteria: which part, what it is, what is expected', () => {
  it.each<[string, unknown, string]>([
    [
      'a text for a level',
      inCondition({ ...FRENCH, ProficiencyLevel: '4' }),
      `${WHERE}.ProficiencyLevel is "4"; expected a number from 1 to 5.`,
    ],
    [
      'a level too high',
      inCondition({ ...FRENCH, ProficiencyLevel: 6 }),
      `${WHERE}.ProficiencyLevel is 6; expected a number from 1 to 5.`,
    ],
    [
      'a level too low',
      inCondition({ ...FRENCH, ProficiencyLevel: 0.5 }),
      `${WHERE}.ProficiencyLevel is 0.5; expected a number from 1 to 5.`,
    ],
    [
      'no level',
      inCondition({ ...FRENCH, ProficiencyLevel: undefined }),
      `${WHERE}.ProficiencyLevel is missing; expected a number from 1 to 5.`,
    ],
    [
      'an empty name',
      inCondition({ ...FRENCH, Name: '' }),
      `${WHERE}.Name is ""; expected a text of 1 to 100 characters.`,
    ],
    [
      'no value',
      inCondition({ ...FRENCH, Value: null }),
      `${WHERE}.Value is missing; expected a text of 1 to 128 characters.`,
    ],
    [
      'a long value',
      inCondition({ ...FRENCH, Value: 'x'.repeat(129) }),
      `${WHERE}.Value is "${'x'.repeat(59)}…; expected a text of 1 to 128 characters.`,
    ],
    [
      'a reference',
      inCondition({ ...FRENCH, Value: '$.External.language' }),
      `${WHERE}.Value is "$.External.language"; expected the value that this reference stands for, which only a flow knows.`,
    ],
    [
      'another operator',
      inCondition({ ...FRENCH, ComparisonOperator: 'NumberEqualTo' }),
      `${WHERE}.ComparisonOperator is "NumberEqualTo"; expected one of NumberGreaterOrEqualTo, Range, Match.`,
    ],
    [
      'no operator',
      inCondition({ ...FRENCH, ComparisonOperator: undefined }),
      `${WHERE}.ComparisonOperator is missing; expected one of NumberGreaterOrEqualTo, Range, Match.`,
    ],
    [
      'a field of another operator',
      inCondition({ ...FRENCH, Range: BASIC.Range }),
      `${WHERE} has an unknown field "Range"; expected an object with ComparisonOperator, Name, Value, ProficiencyLevel.`,
    ],
    [
      'a misspelt field',
      inCondition({ ...FRENCH, Level: 4 }),
      `${WHERE} has an unknown field "Level"; expected an object with ComparisonOperator, Name, Value, ProficiencyLevel.`,
    ],
    [
      'a range from above',
      inCondition({ ...BASIC, Range: { MinProficiencyLevel: 4, MaxProficiencyLevel: 3 } }),
      `${WHERE}.Range is {"MinProficiencyLevel":4,"MaxProficiencyLevel":3}; expected a MinProficiencyLevel that is not above the MaxProficiencyLevel.`,
    ],
    [
      'half a range',
      inCondition({ ...BASIC, Range: { MinProficiencyLevel: 4 } }),
      `${WHERE}.Range.MaxProficiencyLevel is missing; expected a number from 1 to 5.`,
    ],
    [
      'no agents',
      inCondition({ ...PREFERRED, MatchCriteria: { AgentsCriteria: { AgentIds: [] } } }),
      `${WHERE}.MatchCriteria.AgentsCriteria.AgentIds is []; expected at least one user id.`,
    ],
    [
      'a list for a condition',
      inCondition([]),
      `${WHERE} is []; expected an object with a ComparisonOperator.`,
    ],
    [
      'an empty AND',
      stepsOf({ AndExpression: [] }),
      'criteria.json: Steps[0].Expression.AndExpression is []; expected at least one expression.',
    ],
    [
      'an empty expression',
      stepsOf({}),
      'criteria.json: Steps[0].Expression is {}; expected exactly one of AttributeCondition, NotAttributeCondition, AndExpression, OrExpression.',
    ],
    [
      'two at once',
      stepsOf({ AttributeCondition: FRENCH, OrExpression: [{ AttributeCondition: FRENCH }] }),
      'criteria.json: Steps[0].Expression is {"AttributeCondition":{"Name":"Language","Value":"French","P…; expected exactly one of AttributeCondition, NotAttributeCondition, AndExpression, OrExpression.',
    ],
    [
      'no expression',
      { Steps: [{}] },
      'criteria.json: Steps[0].Expression is missing; expected an object with AttributeCondition, NotAttributeCondition, AndExpression, OrExpression.',
    ],
    [
      'a fraction of a second',
      {
        Steps: [{ Expression: { AttributeCondition: FRENCH }, Expiry: { DurationInSeconds: 0.5 } }],
      },
      'criteria.json: Steps[0].Expiry.DurationInSeconds is 0.5; expected a whole number of seconds, 0 or more.',
    ],
    [
      'a misspelt expiry',
      { Steps: [{ Expression: { AttributeCondition: FRENCH }, Expires: 30 }] },
      'criteria.json: Steps[0] has an unknown field "Expires"; expected an object with Expression, Expiry, Status.',
    ],
    ['no steps', { Steps: [] }, 'criteria.json: Steps is []; expected at least one step.'],
    ['something else', { Foo: 1 }, 'criteria.json: Steps is missing; expected a list of steps.'],
    [
      'a list',
      [],
      'criteria.json: the whole is []; expected an object with Steps, ActivationTimestamp, Index.',
    ],
    [
      'something else in a wrapper',
      { RoutingCriteria: { Steps: 1 } },
      'criteria.json: RoutingCriteria.Steps is 1; expected a list of steps.',
    ],
    [
      'what is nested without end',
      stepsOf(nested(200)),
      'criteria.json cannot be read: it is nested more than 64 levels deep; write fewer.',
    ],
  ])('%s', (_, json, sentence) => {
    expect(() => parse(json)).toThrow(new WrongUsage(sentence));
  });

  it('no JSON', () => {
    expect(() => parseCriteria('{\n"Steps": [\n', 'criteria.json')).toThrow(
      /^criteria\.json is not JSON \([^\n]+\)\.$/,
    );
  });
});
