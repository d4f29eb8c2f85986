import { Aws } from 'aws-cdk-lib';
import { CfnTable } from 'aws-cdk-lib/aws-glue';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { partitionTemplate } from '../../contract/keys.ts';
import { MANIFEST_COLUMNS } from '../../contract/manifest.ts';
import { type Column, ROW_COLUMNS } from '../../contract/row.ts';
import type { ResolvedSettings } from '../settings/resolve.ts';

/** The columns that come from an object's key, in the order of the key. */
const PARTITION_COLUMNS = {
  instance_id: ROW_COLUMNS.instance_id,
  snapshot_date: MANIFEST_COLUMNS.snapshot_date,
} as const satisfies Record<string, Column>;

export interface JsonTableProps
  extends Pick<ResolvedSettings, 'instanceIds' | 'formerInstanceIds' | 'firstSnapshotDate'> {
  readonly databaseName: string;
  readonly tableName: string;
  readonly description: string;
  /** What the lines hold; the partition columns among them are left out, for they come from the key. */
  readonly columns: Readonly<Record<string, Column>>;
  readonly bucket: IBucket;
  /** The keys of the table's objects begin with it; nothing else's do. */
  readonly prefix: string;
}

/** A table over NDJSON objects whose partitions Athena works out from the table's properties alone. */
export const jsonTable = (scope: Construct, id: string, props: JsonTableProps): CfnTable =>
  new CfnTable(scope, id, {
    catalogId: Aws.ACCOUNT_ID,
    databaseName: props.databaseName,
    tableInput: {
      name: props.tableName,
      description: props.description,
      tableType: 'EXTERNAL_TABLE',
      parameters: { EXTERNAL: 'TRUE', classification: 'json', ...projection(props) },
      partitionKeys: glueColumns(PARTITION_COLUMNS),
      storageDescriptor: {
        columns: glueColumns(props.columns).filter(({ name }) => !(name in PARTITION_COLUMNS)),
        location: `s3://${props.bucket.bucketName}/${props.prefix}`,
        inputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
        outputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
        // Not OpenX, of which AWS's documentation says that it may return wrong rows (docs/adr/0020-athena-tables.md).
        serdeInfo: { serializationLibrary: 'org.apache.hive.hcatalog.data.JsonSerDe' },
      },
    },
  });

/** Columns as Glue wants them. */
export const glueColumns = (columns: Readonly<Record<string, Column>>) =>
  Object.entries(columns).map(([name, { type, comment }]) => ({ name, type, comment }));

const projection = ({
  bucket,
  prefix,
  instanceIds,
  formerInstanceIds = [],
  firstSnapshotDate,
}: JsonTableProps) => ({
  'projection.enabled': 'true',
  'projection.instance_id.type': 'enum',
  'projection.instance_id.values': [...instanceIds, ...formerInstanceIds].join(','),
  'projection.snapshot_date.type': 'date',
  'projection.snapshot_date.format': 'yyyy-MM-dd',
  // A day more than UTC's: the date is that of the schedule's time zone, which may be ahead.
  'projection.snapshot_date.range': `${firstSnapshotDate},NOW+1DAY`,
  'projection.snapshot_date.interval': '1',
  'projection.snapshot_date.interval.unit': 'DAYS',
  'storage.location.template': `s3://${bucket.bucketName}/${partitionTemplate(prefix)}`,
});
