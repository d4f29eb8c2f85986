import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { z } from 'zod';
import { ENVIRONMENT } from '../../../contract/environment.ts';
import { METRICS_NAMESPACE } from '../../../contract/metrics.ts';
import { resolveSettings } from '../../../lib/settings/resolve.ts';
import type { ExporterSettings } from '../../../lib/settings/schema.ts';
import { Worker } from '../../../lib/worker/worker.ts';
import {
  INSTANCE_A,
  INSTANCE_B,
  synthesize,
  testApp,
  UNCHECKED,
} from '../../support/synthesize.ts';

const kmsKeyArn = 'arn:aws:kms:us-east-1:111122223333:key/12345678-1234-4234-8234-123456789012';

/** The worker alone in a stack. */
function workerWith({
  isEncrypted = false,
  ...settings
}: Partial<ExporterSettings> & { isEncrypted?: boolean }) {
  const stack = new Stack(testApp({}, UNCHECKED), 'Theirs');
  new Worker(stack, 'Worker', {
    ...resolveSettings({ instanceIds: [INSTANCE_A], ...settings }),
    bucket: Bucket.fromBucketName(stack, 'Bucket', 'bucket'),
    removalPolicy: RemovalPolicy.RETAIN,
    ...(isEncrypted && { encryptionKey: Key.fromKeyArn(stack, 'Key', kmsKeyArn) }),
  });
  return Template.fromStack(stack);
}

const statementsOf = (template: Template) =>
  Object.values(template.findResources('AWS::IAM::Policy')).flatMap(
    ({ Properties }) => Properties.PolicyDocument.Statement,
  );

describe('the worker', () => {
  const template = synthesize();
  const hasFunction = (properties: object) =>
    template.hasResourceProperties('AWS::Lambda::Function', properties);

  it('runs on the newest Node.js, on ARM, as long as Lambda allows', () => {
    hasFunction({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
      Timeout: 900,
      MemorySize: 512,
    });
  });

  it('reserves no concurrency: new accounts have none to spare', () => {
    hasFunction({ ReservedConcurrentExecutions: Match.absent() });
  });

  it('knows by its environment what was configured, and no secrets', () => {
    hasFunction({
      Environment: {
        Variables: {
          EXPORT_BUCKET: { Ref: 'ProficiencyDataBucket' },
          SNAPSHOT_TIME_ZONE: 'UTC',
          SNAPSHOT_SCHEDULE: 'cron(0 2 * * ? *)',
          QUOTA_SHARE: '0.8',
          ALLOWED_FAILED_USERS: '0',
          INCLUDE_USERNAMES: 'true',
          NODE_OPTIONS: '--enable-source-maps',
        },
      },
    });
  });

  it('takes a fixed rate instead of a share', () => {
    const settings = { requestsPerSecond: 1.5, includeUsernames: false, allowedFailedUsers: 3 };
    workerWith(settings).hasResourceProperties('AWS::Lambda::Function', {
      Environment: {
        Variables: {
          REQUESTS_PER_SECOND: '1.5',
          QUOTA_SHARE: Match.absent(),
          INCLUDE_USERNAMES: 'false',
          ALLOWED_FAILED_USERS: '3',
        },
      },
    });
  });

  it.each<[Partial<ExporterSettings>, unknown]>([
    [{ schedule: 'rate(12 hours)' }, 'rate(12 hours)'],
    [{ scheduleEnabled: false }, Match.absent()],
    [{ scheduleEnabled: false, snapshotExpectedWithinHours: 27 }, 'rate(27 hours)'],
    [{ scheduleEnabled: false, snapshotExpectedWithinHours: 1 }, 'rate(1 hour)'],
    [{ snapshotExpectedWithinHours: 'off' }, 'cron(0 2 * * ? *)'],
  ])('is told when snapshots are due: %j', (settings, SNAPSHOT_SCHEDULE) => {
    workerWith(settings).hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: { SNAPSHOT_SCHEDULE } },
    });
  });

  it.each([
    [
      { serverSideEncryption: 'aws:kms', isEncrypted: true },
      { SERVER_SIDE_ENCRYPTION: 'aws:kms', SSE_KMS_KEY_ID: kmsKeyArn },
    ],
    [
      { serverSideEncryption: 'aws:kms' },
      { SERVER_SIDE_ENCRYPTION: 'aws:kms', SSE_KMS_KEY_ID: Match.absent() },
    ],
    [
      { serverSideEncryption: 'AES256' },
      { SERVER_SIDE_ENCRYPTION: 'AES256', SSE_KMS_KEY_ID: Match.absent() },
    ],
    [
      { isEncrypted: true },
      { SERVER_SIDE_ENCRYPTION: Match.absent(), SSE_KMS_KEY_ID: Match.absent() },
    ],
  ] as const)('is told the encryption to ask S3 for: %j', (settings, Variables) => {
    workerWith(settings).hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables },
    });
  });

  it('is given every variable that the contract names', () => {
    const given = [
      template,
      workerWith({ requestsPerSecond: 1.5, serverSideEncryption: 'aws:kms', isEncrypted: true }),
    ]
      .flatMap((stack) => Object.values(stack.findResources('AWS::Lambda::Function')))
      .flatMap(({ Properties }) => Object.keys(Properties.Environment?.Variables ?? {}));
    expect(given).toEqual(expect.arrayContaining(Object.values(ENVIRONMENT)));
  });

  it('logs as JSON into a group of its own that forgets', () => {
    hasFunction({
      LoggingConfig: { LogFormat: 'JSON', LogGroup: { Ref: Match.stringLikeRegexp('WorkerLogs') } },
    });
    for (const { Properties } of Object.values(template.findResources('AWS::Logs::LogGroup'))) {
      expect(Properties.RetentionInDays).toBe(90);
    }
  });
});

describe("the worker's permissions", () => {
  it('name the configured instances and nothing else of Connect', () => {
    const connect = statementsOf(workerWith({ instanceIds: [INSTANCE_A, INSTANCE_B] })).filter(
      ({ Action }) => String(Action).startsWith('connect:'),
    );
    const both = (...parts: string[]) =>
      [INSTANCE_A, INSTANCE_B].flatMap((id) => parts.map((part) => `instance/${id}${part}`));
    expect(
      connect.map(({ Action, Resource }) => [
        [Action].flat().sort(),
        JSON.stringify(Resource).match(/instance\/[^"]*/g),
      ]),
    ).toEqual([
      [['connect:ListUsers'], both('')],
      [['connect:ListUserProficiencies'], both('', '/agent/*')],
      [['connect:DescribeUser', 'connect:ListUserProficiencies', 'connect:SearchUsers'], both('')],
      [['connect:ListRoutingProfiles'], both('')],
      [
        ['connect:DescribeUserHierarchyGroup', 'connect:SearchUserHierarchyGroups'],
        both('', '/agent-group/*'),
      ],
      [['connect:DescribePredefinedAttribute', 'connect:SearchPredefinedAttributes'], both('')],
    ]);
  });

  it('name no operation, and no quota of one, that the settings do not ask for', () => {
    const statements = statementsOf(
      workerWith({ includeUserDetails: 'off', includePredefinedAttributes: false }),
    );
    const actions = statements
      .flatMap(({ Action }) => Action)
      .filter((one) => one.startsWith('connect:'));
    expect(actions).toEqual(['connect:ListUsers', 'connect:ListUserProficiencies']);
    expect(
      JSON.stringify(statements)
        .match(/L-[0-9A-F]{8}/g)
        ?.sort(),
    ).toEqual(['L-A59C54EE', 'L-CCC38177']);
  });

  it('do not name a former instance, which is not exported either', () => {
    const template = synthesize({ kmsKeyArn, formerInstanceIds: INSTANCE_B });
    const naming = Object.values(template.toJSON().Resources)
      .filter((resource) => JSON.stringify(resource).includes(INSTANCE_B))
      .map((resource) => z.object({ Type: z.string() }).parse(resource).Type);
    expect(new Set(naming)).toEqual(new Set(['AWS::Glue::Table']));
  });

  it('include the use of a key only where there is one', () => {
    const ofKey = ({ Action }: { Action: unknown }) => JSON.stringify(Action).includes('kms:');
    expect(statementsOf(synthesize()).filter(ofKey)).toEqual([]);
    const use = expect.objectContaining({
      Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
      Resource: kmsKeyArn,
    });
    // The functions', and the schedule's for its queue.
    expect(
      statementsOf(synthesize({ kmsKeyArn, formerInstanceIds: INSTANCE_B })).filter(ofKey),
    ).toEqual([use, use, use]);
  });

  it('allow nothing on everything, but for the delivery of logs and one namespace of metrics', () => {
    const onEverything = statementsOf(synthesize()).filter(({ Resource }) => Resource === '*');
    expect(onEverything).toEqual([
      expect.objectContaining({ Action: expect.arrayContaining(['logs:CreateLogDelivery']) }),
      {
        Sid: 'ReportFailure',
        Effect: 'Allow',
        Action: 'cloudwatch:PutMetricData',
        Resource: '*',
        Condition: { StringEquals: { 'cloudwatch:namespace': METRICS_NAMESPACE } },
      },
    ]);
  });
});
