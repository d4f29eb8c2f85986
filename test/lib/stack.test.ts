import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { promisify } from 'node:util';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Architecture, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { addExporter } from '../../lib/stack.ts';
import { FULL } from '../support/breadth.ts';
import {
  committedContext,
  INSTANCE_A,
  synthesize,
  testApp,
  UNCHECKED,
} from '../support/synthesize.ts';
import { temporaryFolders } from '../support/temporary-folder.ts';
import { pinned } from './pinned.ts';

const run = promisify(execFile);

describe('the stack that is deployed', () => {
  // CloudFormation's own rules take five seconds of a processor, and npm run check has them by cdk synth.
  const app = testApp({ instanceIds: INSTANCE_A }, FULL ? {} : UNCHECKED);
  const stack = addExporter(app);
  const template = Template.fromStack(stack);
  const { kept, logicalIds, outputs, statements, workflows } = pinned(template);

  it('keeps what cannot be made again, as it is', () => {
    expect(kept).toMatchSnapshot();
  });

  it('calls every resource by the logical id it has', () => {
    expect(logicalIds).toMatchSnapshot();
  });

  it('allows this and no more', () => {
    expect(statements).toMatchSnapshot();
  });

  it('runs this workflow', () => {
    expect(workflows).toMatchSnapshot();
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

  it('leaves no log group behind where the first deployment fails, so that the next one can succeed', () => {
    template.allResources('AWS::Logs::LogGroup', { DeletionPolicy: 'RetainExceptOnCreate' });
  });

  it('tags all it can', () => {
    template.hasResourceProperties('AWS::S3::Bucket', {
      Tags: [{ Key: 'application', Value: 'connect-proficiency-exporter' }],
    });
  });

  it('says at the end of a deployment where everything is and how to start a run', () => {
    expect(outputs).toMatchSnapshot();
  });
});

describe('in an account with guardrails', () => {
  const vpcId = 'vpc-0123456789abcdef0';
  const subnetIds = ['subnet-0123456789abcdef0', 'subnet-0123456789abcdef1'];
  const boundary = 'arn:aws:iam::111122223333:policy/Boundary';
  const app = testApp(
    {
      instanceIds: INSTANCE_A,
      vpcId,
      subnetIds: subnetIds.join(),
      '@aws-cdk/core:permissionsBoundary': { arn: boundary },
    },
    UNCHECKED,
  );
  const stack = addExporter(app);
  const template = Template.fromStack(stack);
  const named = synthesize({
    vpcId,
    subnetIds,
    securityGroupIds: ['sg-0123456789abcdef0'],
    tags: { 'cost-centre': '4711', owner: 'contact centre' },
    roleNamePrefix: 'proficiencies-',
    region: 'ap-southeast-1',
  });

  it('the worker runs in the subnets and security groups that are named', () => {
    named.hasResourceProperties('AWS::Lambda::Function', {
      VpcConfig: { SubnetIds: subnetIds, SecurityGroupIds: ['sg-0123456789abcdef0'] },
    });
    named.resourceCountIs('AWS::EC2::SecurityGroup', 0);
  });

  it('the worker gets a security group of its own where none is named', () => {
    const [group] = Object.keys(template.findResources('AWS::EC2::SecurityGroup'));
    template.hasResourceProperties('AWS::EC2::SecurityGroup', { VpcId: vpcId });
    template.hasResourceProperties('AWS::Lambda::Function', {
      VpcConfig: {
        SubnetIds: subnetIds,
        SecurityGroupIds: [{ 'Fn::GetAtt': [group, 'GroupId'] }],
      },
    });
  });

  it('a synth in a VPC satisfies cdk-nag and has no warnings', () => {
    expect(app.synth().getStackArtifact(stack.artifactId).messages).toEqual([]);
  });

  it('everything that can be tagged has the tags', () => {
    for (const type of ['AWS::S3::Bucket', 'AWS::Lambda::Function', 'AWS::SQS::Queue']) {
      named.allResourcesProperties(type, {
        Tags: Match.arrayWith([
          { Key: 'cost-centre', Value: '4711' },
          { Key: 'owner', Value: 'contact centre' },
        ]),
      });
    }
    named.allResourcesProperties('AWS::CloudWatch::Dashboard', { Tags: Match.absent() });
  });

  it('every role has the prefix, and a name that IAM takes', () => {
    const roles = Object.values(named.findResources('AWS::IAM::Role'));
    const names = roles.map(({ Properties }) => Properties.RoleName);
    expect(new Set(names).size).toBe(roles.length);
    for (const name of names) expect(name).toMatch(/^proficiencies-[\w-]{8,}-ap-southeast-1$/);
    for (const name of names) expect(name.length).toBeLessThanOrEqual(64);
  });

  it('every role has the permissions boundary', () => {
    const roles = template.findResources('AWS::IAM::Role');
    expect(Object.keys(roles).length).toBeGreaterThan(2);
    for (const { Properties } of Object.values(roles)) {
      expect(Properties.PermissionsBoundary).toBe(boundary);
    }
  });
});

describe('cdk synth', () => {
  const newFolder = temporaryFolders();
  const KEY = 'arn:aws:kms:us-east-1:123456789012:key/11111111-2222-4333-8444-555555555555';
  const variables = (context: Record<string, unknown>, outdir = newFolder()) => ({
    CDK_OUTDIR: outdir,
    CDK_CONTEXT_JSON: JSON.stringify({ ...committedContext(), ...context }),
  });

  afterEach(() => {
    jest.restoreAllMocks();
    process.exitCode = undefined;
  });

  it.each<readonly [Record<string, unknown>, RegExp]>([
    [{ instanceIds: undefined }, /^instanceIds is missing, .*aws connect list-instances.*$/],
    [
      { quotaShare: 0.5, requestsPerSecond: 3 },
      /^quotaShare is 0\.5 and requestsPerSecond is 3, .*$/,
    ],
    [{ schedule: 'cron(0 2 ? * MON *)' }, /^snapshotExpectedWithinHours is missing, .*$/],
    [{ kmsKeyArn: KEY, serverSideEncryption: 'AES256' }, /^serverSideEncryption is AES256, .*$/],
  ])('with %j ends with the sentence and nothing else', async (context, sentence) => {
    Object.assign(process.env, variables({ instanceIds: INSTANCE_A, ...context }));
    const print = jest.spyOn(console, 'error').mockImplementation(() => undefined);
    const atTheEnd = process.listenerCount('beforeExit');
    await jest.isolateModulesAsync(async () => void (await import('../../bin/app.ts')));
    expect(print.mock.calls).toEqual([[expect.stringMatching(sentence)]]);
    expect(process.exitCode).toBe(1);
    expect(process.listenerCount('beforeExit')).toBe(atTheEnd);
  });

  // In a process of its own, with all of CloudFormation's rules, it takes seconds: what CI does to every commit.
  if (FULL) {
    const app = (...given: Parameters<typeof variables>) =>
      run(process.execPath, ['--import', 'tsx', 'bin/app.ts'], {
        env: { ...process.env, ...variables(...given) },
      });

    it('without an instance ends with the sentence and nothing else', async () => {
      await expect(app({})).rejects.toMatchObject({
        code: 1,
        stdout: '',
        stderr: expect.stringMatching(/^instanceIds is missing, .*\n$/),
      });
    });

    it('writes the template where all is well', async () => {
      const outdir = newFolder();
      await app({ instanceIds: INSTANCE_A }, outdir);
      expect(readdirSync(outdir)).toContain('ConnectProficiencyExporter.template.json');
    });
  }
});
