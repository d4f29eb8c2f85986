import { ArnFormat, Stack } from 'aws-cdk-lib';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { CatalogNames } from '../catalog/catalog.ts';
import { resultsPrefix } from '../catalog/workgroup.ts';
import { type Encrypted, keysOf, PUBLISHED_PREFIXES } from './readers.ts';

/** What the query editor calls to run queries, to show their answers, and to list saved and past ones. */
const IN_WORKGROUP = [
  'athena:GetWorkGroup',
  'athena:StartQueryExecution',
  'athena:StopQueryExecution',
  'athena:GetQueryExecution',
  'athena:BatchGetQueryExecution',
  'athena:ListQueryExecutions',
  'athena:GetQueryResults',
  'athena:GetQueryResultsStream',
  'athena:ListNamedQueries',
  'athena:GetNamedQuery',
  'athena:BatchGetNamedQuery',
];

/** What it calls to let people choose. They know no resources. */
const IN_CONSOLE = [
  'athena:ListWorkGroups',
  'athena:ListDataCatalogs',
  'athena:ListEngineVersions',
];

const IN_CATALOG = [
  'athena:GetDataCatalog',
  'athena:GetDatabase',
  'athena:ListDatabases',
  'athena:GetTableMetadata',
  'athena:ListTableMetadata',
];

const OF_DATABASES = ['glue:GetDatabase', 'glue:GetDatabases'];

const OF_TABLES = ['glue:GetTable', 'glue:GetTables', 'glue:GetPartitions'];

/** What Athena does for whoever asks with an answer and with its parts (Athena User Guide, "AmazonAthenaFullAccess"). */
const OF_RESULTS = [
  's3:GetObject',
  's3:PutObject',
  's3:AbortMultipartUpload',
  's3:ListMultipartUploadParts',
];

/** To read what is encrypted with a key, and to write answers with it. */
const OF_KEYS = ['kms:Decrypt', 'kms:GenerateDataKey'];

/** What an analyst asks of, and what it is called in Athena. */
export interface Asked extends Encrypted {
  readonly catalog: CatalogNames;
  /** Where answers are written; `undefined` where Athena keeps them itself. */
  readonly queryResultsBucket?: IBucket | undefined;
}

/**
 * Lets an analyst ask in Athena, and do nothing else. It grants no writing but that of the answers, where Athena does not keep them
 * itself.
 */
export function grantQuery(scope: Construct, grantee: IGrantable, asked: Asked): Grant {
  const { databaseName, workgroupName } = asked.catalog;
  const { bucket, queryResultsBucket } = asked;
  const arnOf = (service: string, resource: string, resourceName?: string): string =>
    Stack.of(scope).formatArn({
      service,
      resource,
      ...(resourceName && { resourceName, arnFormat: ArnFormat.SLASH_RESOURCE_NAME }),
    });
  const catalog = arnOf('glue', 'catalog');
  const database = arnOf('glue', 'database', databaseName);
  const allow = allowing(grantee);

  return [
    allow(IN_WORKGROUP, arnOf('athena', 'workgroup', workgroupName)),
    allow(IN_CONSOLE, '*'),
    allow(IN_CATALOG, arnOf('athena', 'datacatalog', 'AwsDataCatalog')),
    // Athena looks for the default database, whatever the query is about.
    allow(OF_DATABASES, catalog, arnOf('glue', 'database', 'default'), database),
    allow(OF_TABLES, catalog, database, arnOf('glue', 'table', `${databaseName}/*`)),
    grantListing(grantee, bucket, PUBLISHED_PREFIXES),
    allow(['s3:GetObject'], ...PUBLISHED_PREFIXES.map((prefix) => bucket.arnForObjects(prefix))),
    allow(['s3:GetBucketLocation'], bucket.bucketArn),
    ...keysOf(asked).map((key) => key.grant(grantee, ...OF_KEYS)),
    ...(queryResultsBucket ? grantResults(grantee, queryResultsBucket, workgroupName) : []),
  ].reduce((all, grant) => all.combine(grant));
}

/** Lets Athena write the answers for whoever asks, and lets clients fetch them there. */
function grantResults(grantee: IGrantable, results: IBucket, workgroupName: string): Grant[] {
  const prefix = `${resultsPrefix(workgroupName)}*`;
  const allow = allowing(grantee);
  return [
    allow(['s3:GetBucketLocation', 's3:ListBucketMultipartUploads'], results.bucketArn),
    grantListing(grantee, results, [prefix]),
    allow(OF_RESULTS, results.arnForObjects(prefix)),
    ...keysOf({ bucket: results }).map((key) => key.grant(grantee, ...OF_KEYS)),
  ];
}

/** Allows a grantee actions on resources. */
const allowing =
  (grantee: IGrantable) =>
  (actions: string[], ...resourceArns: string[]): Grant =>
    Grant.addToPrincipal({ grantee, actions, resourceArns });

/** Lets a grantee list what lies below some prefixes of a bucket, and nothing else of it. */
const grantListing = (grantee: IGrantable, bucket: IBucket, prefixes: readonly string[]): Grant =>
  Grant.addToPrincipal({
    grantee,
    actions: ['s3:ListBucket'],
    resourceArns: [bucket.bucketArn],
    conditions: { StringLike: { 's3:prefix': prefixes } },
  });
