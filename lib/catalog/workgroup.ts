import { ArnFormat, Stack } from 'aws-cdk-lib';
import { CfnNamedQuery, CfnWorkGroup } from 'aws-cdk-lib/aws-athena';
import { Effect, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { SAVED_QUERIES } from '../../sql/saved-queries.ts';

/**
 * Stops a query that reads more than 10 GiB: about 5 US cents at 5 US dollars per TB, and more than
 * ten years of daily snapshots of 10,000 users (docs/athena.md, Cost).
 */
const BYTES_SCANNED_LIMIT = 10 * 1024 ** 3;

export interface WorkgroupProps {
  readonly workgroupName: string;
  readonly databaseName: string;
  /** See `CatalogProps`. */
  readonly queryResultsBucket?: IBucket | undefined;
  /**
   * Encrypts the answers.
   *
   * @default - in a bucket the bucket's key, else keys of AWS
   */
  readonly encryptionKey?: IKey | undefined;
}

/**
 * Where analysts run their queries, and find the saved ones.
 *
 * Unless a bucket is given, Athena keeps the results, encrypted, for 24 hours: no bucket to own, to empty or to grant writes to
 * (docs/adr/0022-managed-query-results.md).
 */
export class Workgroup extends Construct {
  readonly workgroup: CfnWorkGroup;

  constructor(scope: Construct, id: string, props: WorkgroupProps) {
    super(scope, id);
    const { workgroupName, databaseName, queryResultsBucket, encryptionKey } = props;
    this.workgroup = new CfnWorkGroup(this, 'Workgroup', {
      name: workgroupName,
      description: "Questions about the proficiencies of Amazon Connect's users",
      // Every query ever run counts as content: without it the stack could not be deleted.
      recursiveDeleteOption: true,
      workGroupConfiguration: {
        enforceWorkGroupConfiguration: true,
        engineVersion: { selectedEngineVersion: 'Athena engine version 3' },
        publishCloudWatchMetricsEnabled: true,
        bytesScannedCutoffPerQuery: BYTES_SCANNED_LIMIT,
        ...(queryResultsBucket
          ? resultsIn(queryResultsBucket, workgroupName, encryptionKey)
          : keptResults(encryptionKey)),
      },
    });
    if (!queryResultsBucket) {
      encryptionKey?.addToResourcePolicy(resultsKeyStatement(this, workgroupName));
    }
    this.saveQueries(databaseName);
  }

  private saveQueries(databaseName: string): void {
    for (const { name, question, sql } of SAVED_QUERIES) {
      new CfnNamedQuery(this, name, {
        name,
        description: question,
        database: databaseName,
        workGroup: this.workgroup.ref,
        queryString: sql,
      });
    }
  }
}

/** Where the answers are; a workgroup has one of the two. */
type ResultsConfiguration = Pick<
  CfnWorkGroup.WorkGroupConfigurationProperty,
  'managedQueryResultsConfiguration' | 'resultConfiguration'
>;

const keptResults = (encryptionKey: IKey | undefined): ResultsConfiguration => ({
  managedQueryResultsConfiguration: {
    enabled: true,
    ...(encryptionKey && { encryptionConfiguration: { kmsKey: encryptionKey.keyArn } }),
  },
});

/** Each workgroup has a folder of its own, so that several can share a bucket. */
export const resultsPrefix = (workgroupName: string): string => `${workgroupName}/`;

/** Managed results are off unless they are given (AWS CloudFormation Template Reference). */
function resultsIn(
  bucket: IBucket,
  workgroupName: string,
  encryptionKey = bucket.encryptionKey,
): ResultsConfiguration {
  return {
    resultConfiguration: {
      outputLocation: bucket.s3UrlForObject(resultsPrefix(workgroupName)),
      encryptionConfiguration: encryptionKey
        ? { encryptionOption: 'SSE_KMS', kmsKey: encryptionKey.keyArn }
        : { encryptionOption: 'SSE_S3' },
    },
  };
}

/** Lets Athena encrypt results with the key, for this workgroup alone (Athena User Guide, "Managed query results"). */
function resultsKeyStatement(scope: Construct, workgroupName: string): PolicyStatement {
  const stack = Stack.of(scope);
  const workgroupArn = stack.formatArn({
    service: 'athena',
    resource: 'workgroup',
    resourceName: workgroupName,
    arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
  });
  return new PolicyStatement({
    // No sid: one key may serve several exporters, and a policy takes each sid once.
    effect: Effect.ALLOW,
    principals: [new ServicePrincipal('encryption.athena.amazonaws.com')],
    actions: ['kms:Decrypt', 'kms:GenerateDataKey', 'kms:DescribeKey'],
    resources: ['*'],
    conditions: {
      ArnLike: {
        'kms:EncryptionContext:aws:athena:arn': workgroupArn,
        'aws:SourceArn': workgroupArn,
      },
      StringEquals: { 'aws:SourceAccount': stack.account },
    },
  });
}
