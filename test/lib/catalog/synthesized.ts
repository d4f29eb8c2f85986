import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { z } from 'zod';
import { Catalog, type CatalogProps } from '../../../lib/catalog/catalog.ts';
import { theirApp } from '../../support/synthesize.ts';

export const BUCKET = 'example-bucket';
export const INSTANCES = [
  '11111111-1111-4111-8111-111111111111',
  '22222222-2222-4222-8222-222222222222',
];

const columnsSchema = z.array(
  z.object({ Name: z.string(), Type: z.string(), Comment: z.string() }),
);

const tableSchema = z.object({
  Properties: z.object({
    DatabaseName: z.string(),
    TableInput: z.object({
      Name: z.string(),
      Description: z.string().optional(),
      Owner: z.string().optional(),
      TableType: z.string(),
      Parameters: z.record(z.string(), z.string()),
      PartitionKeys: columnsSchema,
      ViewOriginalText: z.string().optional(),
      ViewExpandedText: z.string().optional(),
      StorageDescriptor: z.object({
        Columns: columnsSchema,
        Location: z.string(),
        SerdeInfo: z.object({ SerializationLibrary: z.string().optional() }),
      }),
    }),
  }),
});

/** A table as its template describes it to Glue. */
export type GlueTable = z.infer<typeof tableSchema>['Properties']['TableInput'];

export interface Synthesized {
  readonly template: Template;
  readonly catalog: Catalog;
  readonly stack: Stack;
  table(name: string): GlueTable;
}

/** The catalog alone in a stack, over a bucket whose name is known. */
export function synthesize(
  props: Partial<CatalogProps> = {},
  stackName = 'Proficiencies',
): Synthesized {
  const stack = new Stack(theirApp(), 'Stack', { stackName });
  const bucket = Bucket.fromBucketName(stack, 'Bucket', BUCKET);
  const catalog = new Catalog(stack, 'Catalog', {
    bucket,
    instanceIds: INSTANCES,
    firstSnapshotDate: '2026-01-01',
    ...props,
  });
  const template = Template.fromStack(stack);
  const tables = Object.values(template.findResources('AWS::Glue::Table')).map(
    (resource) => tableSchema.parse(resource).Properties.TableInput,
  );
  return {
    template,
    catalog,
    stack,
    table(name) {
      const found = tables.find((table) => table.Name === name);
      if (found === undefined) throw new Error(`There is no table ${name}.`);
      return found;
    },
  };
}
