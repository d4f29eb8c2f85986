import { Aws, Names } from 'aws-cdk-lib';
import { CfnDatabase, type CfnTable } from 'aws-cdk-lib/aws-glue';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { TABLES, type TableName } from '../../sql/tables.ts';
import { VIEWS } from '../../sql/views.ts';
import type { ResolvedSettings } from '../settings/resolve.ts';
import { jsonTable } from './json-table.ts';
import { viewTable } from './view-table.ts';
import { Workgroup } from './workgroup.ts';

export interface CatalogProps
  extends Pick<ResolvedSettings, 'instanceIds' | 'formerInstanceIds' | 'firstSnapshotDate'> {
  /** The bucket that snapshots, manifests and what is derived from them are in. */
  readonly bucket: IBucket;
  /**
   * Where Athena writes the answers to queries.
   *
   * @default - Athena keeps them itself
   */
  readonly queryResultsBucket?: IBucket | undefined;
  /**
   * Encrypts query results; its key policy is extended where the key is of this app.
   *
   * @default - a key that AWS owns: no cost, no key policy to maintain
   */
  readonly encryptionKey?: IKey | undefined;
}

/** The ids of the tables' constructs: from one with another id, CloudFormation would make a new table. */
const TABLE_IDS: Readonly<Record<TableName, string>> = {
  user_proficiencies: 'UserProficiencies',
  export_runs: 'ExportRuns',
  latest_user_proficiencies: 'LatestUserProficiencies',
  snapshot_changes: 'SnapshotChanges',
  coverage_targets: 'CoverageTargets',
  predefined_attributes: 'PredefinedAttributes',
};

/** What an exporter is called in Athena. The names are unique in the account and Region: they are made from the construct's path. */
export interface CatalogNames {
  /** The database with tables and views. */
  readonly databaseName: string;
  /** The workgroup with the saved queries. */
  readonly workgroupName: string;
}

/** What an analyst finds in Athena: a database with tables and views, and a workgroup with saved queries. */
export class Catalog extends Construct implements CatalogNames {
  readonly databaseName: string;
  readonly workgroupName: string;

  constructor(scope: Construct, id: string, props: CatalogProps) {
    super(scope, id);
    // Not left to CloudFormation, for the views' encoded text must hold the name.
    this.databaseName = Names.uniqueResourceName(this, {
      maxLength: 128,
      separator: '_',
    }).toLowerCase();
    this.workgroupName = Names.uniqueResourceName(this, { maxLength: 128, separator: '-' });

    const database = new CfnDatabase(this, 'Database', {
      catalogId: Aws.ACCOUNT_ID,
      databaseInput: {
        name: this.databaseName,
        description: "Dated snapshots of the proficiencies of Amazon Connect's users",
      },
    });
    for (const table of [...this.tables(props), ...this.views()])
      table.addResourceDependency(database);

    new Workgroup(this, 'Queries', {
      workgroupName: this.workgroupName,
      databaseName: this.databaseName,
      queryResultsBucket: props.queryResultsBucket,
      encryptionKey: props.encryptionKey,
    });
  }

  private tables({
    bucket,
    instanceIds,
    formerInstanceIds,
    firstSnapshotDate,
  }: CatalogProps): readonly CfnTable[] {
    const common = {
      databaseName: this.databaseName,
      bucket,
      instanceIds,
      formerInstanceIds,
      firstSnapshotDate,
    };
    return TABLES.map((table) => jsonTable(this, TABLE_IDS[table.name], { ...common, table }));
  }

  private views(): readonly CfnTable[] {
    return VIEWS.map((view) => viewTable(this, view.name, view, this.databaseName));
  }
}
