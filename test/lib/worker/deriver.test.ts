import { Match } from 'aws-cdk-lib/assertions';
import { synthesize } from '../../support/synthesize.ts';

const kmsKeyArn = 'arn:aws:kms:us-east-1:111122223333:key/12345678-1234-4234-8234-123456789012';

const inVpc = {
  vpcId: 'vpc-0123456789abcdef0',
  subnetIds: 'subnet-0123456789abcdef0',
  securityGroupIds: 'sg-0123456789abcdef0',
};
/** Settings of a stack that has all that a function may be given. */
const guarded = { ...inVpc, serverSideEncryption: 'aws:kms', kmsKeyArn };

/** Properties of the function, found by what it is for. */
const deriverOf = (context: Record<string, unknown> = {}) =>
  Object.entries(synthesize(context).findResources('AWS::Lambda::Function')).find(([id]) =>
    id.startsWith('ExporterDeriverFunction'),
  )?.[1].Properties;

describe('the deriver', () => {
  it('has a processor of its own for as long as Lambda allows', () => {
    expect(deriverOf()).toMatchObject({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
      Timeout: 900,
      MemorySize: 1769,
    });
    expect(deriverOf()).not.toHaveProperty('TracingConfig');
    expect(deriverOf()).not.toHaveProperty('ReservedConcurrentExecutions');
  });

  it('knows the bucket and its encryption, and nothing of an instance', () => {
    expect(deriverOf().Environment.Variables).toEqual({
      EXPORT_BUCKET: { Ref: 'ProficiencyDataBucket' },
      NODE_OPTIONS: '--enable-source-maps',
    });
    expect(deriverOf(guarded).Environment.Variables).toMatchObject({
      SERVER_SIDE_ENCRYPTION: 'aws:kms',
      SSE_KMS_KEY_ID: kmsKeyArn,
    });
  });

  it('runs where the worker runs', () => {
    expect(deriverOf(guarded)).toMatchObject({
      VpcConfig: { SubnetIds: [inVpc.subnetIds], SecurityGroupIds: [inVpc.securityGroupIds] },
    });
  });

  it('logs as JSON into a group of its own', () => {
    synthesize().hasResourceProperties('AWS::Lambda::Function', {
      LoggingConfig: {
        LogFormat: 'JSON',
        LogGroup: { Ref: Match.stringLikeRegexp('DeriverLogs') },
      },
    });
  });
});
