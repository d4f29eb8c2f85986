import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { CfnDeletionPolicy, CfnResource } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Architecture, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { addExporter } from '../../lib/stack.ts';
import { committedContext, INSTANCE_A, testApp } from '../support/synthesize.ts';

const run = promisify(execFile);

/** Assets are named by their content; everything else of the template is to be looked at. */
const withoutHashes = (template: Template): unknown =>
  JSON.parse(JSON.stringify(template.toJSON()).replaceAll(/[0-9a-f]{64}/g, 'ASSET-HASH'));

describe('the stack that is deployed', () => {
  const app = testApp({ instanceIds: INSTANCE_A });
  const stack = addExporter(app);
  const template = Template.fromStack(stack);

  it('is this one', () => {
    expect(withoutHashes(template)).toMatchSnapshot();
  });

  it('keeps what cannot be made again under names that never change', () => {
    const stateful = stack.node
      .findAll()
      .filter((node) => CfnResource.isCfnResource(node))
      .filter(({ cfnOptions }) => cfnOptions.deletionPolicy === CfnDeletionPolicy.RETAIN)
      .map(({ logicalId }) => stack.resolve(logicalId));
    expect(stateful).toEqual([
      'ProficiencyDataBucket',
      'ExporterWorkerLogs909F351B',
      'ExporterWorkflowLogsEC943B08',
    ]);
  });

  it('has functions on ARM only', () => {
    const functions = stack.node.findAll().filter((node) => node instanceof LambdaFunction);
    expect(functions).not.toEqual([]);
    for (const { architecture } of functions) expect(architecture).toBe(Architecture.ARM_64);
  });

  it('names nothing by a fixed name that could be taken', () => {
    for (const type of [
      'AWS::S3::Bucket',
      'AWS::Lambda::Function',
      'AWS::IAM::Role',
      'AWS::SQS::Queue',
    ]) {
      for (const { Properties = {} } of Object.values(template.findResources(type))) {
        expect(Object.keys(Properties)).not.toContain(`${type.split('::')[2]}Name`);
      }
    }
  });

  it('tags all it can', () => {
    template.hasResourceProperties('AWS::S3::Bucket', {
      Tags: [{ Key: 'application', Value: 'connect-proficiency-exporter' }],
    });
  });

  it('says at the end of a deployment where everything is and how to start a run', () => {
    const outputs = template.findOutputs('*');
    expect(Object.keys(outputs)).toEqual([
      'StartRun',
      'Runs',
      'Dashboard',
      'Workgroup',
      'DataBucket',
    ]);
  });
});

describe('cdk synth', () => {
  const app = (context: Record<string, unknown>) =>
    run(process.execPath, ['--import', 'tsx', 'bin/app.ts'], {
      env: {
        ...process.env,
        CDK_CONTEXT_JSON: JSON.stringify({ ...committedContext(), ...context }),
      },
    });

  it('without an instance ends with the sentence and nothing else', async () => {
    await expect(app({})).rejects.toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^instanceIds is missing, .*aws connect list-instances.*\n$/),
    });
  });
});
