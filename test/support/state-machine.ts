import type { Template } from 'aws-cdk-lib/assertions';
import { z } from 'zod';

const retrySchema = z.looseObject({
  ErrorEquals: z.array(z.string()),
  IntervalSeconds: z.number(),
  MaxAttempts: z.number(),
});

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

const templateSchema = z.object({
  Properties: z.object({
    DefinitionString: z.object({ 'Fn::Join': z.tuple([z.literal(''), z.array(z.unknown())]) }),
  }),
});

/** The one state machine of a template; what CloudFormation fills in is replaced by `…`. */
export function definitionOf(template: Template): Definition {
  const [resource] = Object.values(template.findResources('AWS::StepFunctions::StateMachine'));
  const [, parts] = templateSchema.parse(resource).Properties.DefinitionString['Fn::Join'];
  const text = parts.map((part) => (typeof part === 'string' ? part : '…')).join('');
  return definitionSchema.parse(JSON.parse(text));
}
