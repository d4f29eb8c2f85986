import { CfnResource, type Environment, Stack, Stage, type StageProps } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { GraphWidget } from 'aws-cdk-lib/aws-cloudwatch';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Code, Function as LambdaFunctionOf, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Bucket, type IBucket } from 'aws-cdk-lib/aws-s3';
import {
  CodePipeline,
  CodePipelineSource,
  type IFileSetProducer,
  ShellStep,
} from 'aws-cdk-lib/pipelines';
import type { Construct } from 'constructs';
import { ProficiencyExporter } from '../../lib/proficiency-exporter.ts';
import type { ProficiencyExporterProps } from '../../lib/proficiency-exporter-props.ts';
import { sampled } from '../support/breadth.ts';
import { INSTANCE_A, INSTANCE_B, theirApp } from '../support/synthesize.ts';

/** A stack of somebody's app that says neither account nor Region. */
const newStack = (): Stack => new Stack(theirApp(), 'Theirs');

const embed = (
  stack: Stack,
  id = 'Exporter',
  props: Partial<ProficiencyExporterProps> = {},
): ProficiencyExporter =>
  new ProficiencyExporter(stack, id, { instanceIds: [INSTANCE_A], ...props });

describe('several exporters in one stack', () => {
  const stack = newStack();
  const encryptionKey = new Key(stack, 'Key');
  const exporters = [INSTANCE_A, INSTANCE_B].map((instanceId, index) =>
    embed(stack, `Exporter${index}`, { instanceIds: [instanceId], encryptionKey }),
  );
  const template = Template.fromStack(stack);

  it('have each what is theirs', () => {
    template.resourceCountIs('AWS::S3::Bucket', 2);
    const names = exporters.flatMap(({ catalog }) => [catalog.databaseName, catalog.workgroupName]);
    expect(new Set(names).size).toBe(4);
  });

  it('share a key, in whose policy no two statements have one sid', () => {
    const [key] = Object.values(template.findResources('AWS::KMS::Key'));
    const statements: { Sid?: string }[] = key?.Properties.KeyPolicy.Statement;
    const sids = statements.flatMap(({ Sid }) => Sid ?? []);
    expect(sids).toEqual([...new Set(sids)]);
    expect(JSON.stringify(statements).match(/encryption\.athena/g)).toHaveLength(2);
  });
});

it.each([
  ['keys of AWS', undefined],
  ['a key of the app', (stack: Stack) => ({ encryptionKey: new Key(stack, 'Key') })],
])('a tag or a boundary on an exporter reaches all that it makes, with %s', (_, brought) => {
  const stack = newStack();
  const props = brought?.(stack);
  const exporter = embed(stack, 'Exporter', props);
  exporter.onSnapshotPublished('Tell');
  const made = stack.node.findAll().filter(CfnResource.isCfnResource);
  const elsewhere = made.filter(({ node }) => !node.scopes.includes(exporter));
  expect(elsewhere.map(({ node }) => node.path)).toEqual(props ? ['Theirs/Key/Resource'] : []);
});

describe('what cannot work in the app around it is refused', () => {
  const arn = `arn:aws:connect:eu-west-1:111122223333:instance/${INSTANCE_A}`;

  it.each([
    [{ region: 'us-east-1' }, 'of the region us-east-1'],
    [{ account: '444455556666', region: 'eu-west-1' }, 'of the account 444455556666'],
  ])('an instance that is not where the stack goes, %j', (env, expected) => {
    const stack = new Stack(theirApp(), 'Theirs', { env });
    expect(() => embed(stack, 'Exporter', { instanceIds: [INSTANCE_B, arn] })).toThrow(
      `instanceIds names ${arn}, expected instances ${expected}, to which the stack goes: deploy an exporter beside each instance.`,
    );
  });

  it.each<[string, Environment]>([
    ['goes there', { account: '111122223333', region: 'eu-west-1' }],
    ['does not say where it goes', {}],
  ])('but not one of a stack that %s', (_, env) => {
    const stack = new Stack(theirApp(), 'Theirs', { env });
    expect(() => embed(stack, 'Exporter', { instanceIds: [arn] })).not.toThrow();
  });

  it.each<[string, Partial<ProficiencyExporterProps>]>([
    ['snapshotRetentionDays', { snapshotRetentionDays: 30 }],
    ['oldVersionsDays, workingFilesDays', { oldVersionsDays: 7, workingFilesDays: 3 }],
  ])('%s of a bucket that was brought', (names, props) => {
    const stack = newStack();
    const bucket = Bucket.fromBucketName(stack, 'Bucket', 'theirs');
    expect(() => embed(stack, 'Exporter', { bucket, ...props })).toThrow(
      `bucket and ${names} are given, expected bucket alone: the exporter changes nothing about a bucket of yours, so set that there.`,
    );
  });

  it('accessLogsBucket of a bucket that was brought', () => {
    const stack = newStack();
    const [bucket, accessLogsBucket] = ['theirs', 'logs'].map((name) =>
      Bucket.fromBucketName(stack, name, name),
    );
    expect(() => embed(stack, 'Exporter', { bucket, accessLogsBucket })).toThrow(
      'bucket and accessLogsBucket are given',
    );
  });
});

describe('onSnapshotPublished', () => {
  const stack = newStack();
  const bucket = new Bucket(stack, 'Bucket') as IBucket;
  const exporter = embed(stack, 'Exporter', { bucket });
  const ofSameBucket = embed(stack, 'OfSameBucket', { bucket });
  const fn = new LambdaFunctionOf(stack, 'Loader', {
    runtime: Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: Code.fromInline('exports.handler = async () => {};'),
  });
  exporter.onSnapshotPublished('Load', {
    description: 'Loads each snapshot',
    target: new LambdaFunction(fn),
    eventPattern: { detail: { coverage: { gapCount: [{ numeric: ['>', 0] }] } } },
  });
  const template = Template.fromStack(stack);

  it('is a rule for the event, with a target and what else the pattern asks for', () => {
    template.hasResourceProperties('AWS::Events::Rule', {
      Description: 'Loads each snapshot',
      EventPattern: {
        source: ['connect-proficiency-exporter'],
        'detail-type': ['Snapshot published'],
        detail: { coverage: { gapCount: [{ numeric: ['>', 0] }] } },
      },
      Targets: [Match.objectLike({ Arn: stack.resolve(fn.functionArn) })],
    });
  });

  it('tells two exporters of one bucket apart', () => {
    const [rule] = Object.values(template.findResources('AWS::Events::Rule'));
    const [its, other] = [exporter, ofSameBucket].map(({ stateMachine }) =>
      stack.resolve(stateMachine.stateMachineArn),
    );
    expect(rule?.Properties.EventPattern.resources).toEqual([its]);
    expect(its).not.toEqual(other);
  });

  it('refuses to wait for events that are switched off', () => {
    const exporter = embed(newStack(), 'Exporter', { eventsEnabled: false });
    expect(() => exporter.onSnapshotPublished('Load')).toThrow(
      'eventsEnabled is false, expected true where there is a rule such as Load: no event would reach it.',
    );
  });
});

describe('metrics', () => {
  const stack = newStack();
  const exporter = embed(stack);
  const several = embed(stack, 'Several', { instanceIds: [INSTANCE_A, INSTANCE_B] });

  it.each([
    ['SnapshotPublished', 'Sum', exporter.metricSnapshotsPublished()],
    ['SnapshotBytes', 'Maximum', exporter.metricSnapshotBytes()],
    ['UsersExported', 'Sum', exporter.metricUsersExported()],
    ['UsersFailed', 'Maximum', exporter.metricUsersFailed()],
    ['UsersDeletedDuringRun', 'Sum', exporter.metricUsersDeleted()],
    ['Proficiencies', 'Sum', exporter.metricProficiencies()],
    ['ConnectRequests', 'Sum', exporter.metricRequests()],
    ['ConnectThrottled', 'Sum', exporter.metricThrottledRequests()],
    ['SliceSeconds', 'Sum', exporter.metricSliceSeconds()],
    ['DerivedDataFailed', 'Sum', exporter.metricDerivedDataFailed()],
    ['CoverageGaps', 'Maximum', exporter.metricCoverageGaps()],
  ])('%s is summed up as its %s', (metricName, statistic, metric) => {
    expect(metric).toMatchObject({
      namespace: 'ConnectProficiencyExporter',
      metricName,
      statistic,
      dimensions: { InstanceId: INSTANCE_A },
    });
  });

  it('are those of the instance that is meant, as the options say', () => {
    const arn = `arn:aws:connect:eu-west-1:111122223333:instance/${INSTANCE_B}`;
    const metric = several.metricUsersExported({ instanceId: arn, label: 'Exported' });
    expect(metric).toMatchObject({ dimensions: { InstanceId: INSTANCE_B }, label: 'Exported' });
  });

  it('must be told of which of several instances', () => {
    expect(() => several.metricSnapshotAge()).toThrow(
      `instanceId is missing, expected one of the exporter's instances: ${INSTANCE_A}, ${INSTANCE_B}.`,
    );
    expect(() => exporter.metricUsersFailed({ instanceId: INSTANCE_B })).toThrow(
      `instanceId is "${INSTANCE_B}", expected one of the exporter's instances: ${INSTANCE_A}.`,
    );
  });

  it('that are computed fit into one graph, whatever instances they are of', () => {
    const ages = [INSTANCE_A, INSTANCE_B].map((instanceId) =>
      several.metricSnapshotAge({ instanceId }),
    );
    const graph = new GraphWidget({
      left: [...ages, several.metricThrottledShare({ instanceId: INSTANCE_A })],
    });
    const [widget] = graph.toJson();
    expect(JSON.stringify(stack.resolve(widget)).match(/"expression":"[^"]+"/g)).toHaveLength(3);
  });
});

/** A stage of somebody's pipeline. */
class Production extends Stage {
  readonly stack: Stack;

  constructor(scope: Construct, id: string, props?: StageProps) {
    super(scope, id, props);
    this.stack = new Stack(this, 'Proficiencies');
    embed(this.stack).onSnapshotPublished('Tell');
  }
}

const TARGETS: readonly (readonly [string, Environment | undefined])[] = [
  ['the account of the pipeline', undefined],
  ['another account', { account: '444455556666', region: 'eu-west-2' }],
];

it.each(sampled(TARGETS, ([name]) => name === 'another account'))(
  'a stage of CDK Pipelines deploys it to %s',
  (_, env) => {
    const app = theirApp();
    const pipelineStack = new Stack(app, 'Pipeline', {
      env: { account: '111122223333', region: 'eu-west-1' },
    });
    const bucket = Bucket.fromBucketName(pipelineStack, 'Source', 'source');
    // The CDK does not compile with exactOptionalPropertyTypes: to itself a step is then no producer of files.
    const input = CodePipelineSource.s3(bucket, 'app.zip') as IFileSetProducer;
    const synth = new ShellStep('Synth', {
      input,
      commands: ['npx cdk synth'],
    }) as IFileSetProducer;
    const pipeline = new CodePipeline(pipelineStack, 'Pipeline', {
      synth,
      crossAccountKeys: env !== undefined,
    });
    const production = new Production(app, 'Production', env && { env });
    pipeline.addStage(production);
    // Template.fromStack would synthesize the app once more for each of the two.
    const assembly = app.synth();
    const ofPipeline = Template.fromJSON(
      assembly.getStackArtifact(pipelineStack.artifactId).template,
    );
    const [its] = Object.values(ofPipeline.findResources('AWS::CodePipeline::Pipeline'));
    const stages: { Name: string }[] = its?.Properties.Stages;
    expect(stages.map(({ Name }) => Name)).toContain('Production');
    const ofStage = assembly.getNestedAssembly(production.artifactId);
    const deployed = Template.fromJSON(
      ofStage.getStackArtifact(production.stack.artifactId).template,
    );
    deployed.resourceCountIs('AWS::StepFunctions::StateMachine', 1);
    // No part of it has a name that another deployment of the account may have.
    for (const type of [
      'AWS::S3::Bucket',
      'AWS::IAM::Role',
      'AWS::SNS::Topic',
      'AWS::SQS::Queue',
    ]) {
      for (const { Properties = {} } of Object.values(deployed.findResources(type))) {
        expect(Object.keys(Properties)).not.toContainEqual(
          expect.stringMatching(/^(Bucket|Role|Topic|Queue)Name$/),
        );
      }
    }
  },
);
