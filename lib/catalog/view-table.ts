import { Aws } from 'aws-cdk-lib';
import { CfnTable } from 'aws-cdk-lib/aws-glue';
import type { Construct } from 'constructs';
import { parseHiveType, type ScalarName } from '../../sql/column-type.ts';
import type { View } from '../../sql/views.ts';
import { glueColumns } from './json-table.ts';

const TRINO_SCALARS: Readonly<Record<ScalarName, string>> = {
  string: 'varchar',
  int: 'integer',
  bigint: 'bigint',
  double: 'double',
  date: 'date',
  timestamp: 'timestamp(3)',
};

/** Trino's name for the Hive type of a view's column. @throws Error for a nested type: views have none */
export function trinoType(hiveType: string): string {
  const type = parseHiveType(hiveType);
  if (type.kind === 'scalar') return TRINO_SCALARS[type.name];
  throw new Error(
    `A view's column must not be "${hiveType}": Athena misreads nested types in views.`,
  );
}

/** What Athena keeps of a view, as its CREATE VIEW writes it. */
const definition = (view: View, databaseName: string): string =>
  JSON.stringify({
    originalSql: view.sql,
    catalog: 'awsdatacatalog',
    schema: databaseName,
    columns: Object.entries(view.columns).map(([name, { type }]) => ({
      name,
      type: trinoType(type),
    })),
  });

/**
 * A view as a Glue table, so that it comes and goes with the stack and no query need be run to make it.
 *
 * It has no description: Trino, on which Athena is built, would take it for the comment `Presto View`, by which it
 * knows a view.
 *
 * @param databaseName must be known at synthesis: it lies inside what is encoded
 */
export const viewTable = (
  scope: Construct,
  id: string,
  view: View,
  databaseName: string,
): CfnTable =>
  new CfnTable(scope, id, {
    catalogId: Aws.ACCOUNT_ID,
    databaseName,
    tableInput: {
      name: view.name,
      // Trino runs a view with the rights of its owner, and refuses one without.
      owner: 'hadoop',
      tableType: 'VIRTUAL_VIEW',
      parameters: { presto_view: 'true', comment: 'Presto View' },
      // A view has no partitions, but Athena reads the list.
      partitionKeys: [],
      viewOriginalText: `/* Presto View: ${base64(definition(view, databaseName))} */`,
      viewExpandedText: '/* Presto View */',
      storageDescriptor: { columns: glueColumns(view.columns), location: '', serdeInfo: {} },
    },
  });

const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64');
