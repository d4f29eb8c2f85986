import { Aws, Names } from 'aws-cdk-lib';
import { CfnDatabase, type CfnTable } from 'aws-cdk-lib/aws-glue';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { MANIFESTS_PREFIX, SNAPSHOTS_PREFIX } from '../../contract/keys.ts';
import { MANIFEST_COLUMNS } from '../../contract/manifest.ts';
import { ROW_COLUMNS } from '../../contract/row.ts';
import { VIEWS } from '../../sql/views.ts';
import type { ResolvedSettings } from '../settings/resolve.ts';
import { jsonTable } from './json-table.ts';
import { viewTable } from './view-table.ts';
import { Workgroup } from './workgroup.ts';

export interface CatalogProps
  extends Pick<ResolvedSettings, 'instanceIds' | 'formerInstanceIds' | 'firstSnapshotDate'> {
  /** The bucket that snapshots and manifests are in. */
  readonly bucket: IBucket;
  /**
   * Encrypts query results; its key policy is extended where the key is of this app.
   *
   * @default - a key that AWS owns: no cost, no key policy to maintain
   */
  readonly encryptionKey?: IKey | undefined;
}

/** What an analyst finds in Athena: a database with tables and views, and a workgroup with saved queries. */
export class Catalog extends Construct {
  /** Unique in the account and Region: made from the construct's path, which begins with the stack's name. */
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
      encryptionKey: props.encryptionKey,
    });
  }

  private tables(props: CatalogProps): readonly CfnTable[] {
    const common = {
      databaseName: this.databaseName,
      bucket: props.bucket,
      instanceIds: props.instanceIds,
      formerInstanceIds: props.formerInstanceIds,
      firstSnapshotDate: props.firstSnapshotDate,
    };
    return [
      jsonTable(this, 'UserProficiencies', {
        ...common,
        tableName: 'user_proficiencies',
        description: 'One row per user and snapshot, users without proficiencies included',
        columns: ROW_COLUMNS,
        prefix: SNAPSHOTS_PREFIX,
      }),
      jsonTable(this, 'ExportRuns', {
        ...common,
        tableName: 'export_runs',
        description: 'One row per published snapshot: how its run went, and what was published',
        columns: MANIFEST_COLUMNS,
        prefix: MANIFESTS_PREFIX,
      }),
    ];
  }

  private views(): readonly CfnTable[] {
    return VIEWS.map((view) => viewTable(this, view.name, view, this.databaseName));
  }
}
