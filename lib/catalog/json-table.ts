import { Aws } from 'aws-cdk-lib';
import { CfnTable } from 'aws-cdk-lib/aws-glue';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { Column } from '../../contract/row.ts';
import type { Table } from '../../sql/tables.ts';
import type { ResolvedSettings } from '../settings/resolve.ts';

export interface JsonTableProps
  extends Pick<ResolvedSettings, 'instanceIds' | 'formerInstanceIds' | 'firstSnapshotDate'> {
  readonly databaseName: string;
  readonly table: Table;
  readonly bucket: IBucket;
}

/** A table over NDJSON objects whose partitions, where it has any, Athena works out from the table's properties alone. */
export function jsonTable(scope: Construct, id: string, props: JsonTableProps): CfnTable {
  const { bucket, databaseName, table } = props;
  return new CfnTable(scope, id, {
    catalogId: Aws.ACCOUNT_ID,
    databaseName,
    tableInput: {
      name: table.name,
      description: table.description,
      tableType: 'EXTERNAL_TABLE',
      parameters: { EXTERNAL: 'TRUE', classification: 'json', ...projection(props) },
      partitionKeys: glueColumns(table.partitions),
      storageDescriptor: {
        columns: glueColumns(table.columns).filter(({ name }) => !(name in table.partitions)),
        location: `s3://${bucket.bucketName}/${table.prefix}`,
        inputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
        outputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
        // Not OpenX, of which AWS's documentation says that it may return wrong rows (docs/adr/0020-athena-tables.md).
        serdeInfo: { serializationLibrary: 'org.apache.hive.hcatalog.data.JsonSerDe' },
      },
    },
  });
}

/** Columns as Glue wants them. */
export const glueColumns = (columns: Readonly<Record<string, Column>>) =>
  Object.entries(columns).map(([name, { type, comment }]) => ({ name, type, comment }));

const datesProjection = ({ firstSnapshotDate }: JsonTableProps) => ({
  'projection.snapshot_date.type': 'date',
  'projection.snapshot_date.format': 'yyyy-MM-dd',
  // A day more than UTC's: the date is that of the schedule's time zone, which may be ahead.
  'projection.snapshot_date.range': `${firstSnapshotDate},NOW+1DAY`,
  'projection.snapshot_date.interval': '1',
  'projection.snapshot_date.interval.unit': 'DAYS',
});

function projection(props: JsonTableProps): Record<string, string> {
  const { bucket, table, instanceIds, formerInstanceIds = [] } = props;
  if (Object.keys(table.partitions).length === 0) return {};
  return {
    'projection.enabled': 'true',
    'projection.instance_id.type': 'enum',
    'projection.instance_id.values': [...instanceIds, ...formerInstanceIds].join(','),
    ...('snapshot_date' in table.partitions && datesProjection(props)),
    'storage.location.template': `s3://${bucket.bucketName}/${table.template}`,
  };
}
