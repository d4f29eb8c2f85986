import { Aws, Names } from 'aws-cdk-lib';
import { CfnDatabase, type CfnTable } from 'aws-cdk-lib/aws-glue';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { z } from 'zod';
import { parseInstance } from '../../lambda/contract/instance.ts';
import { MANIFESTS_PREFIX, SNAPSHOTS_PREFIX } from '../../lambda/contract/keys.ts';
import { MANIFEST_COLUMNS } from '../../lambda/contract/manifest.ts';
import { ROW_COLUMNS } from '../../lambda/contract/row.ts';
import { jsonTable } from './json-table.ts';
import { viewTable } from './view-table.ts';
import { VIEWS } from './views.ts';
import { Workgroup } from './workgroup.ts';

export interface CatalogProps {
  /** The bucket that snapshots and manifests are in. */
  readonly bucket: IBucket;
  /** Ids (not ARNs) of the instances whose snapshots can be queried; at least one. */
  readonly instanceIds: readonly string[];
  /**
   * Encrypts query results; its key policy is extended where the key is of this app.
   *
   * @default - a key that AWS owns: no cost, no key policy to maintain
   */
  readonly encryptionKey?: IKey | undefined;
  /**
   * The first day that may have a snapshot, `yyyy-MM-dd`. Each query that names no date makes Athena
   * look for every day since.
   *
   * @default 2026-01-01, before which this software did not exist
   */
  readonly firstSnapshotDate?: string | undefined;
}

const DEFAULT_FIRST_SNAPSHOT_DATE = '2026-01-01';

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
      instanceIds: checkInstanceIds(props.instanceIds),
      firstSnapshotDate: checkDate(props.firstSnapshotDate ?? DEFAULT_FIRST_SNAPSHOT_DATE),
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

function checkInstanceIds(instanceIds: readonly string[]): readonly string[] {
  if (instanceIds.length === 0)
    throw new Error('instanceIds is empty; name at least one instance.');
  const wrong = instanceIds.find((id) => parseInstance(id)?.id !== id);
  if (wrong === undefined) return instanceIds;
  throw new Error(`instanceIds has "${wrong}"; expected the instance's id, a lower-case UUID.`);
}

function checkDate(date: string): string {
  if (z.iso.date().safeParse(date).success) return date;
  throw new Error(`firstSnapshotDate is "${date}"; expected a date as yyyy-MM-dd.`);
}
