import { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { ProficiencyExporter } from '../../lib/proficiency-exporter.ts';
import { INSTANCE_A, synthesize, testApp, UNCHECKED } from '../support/synthesize.ts';

const kmsKeyArn = 'arn:aws:kms:us-east-1:111122223333:key/12345678-1234-4234-8234-123456789012';

describe('a key that is given', () => {
  const template = synthesize({ kmsKeyArn });

  it.each([
    ['AWS::SNS::Topic', { KmsMasterKeyId: kmsKeyArn }],
    ['AWS::SQS::Queue', { KmsMasterKeyId: kmsKeyArn, SqsManagedSseEnabled: Match.absent() }],
    ['AWS::Logs::LogGroup', { KmsKeyId: kmsKeyArn }],
    ['AWS::Lambda::Function', { KmsKeyArn: kmsKeyArn }],
  ])('encrypts every %s', (type, properties) => {
    expect(Object.keys(template.findResources(type))).not.toEqual([]);
    template.allResourcesProperties(type, properties);
  });

  it.each(['lambda.amazonaws.com', 'scheduler.amazonaws.com'])(
    'may be used by the role of %s',
    (service) => {
      const [role] = Object.keys(
        template.findResources('AWS::IAM::Role', {
          Properties: {
            AssumeRolePolicyDocument: {
              Statement: [Match.objectLike({ Principal: { Service: service } })],
            },
          },
        }),
      );
      template.hasResourceProperties('AWS::IAM::Policy', {
        Roles: [{ Ref: role }],
        PolicyDocument: {
          Statement: Match.arrayWith([
            Match.objectLike({
              Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
              Resource: kmsKeyArn,
            }),
          ]),
        },
      });
    },
  );
});

it('a key of the same app is opened to CloudWatch Logs and to alarms', () => {
  const stack = new Stack(testApp({}, UNCHECKED), 'Theirs');
  const encryptionKey = new Key(stack, 'Key');
  new ProficiencyExporter(stack, 'Exporter', { instanceIds: [INSTANCE_A], encryptionKey });
  const opened = (principal: unknown, actions: unknown) =>
    Match.objectLike({ Principal: { Service: principal }, Action: actions });
  Template.fromStack(stack).hasResourceProperties('AWS::KMS::Key', {
    KeyPolicy: {
      Statement: Match.arrayWith([
        opened(
          { 'Fn::Join': ['', ['logs.', { Ref: 'AWS::Region' }, '.amazonaws.com']] },
          Match.arrayWith(['kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey*']),
        ),
        opened('cloudwatch.amazonaws.com', ['kms:Decrypt', 'kms:GenerateDataKey*']),
      ]),
    },
  });
});
