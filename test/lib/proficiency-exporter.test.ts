import { type App, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Policy } from 'aws-cdk-lib/aws-iam';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import { Bucket, BucketEncryption, type IBucket } from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { AwsSolutionsChecks } from 'cdk-nag';
import { ProficiencyExporter } from '../../lib/proficiency-exporter.ts';
import type { ProficiencyExporterProps } from '../../lib/proficiency-exporter-props.ts';
import { FULL } from '../support/breadth.ts';
import { INSTANCE_A, testApp, UNCHECKED } from '../support/synthesize.ts';

/** A stack of somebody else's app, with an exporter in it. */
function someoneElsesStack(): { app: App; stack: Stack } {
  const app = testApp({}, UNCHECKED);
  return {
    app,
    stack: new Stack(app, 'Theirs', { env: { account: '111122223333', region: 'eu-west-1' } }),
  };
}

const embed = (stack: Stack, props: Partial<ProficiencyExporterProps> = {}): ProficiencyExporter =>
  new ProficiencyExporter(stack, 'Exporter', { instanceIds: [INSTANCE_A], ...props });

const theirVpc = (stack: Stack) =>
  Vpc.fromVpcAttributes(stack, 'Vpc', {
    vpcId: 'vpc-1',
    availabilityZones: ['eu-west-1a'],
    privateSubnetIds: ['subnet-1'],
    privateSubnetRouteTableIds: ['rtb-1'],
  });

const THEIR_KEY_ARN = 'arn:aws:kms:eu-west-1:111122223333:key/12345678-1234-4234-8234-123456789012';

const theirKey = (stack: Stack) => Key.fromKeyArn(stack, 'Key', THEIR_KEY_ARN);

describe('the exporter in another app', () => {
  it('uses the bucket, key, topic and VPC it is given, and makes none', () => {
    const { stack } = someoneElsesStack();
    embed(stack, {
      bucket: Bucket.fromBucketName(stack, 'TheirBucket', 'their-bucket') as IBucket,
      encryptionKey: theirKey(stack),
      alarmTopic: Topic.fromTopicArn(
        stack,
        'TheirTopic',
        'arn:aws:sns:eu-west-1:111122223333:theirs',
      ),
      vpc: theirVpc(stack),
      vpcSubnets: { subnetType: SubnetType.PRIVATE_WITH_EGRESS },
    });
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::S3::Bucket', 0);
    template.resourceCountIs('AWS::SNS::Topic', 0);
    template.resourceCountIs('AWS::KMS::Key', 0);
    template.hasResourceProperties('AWS::Lambda::Function', {
      VpcConfig: { SubnetIds: ['subnet-1'] },
      Environment: { Variables: { EXPORT_BUCKET: 'their-bucket' } },
    });
    template.allResourcesProperties('AWS::CloudWatch::Alarm', {
      AlarmActions: ['arn:aws:sns:eu-west-1:111122223333:theirs'],
    });
  });

  describe('may use the key of the bucket it is given', () => {
    /** By the worker; the deriver may use the same. */
    const keysUsed = (props: (stack: Stack) => Partial<ProficiencyExporterProps>): unknown[] => {
      const { stack } = someoneElsesStack();
      const { node } = embed(stack, props(stack));
      const policies = node.findAll().filter((one) => one instanceof Policy);
      const keysOf = (name: string): unknown[] =>
        policies
          .filter((policy) => policy.node.path.includes(`/${name}/Role/`))
          .flatMap(({ document }) => stack.resolve(document).Statement)
          .filter(({ Sid }) => Sid === 'UseKeyOfBucket')
          .flatMap(({ Resource }) => Resource);
      expect(keysOf('Deriver')).toEqual(keysOf('Worker'));
      return keysOf('Worker');
    };
    const bucketWith = (stack: Stack, encryptionKey: IKey): IBucket =>
      Bucket.fromBucketAttributes(stack, 'TheirBucket', {
        bucketName: 'their-bucket',
        encryptionKey,
      }) as IBucket;

    it('where the bucket names it', () => {
      expect(keysUsed((stack) => ({ bucket: bucketWith(stack, theirKey(stack)) }))).toEqual([
        THEIR_KEY_ARN,
      ]);
    });

    it('where the CDK made it with the bucket', () => {
      const made = (stack: Stack) =>
        new Bucket(stack, 'TheirBucket', { encryption: BucketEncryption.KMS }) as IBucket;
      expect(keysUsed((stack) => ({ bucket: made(stack) }))).toEqual([
        { 'Fn::GetAtt': [expect.stringMatching(/^TheirBucketKey/), 'Arn'] },
      ]);
    });

    it('once, where the same key is given beside it, and both where it is another', () => {
      const both = (stack: Stack, encryptionKey: IKey) => ({
        bucket: bucketWith(stack, theirKey(stack)),
        encryptionKey,
      });
      expect(
        keysUsed((stack) => both(stack, Key.fromKeyArn(stack, 'Same', THEIR_KEY_ARN))),
      ).toEqual([THEIR_KEY_ARN]);
      const other = THEIR_KEY_ARN.replace('key/1', 'key/2');
      expect(keysUsed((stack) => both(stack, Key.fromKeyArn(stack, 'Other', other)))).toEqual([
        THEIR_KEY_ARN,
        other,
      ]);
    });

    it('and names it to S3 where the header is wanted', () => {
      const { stack } = someoneElsesStack();
      embed(stack, { bucket: bucketWith(stack, theirKey(stack)), serverSideEncryption: 'aws:kms' });
      Template.fromStack(stack).hasResourceProperties('AWS::Lambda::Function', {
        Environment: { Variables: { SSE_KMS_KEY_ID: THEIR_KEY_ARN } },
      });
    });

    it('but none where there is none', () => {
      const plain = (stack: Stack) =>
        Bucket.fromBucketName(stack, 'TheirBucket', 'their-bucket') as IBucket;
      expect(keysUsed((stack) => ({ bucket: plain(stack) }))).toEqual([]);
    });
  });

  /** As it is by default, the stack of test/lib/stack.test.ts has it checked. */
  it('satisfies cdk-nag in a VPC, with a bucket and a key', () => {
    const { app, stack } = someoneElsesStack();
    embed(stack, {
      bucket: Bucket.fromBucketName(stack, 'Bucket', 'their-bucket') as IBucket,
      encryptionKey: theirKey(stack),
      vpc: theirVpc(stack),
    });
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    expect(() => app.synth()).not.toThrow();
  });

  // That cdk-nag is asked at all.
  if (FULL) {
    it('would not satisfy cdk-nag with a permission on everything', () => {
      const { app, stack } = someoneElsesStack();
      Bucket.fromBucketName(stack, 'Other', 'other').grantRead(embed(stack).worker);
      Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
      const errors = jest.spyOn(console, 'error').mockImplementation(() => undefined);
      expect(() => app.synth()).toThrow(/AwsSolutions-IAM5|Validation failed/);
      errors.mockRestore();
    });
  }

  it('delivers access logs where it is told to, and goes with its stack', () => {
    const { stack } = someoneElsesStack();
    embed(stack, {
      accessLogsBucket: new Bucket(stack, 'Logs') as IBucket,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const template = Template.fromStack(stack);
    template.hasResource('AWS::S3::Bucket', {
      Properties: {
        LoggingConfiguration: { DestinationBucketName: { Ref: Match.stringLikeRegexp('^Logs') } },
      },
      DeletionPolicy: 'Delete',
    });
    template.allResources('AWS::Logs::LogGroup', { DeletionPolicy: 'Delete' });
  });

  it('refuses a header that would keep S3 from using the key', () => {
    const { stack } = someoneElsesStack();
    const props = { encryptionKey: theirKey(stack), serverSideEncryption: 'AES256' } as const;
    expect(() => embed(stack, props)).toThrow(
      'serverSideEncryption is AES256, expected aws:kms where a KMS key is given: S3 would not use the key.',
    );
  });

  it('refuses a key of another Region than its stack', () => {
    const { stack } = someoneElsesStack();
    const encryptionKey = Key.fromKeyArn(stack, 'Key', THEIR_KEY_ARN.replace('west', 'north'));
    expect(() => embed(stack, { encryptionKey })).toThrow(
      'encryptionKey is a key of eu-north-1, expected one of eu-west-1: S3 uses no keys of other Regions.',
    );
  });

  it('checks its props as it checks a configuration', () => {
    const { stack } = someoneElsesStack();
    expect(() => embed(stack, { memoryMiB: 100, quotaShare: 2 })).toThrow(
      'quotaShare is 2, expected a share of the Connect quota above 0 and at most 1, such as 0.8.\n' +
        'memoryMiB is 100, expected a whole number of MiB from 256 to 10240.',
    );
  });
});
