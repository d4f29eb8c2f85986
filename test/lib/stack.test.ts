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
  const given = {
    vpcId: 'vpc-0123456789abcdef0',
    subnetIds: 'subnet-0123456789abcdef0,subnet-0123456789abcdef1',
  };
  const vpcConfig = { SubnetIds: given.subnetIds.split(',') };

  it('the worker runs in the subnets and security groups that are named', () => {
    const template = synthesize({ ...given, securityGroupIds: ['sg-0123456789abcdef0'] });
    template.hasResourceProperties('AWS::Lambda::Function', {
      VpcConfig: { ...vpcConfig, SecurityGroupIds: ['sg-0123456789abcdef0'] },
    });
    template.resourceCountIs('AWS::EC2::SecurityGroup', 0);
  });

  it('the worker gets a security group of its own where none is named', () => {
    const template = synthesize(given);
    const [group] = Object.keys(template.findResources('AWS::EC2::SecurityGroup'));
    template.hasResourceProperties('AWS::EC2::SecurityGroup', { VpcId: given.vpcId });
    template.hasResourceProperties('AWS::Lambda::Function', {
      VpcConfig: { ...vpcConfig, SecurityGroupIds: [{ 'Fn::GetAtt': [group, 'GroupId'] }] },
    });
  });

  it('a synth in a VPC satisfies cdk-nag and has no warnings', () => {
    const guarded = testApp({ instanceIds: INSTANCE_A, ...given }, UNCHECKED);
    const { artifactId } = addExporter(guarded);
    const { messages } = guarded.synth().getStackArtifact(artifactId);
    expect(messages).toEqual([]);
  });

  it('everything that can be tagged has the tags', () => {
    const template = synthesize({ tags: { 'cost-centre': '4711', owner: 'contact centre' } });
    for (const type of ['AWS::S3::Bucket', 'AWS::Lambda::Function', 'AWS::SQS::Queue']) {
      template.allResourcesProperties(type, {
        Tags: Match.arrayWith([
          { Key: 'cost-centre', Value: '4711' },
          { Key: 'owner', Value: 'contact centre' },
        ]),
      });
    }
    template.allResourcesProperties('AWS::CloudWatch::Dashboard', { Tags: Match.absent() });
  });

  it('every role has the prefix, and a name that IAM takes', () => {
    const roles = Object.values(
      synthesize({ roleNamePrefix: 'proficiencies-', region: 'ap-southeast-1' }).findResources(
        'AWS::IAM::Role',
      ),
    );
    const names = roles.map(({ Properties }) => Properties.RoleName);
    expect(new Set(names).size).toBe(roles.length);
    for (const name of names) expect(name).toMatch(/^proficiencies-[\w-]{8,}-ap-southeast-1$/);
    for (const name of names) expect(name.length).toBeLessThanOrEqual(64);
  });

  it('every role has the permissions boundary', () => {
    const boundary = 'arn:aws:iam::111122223333:policy/Boundary';
    const guarded = testApp(
      { instanceIds: INSTANCE_A, '@aws-cdk/core:permissionsBoundary': { arn: boundary } },
      UNCHECKED,
    );
    const roles = Template.fromStack(addExporter(guarded)).findResources('AWS::IAM::Role');
    expect(Object.keys(roles).length).toBeGreaterThan(2);
    for (const { Properties } of Object.values(roles)) {
      expect(Properties.PermissionsBoundary).toBe(boundary);
    }
  });
});

describe('cdk synth', () => {
  const newFolder = temporaryFolders();
  const KEY = 'arn:aws:kms:us-east-1:123456789012:key/11111111-2222-4333-8444-555555555555';
  const app = (context: Record<string, unknown>, outdir = newFolder()) =>
    run(process.execPath, ['--import', 'tsx', 'bin/app.ts'], {
      env: {
        ...process.env,
        CDK_OUTDIR: outdir,
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

  const contradictions: readonly (readonly [Record<string, unknown>, RegExp])[] = [
    [
      { quotaShare: 0.5, requestsPerSecond: 3 },
      /^quotaShare is 0\.5 and requestsPerSecond is 3, .*/,
    ],
    [{ schedule: 'cron(0 2 ? * MON *)' }, /^snapshotExpectedWithinHours is missing, .*/],
    [{ kmsKeyArn: KEY, serverSideEncryption: 'AES256' }, /^serverSideEncryption is AES256, .*/],
  ];

  // They take seconds: the sentences are those of test/lib/settings/, and what CI does to every commit is the last.
  if (FULL) {
    it.each(contradictions)(
      'with %j ends with the sentence and nothing else',
      async (context, sentence) => {
        await expect(app({ instanceIds: INSTANCE_A, ...context })).rejects.toMatchObject({
          code: 1,
          stdout: '',
          stderr: expect.stringMatching(new RegExp(`${sentence.source}\\n$`)),
        });
      },
    );

    it('writes the template where all is well', async () => {
      const outdir = newFolder();
      await app({ instanceIds: INSTANCE_A }, outdir);
      expect(readdirSync(outdir)).toContain('ConnectProficiencyExporter.template.json');
    });
  }
});
