import type { Template } from 'aws-cdk-lib/assertions';
import { z } from 'zod';

const intrinsicFunction = z.union([
  z.strictObject({ Ref: z.string() }).transform(({ Ref }) => `<${Ref}>`),
  z
    .strictObject({ 'Fn::GetAtt': z.array(z.string()) })
    .transform((value) => `<${value['Fn::GetAtt'].join('.')}>`),
  z
    .strictObject({ 'Fn::Join': z.tuple([z.literal(''), z.array(z.string())]) })
    .transform((value) => value['Fn::Join'][1].join('')),
  z.unknown(),
]);

/** The template with CloudFormation's functions as text: `arn:<AWS::Partition>:s3:::<Bucket>/*`. */
const readable = (template: Template): unknown =>
  JSON.parse(JSON.stringify(template.toJSON()), (_, part) => intrinsicFunction.parse(part));

const policySchema = z.object({ Statement: z.array(z.unknown()) });

const templateSchema = z.object({
  Resources: z.record(
    z.string(),
    z.object({
      Type: z.string(),
      DeletionPolicy: z.string().optional(),
      UpdateReplacePolicy: z.string().optional(),
      Properties: z.looseObject({
        AssumeRolePolicyDocument: policySchema.optional(),
        PolicyDocument: policySchema.optional(),
        Policies: z.array(z.object({ PolicyDocument: policySchema })).optional(),
        ManagedPolicyArns: z.array(z.unknown()).optional(),
        DefinitionString: z.string().optional(),
      }),
    }),
  ),
  Outputs: z.record(z.string(), z.object({ Value: z.string() })),
});

/** What of a stack must not change unnoticed; without assets, which change with every line of the sources. */
export function pinned(template: Template) {
  const { Resources, Outputs } = templateSchema.parse(readable(template));
  const resources = Object.entries(Resources).map(([id, resource]) => ({ id, ...resource }));
  return {
    /** CloudFormation deletes the resource whose logical id is gone, and makes another one. */
    logicalIds: resources.map(({ id, Type }) => `${Type} ${id}`).sort(),
    /** What cannot be made again. */
    kept: resources.filter(({ DeletionPolicy }) => DeletionPolicy?.startsWith('Retain')),
    /** Who may do what with which resource: a line for each statement, and for each managed policy. */
    statements: resources.flatMap(({ id, Properties }) =>
      [
        Properties.AssumeRolePolicyDocument,
        Properties.PolicyDocument,
        ...(Properties.Policies ?? []).map(({ PolicyDocument }) => PolicyDocument),
      ]
        .flatMap((policy) => policy?.Statement ?? [])
        .concat(Properties.ManagedPolicyArns ?? [])
        .map((grant) => `${id} ${JSON.stringify(grant)}`),
    ),
    workflows: resources.flatMap(({ Properties: { DefinitionString } }) =>
      DefinitionString === undefined ? [] : [JSON.parse(DefinitionString)],
    ),
    outputs: Object.entries(Outputs).map(([id, { Value }]) => `${id} ${Value}`),
  };
}
