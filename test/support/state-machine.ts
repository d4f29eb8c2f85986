import { z } from 'zod';

const retrySchema = z.looseObject({
  ErrorEquals: z.array(z.string()),
  IntervalSeconds: z.number(),
  MaxAttempts: z.number(),
  BackoffRate: z.number(),
  MaxDelaySeconds: z.number(),
});

/** What is tried again of a task, and how. */
export type Retry = z.output<typeof retrySchema>;

const stateSchema = z.looseObject({
  Type: z.string(),
  Parameters: z.record(z.string(), z.unknown()).optional(),
  Retry: z.array(retrySchema).optional(),
  Catch: z.array(z.unknown()).optional(),
  get ItemProcessor() {
    return z.looseObject({ States: z.record(z.string(), stateSchema) }).optional();
  },
});

const definitionSchema = z.looseObject({
  StartAt: z.string(),
  States: z.record(z.string(), stateSchema),
});

/** A state machine in the Amazon States Language, as far as tests look at it. */
export type Definition = z.output<typeof definitionSchema>;

const FUNCTIONS = ['Worker', 'Deriver'];

const templateSchema = z.object({
  Resources: z.record(z.string(), z.object({ Type: z.string(), Properties: z.unknown() })),
});

const propertiesSchema = z.object({
  DefinitionString: z.object({ 'Fn::Join': z.tuple([z.literal(''), z.array(z.unknown())]) }),
});

/** What CloudFormation would fill in: the ARN of one of the two functions, which are called by what they are here; or the partition. */
const filledIn = (part: unknown): string => {
  const name = FUNCTIONS.find((candidate) => JSON.stringify(part).includes(`Exporter${candidate}`));
  return name ? `arn:aws:lambda:us-east-1:123456789012:function:${name.toLowerCase()}` : 'aws';
};

/** The one state machine of a template's JSON, as it would be deployed. */
export function definitionOf(template: unknown): Definition {
  const resource = Object.values(templateSchema.parse(template).Resources).find(
    ({ Type }) => Type === 'AWS::StepFunctions::StateMachine',
  );
  const [, parts] = propertiesSchema.parse(resource?.Properties).DefinitionString['Fn::Join'];
  const text = parts.map((part) => (typeof part === 'string' ? part : filledIn(part))).join('');
  return definitionSchema.parse(JSON.parse(text));
}

/** The same state machine with every retry after a second at most: what it does, without the patience. */
export const impatient = (definition: Definition): Definition =>
  definitionSchema.parse(
    JSON.parse(JSON.stringify(definition), (key, value: unknown) => {
      if (key === 'IntervalSeconds') return 1;
      return key === 'MaxDelaySeconds' ? 2 : value;
    }),
  );

/** A path that may select several values. */
const ANY_OF = /\$[\w.]*\[(?:\*|\?\(.*?\))\][\w.]*/g;

/**
 * The same state machine as read by an interpreter that gives the one value which a path selects bare, where moto gives a
 * list of one. Both readings are found among interpreters.
 */
export const bareSelections = (definition: Definition): Definition =>
  definitionSchema.parse(
    JSON.parse(
      JSON.stringify(definition).replace(ANY_OF, (path) => `States.ArrayGetItem(${path}, 0)`),
    ),
  );
