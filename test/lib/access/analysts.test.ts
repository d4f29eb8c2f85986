import { readFileSync } from 'node:fs';
import { Stack } from 'aws-cdk-lib';
import { Policy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket, type IBucket } from 'aws-cdk-lib/aws-s3';
import * as z from 'zod';
import { ProficiencyExporter } from '../../../lib/proficiency-exporter.ts';
import { TABLES } from '../../../sql/tables.ts';
import {
  type AccessRequest,
  allows,
  idleGrants,
  type Statement,
  singleGrants,
  statementsOf,
  statementsSchema,
} from '../../support/iam-policy.ts';
import { INSTANCE_A, theirApp } from '../../support/synthesize.ts';

/** The words that docs/athena.md leaves to its reader. */
const FILL = { 'AWS::Partition': 'aws', 'AWS::Region': 'REGION', 'AWS::AccountId': 'ACCOUNT' };

interface Brought {
  readonly encryptionKey?: (stack: Stack) => Key;
  readonly queryResultsBucket?: (stack: Stack) => IBucket;
}

/** What an analyst is granted, with those words for what the exporter is called. */
function granted({ encryptionKey, queryResultsBucket }: Brought = {}): readonly Statement[] {
  const stack = new Stack(theirApp(), 'Theirs');
  const analyst = new Role(stack, 'Analyst', {
    assumedBy: new ServicePrincipal('ec2.amazonaws.com'),
  });
  const exporter = new ProficiencyExporter(stack, 'Exporter', {
    instanceIds: [INSTANCE_A],
    bucket: Bucket.fromBucketName(stack, 'Bucket', 'BUCKET') as IBucket,
    encryptionKey: encryptionKey?.(stack),
    queryResultsBucket: queryResultsBucket?.(stack),
  });
  exporter.grantQuery(analyst);
  const { databaseName, workgroupName } = exporter.catalog;
  const policy = analyst.node.findAll().find((one) => one instanceof Policy);
  const text = JSON.stringify(statementsOf(stack.resolve(policy?.document), FILL))
    .replaceAll(databaseName, 'DATABASE')
    .replaceAll(workgroupName, 'WORKGROUP');
  return statementsSchema.parse(JSON.parse(text));
}

/** Every single permission, on a line. */
const permissions = (statements: readonly Statement[]): string[] =>
  singleGrants(statements)
    .map(({ Action, Resource, Condition }) => `${Action} ${Resource} ${JSON.stringify(Condition)}`)
    .sort();

const policySchema = z.object({ Statement: statementsSchema });

const policy = granted();

/** What more lines there are of one than of another. */
const more = (than: readonly string[], lines: readonly string[]): readonly string[] =>
  lines.filter((line) => !than.includes(line));

const withResults = granted({
  queryResultsBucket: (stack) => Bucket.fromBucketName(stack, 'Results', 'RESULTS') as IBucket,
});

const [, section = ''] = readFileSync('docs/athena.md', 'utf8').split('## Giving analysts access');
const shown = [...section.matchAll(/```json\n(.*?)```/gs)].map(([, json = '']) => JSON.parse(json));

test("the grant is the analysts' policy that docs/athena.md shows", () => {
  const { Statement } = policySchema.parse(shown[0]);
  expect(permissions(policy)).toEqual(permissions(Statement));
});

test('with a bucket for results, the grant is what docs/athena.md adds to it', () => {
  expect(more(permissions(policy), permissions(withResults))).toEqual(
    permissions(statementsSchema.parse(shown[1])),
  );
  expect(more(permissions(withResults), permissions(policy))).toEqual([]);
});

const WORKGROUP = 'arn:aws:athena:REGION:ACCOUNT:workgroup/WORKGROUP';
const CATALOG = 'arn:aws:athena:REGION:ACCOUNT:datacatalog/AwsDataCatalog';
const GLUE = 'arn:aws:glue:REGION:ACCOUNT';
const BUCKET = 'arn:aws:s3:::BUCKET';

const on = (resource: string, ...actions: string[]): AccessRequest[] =>
  actions.map((action) => ({ action, resource }));

/** Glue asks for the catalog and the database of what is looked at, too (Glue Developer Guide, "Specifying AWS Glue resource ARNs"). */
const ofGlue = (action: string, ...resources: string[]): AccessRequest[] =>
  [`${GLUE}:catalog`, `${GLUE}:database/DATABASE`, ...resources].flatMap((resource) =>
    on(resource, action),
  );

/**
 * What IAM is asked when an analyst works with the query editor, and Athena with the analyst's permissions (Service Authorization
 * Reference, "Amazon Athena"; Athena User Guide, "Access to databases and tables in AWS Glue").
 */
const DAY_OF_AN_ANALYST: readonly AccessRequest[] = [
  // Opens the editor.
  ...on('*', 'athena:ListWorkGroups', 'athena:ListDataCatalogs', 'athena:ListEngineVersions'),
  ...on(WORKGROUP, 'athena:GetWorkGroup', 'athena:ListQueryExecutions'),
  ...on(WORKGROUP, 'athena:ListNamedQueries', 'athena:BatchGetNamedQuery', 'athena:GetNamedQuery'),
  ...on(CATALOG, 'athena:GetDataCatalog', 'athena:ListDatabases', 'athena:GetDatabase'),
  ...on(CATALOG, 'athena:ListTableMetadata', 'athena:GetTableMetadata'),
  // Runs a query, follows it and reads the answer; stops another one.
  ...on(WORKGROUP, 'athena:StartQueryExecution', 'athena:StopQueryExecution'),
  ...on(WORKGROUP, 'athena:GetQueryExecution', 'athena:BatchGetQueryExecution'),
  ...on(WORKGROUP, 'athena:GetQueryResults', 'athena:GetQueryResultsStream'),
  // Meanwhile Athena looks for the tables,
  ...ofGlue('glue:GetDatabase', `${GLUE}:database/default`),
  ...ofGlue('glue:GetDatabases', `${GLUE}:database/default`),
  ...TABLES.flatMap(({ name }) =>
    ['glue:GetTable', 'glue:GetTables', 'glue:GetPartitions'].flatMap((action) =>
      ofGlue(action, `${GLUE}:table/DATABASE/${name}`),
    ),
  ),
  // and reads what they are made of.
  ...on(BUCKET, 's3:GetBucketLocation'),
  ...TABLES.flatMap(({ prefix }) => [
    {
      action: 's3:ListBucket',
      resource: BUCKET,
      context: { 's3:prefix': `${prefix}instance_id=i/` },
    },
    ...on(`${BUCKET}/${prefix}instance_id=i/object.gz`, 's3:GetObject'),
  ]),
];

test('an analyst may do all that a day in the query editor takes', () => {
  expect(DAY_OF_AN_ANALYST.filter((request) => !allows(policy, request))).toEqual([]);
});

test('no permission is granted that such a day does not take', () => {
  expect(permissions(idleGrants(policy, DAY_OF_AN_ANALYST))).toEqual([]);
});

const RESULTS = 'arn:aws:s3:::RESULTS';
const ANSWER = `${RESULTS}/WORKGROUP/answer.csv`;

/** What Athena asks S3 for with the analyst's permissions when it writes an answer, and a client that fetches it there. */
const AN_ANSWER: readonly AccessRequest[] = [
  ...on(RESULTS, 's3:GetBucketLocation', 's3:ListBucketMultipartUploads'),
  { action: 's3:ListBucket', resource: RESULTS, context: { 's3:prefix': 'WORKGROUP/answer' } },
  ...on(ANSWER, 's3:GetObject', 's3:PutObject'),
  ...on(ANSWER, 's3:AbortMultipartUpload', 's3:ListMultipartUploadParts'),
];

test('answers are written for an analyst where there is a bucket for them, below the name of the workgroup alone', () => {
  expect(AN_ANSWER.filter((request) => !allows(withResults, request))).toEqual([]);
  expect(permissions(idleGrants(withResults, [...DAY_OF_AN_ANALYST, ...AN_ANSWER]))).toEqual([]);
  const ofOthers: AccessRequest[] = [
    ...on(`${RESULTS}/OTHER/answer.csv`, 's3:GetObject', 's3:PutObject'),
    ...on(ANSWER, 's3:DeleteObject'),
    { action: 's3:ListBucket', resource: RESULTS, context: { 's3:prefix': 'OTHER/' } },
  ];
  expect(ofOthers.filter((request) => allows(withResults, request))).toEqual([]);
  expect(AN_ANSWER.filter((request) => allows(policy, request))).toEqual([]);
});

test('another workgroup, another database, writing and working files are out of reach', () => {
  const outOfReach: AccessRequest[] = [
    ...on('arn:aws:athena:REGION:ACCOUNT:workgroup/primary', 'athena:StartQueryExecution'),
    ...on(
      WORKGROUP,
      'athena:UpdateWorkGroup',
      'athena:CreateNamedQuery',
      'athena:DeleteNamedQuery',
    ),
    ...on(`${GLUE}:table/payroll/salaries`, 'glue:GetTable'),
    ...on(`${GLUE}:table/DATABASE/export_runs`, 'glue:UpdateTable', 'glue:DeleteTable'),
    ...on(`${BUCKET}/runs/key`, 's3:GetObject'),
    ...on(`${BUCKET}/snapshots/key`, 's3:PutObject', 's3:DeleteObject', 's3:GetObjectVersion'),
    ...on(BUCKET, 's3:ListBucket'),
    { action: 's3:ListBucket', resource: BUCKET, context: { 's3:prefix': 'runs/' } },
  ];
  expect(outOfReach.filter((request) => allows(policy, request))).toEqual([]);
});

test('where there is a key, an analyst may use it, and Athena for each workgroup', () => {
  const useOfKey = [
    expect.stringMatching(/^kms:Decrypt <Key.+\.Arn> /),
    expect.stringMatching(/^kms:GenerateDataKey <Key.+\.Arn> /),
  ];
  const withKey = granted({ encryptionKey: (stack) => new Key(stack, 'Key') });
  expect(more(permissions(policy), permissions(withKey))).toEqual(useOfKey);
  const withKeyOfResults = granted({
    queryResultsBucket: (stack) =>
      Bucket.fromBucketAttributes(stack, 'Results', {
        bucketName: 'RESULTS',
        encryptionKey: new Key(stack, 'Key'),
      }) as IBucket,
  });
  expect(more(permissions(withResults), permissions(withKeyOfResults))).toEqual(useOfKey);
});
