import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as z from 'zod';
import { type AwsCli, awsCli, emulatedAws } from '../support/aws-cli.ts';
import { type Moto, startMoto } from '../support/moto.ts';
import { INSTANCE_A } from '../support/synthesize.ts';

/**
 * The real `cdk bootstrap` and `cdk deploy` against moto, which creates what it knows (S3, IAM, Lambda,
 * Step Functions, SQS, SNS, logs) and passes over the rest.
 */

const run = promisify(execFile);
const STACK = 'ConnectProficiencyExporter';
const ACCOUNT = '123456789012';

let moto: Moto;
let aws: AwsCli;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'exporter-deploy-'));
  moto = await startMoto();
  // The CDK puts bucket names before the host; only a name, not an address, can bear that.
  const endpoint = `http://localhost:${moto.port}`;
  aws = awsCli(endpoint);
});

afterAll(async () => {
  await moto?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The CDK as a person calls it: with an instance, and credentials in the environment. */
async function cdk(...args: string[]): Promise<string> {
  const context = ['--context', `instanceIds=${INSTANCE_A}`];
  const env = { ...process.env, ...emulatedAws(`http://localhost:${moto.port}`), CI: 'true' };
  const { stdout, stderr } = await run(join('node_modules', '.bin', 'cdk'), [...args, ...context], {
    env,
    maxBuffer: 64 * 1024 * 1024,
  });
  return stdout + stderr;
}

const assembly = () => join(folder, 'assembly');
const deploy = (output: string) => cdk('deploy', '--require-approval', 'never', '--output', output);

const stackSchema = z.object({ Stacks: z.tuple([z.object({ StackStatus: z.string() })]) });

/** Resources that moto passes over have no type. */
const resourcesSchema = z.object({
  StackResources: z.array(
    z.object({
      LogicalResourceId: z.string().optional(),
      PhysicalResourceId: z.string().optional(),
      ResourceType: z.string().optional(),
    }),
  ),
});

const resources = async () =>
  resourcesSchema.parse(
    await aws('cloudformation', 'describe-stack-resources', '--stack-name', STACK),
  ).StackResources;

const physicalId = async (type: string): Promise<string> => {
  const found = (await resources()).find(({ ResourceType }) => ResourceType === type);
  if (!found?.PhysicalResourceId) throw new Error(`There is no ${type}.`);
  return found.PhysicalResourceId;
};

test('the stack is deployed, and nothing that moto knows is missing', async () => {
  await cdk('bootstrap', `aws://${ACCOUNT}/us-east-1`, '--output', join(folder, 'bootstrap'));
  await deploy(assembly());

  const { Stacks } = stackSchema.parse(
    await aws('cloudformation', 'describe-stacks', '--stack-name', STACK),
  );
  expect(Stacks[0].StackStatus).toBe('CREATE_COMPLETE');
  expect((await resources()).map(({ ResourceType }) => ResourceType)).toEqual(
    expect.arrayContaining([
      'AWS::S3::Bucket',
      'AWS::IAM::Role',
      'AWS::IAM::Policy',
      'AWS::Lambda::Function',
      'AWS::StepFunctions::StateMachine',
      'AWS::SQS::Queue',
      'AWS::SNS::Topic',
      'AWS::Logs::LogGroup',
      'AWS::CloudWatch::Dashboard',
    ]),
  );
});

const FUNCTIONS = ['ExporterWorkerFunction', 'ExporterDeriverFunction'];

/** The name of a function, by what its logical id begins with. */
const functionName = async (logicalId: string): Promise<string> => {
  const found = (await resources()).find(({ LogicalResourceId = '' }) =>
    LogicalResourceId.startsWith(logicalId),
  );
  if (!found?.PhysicalResourceId) throw new Error(`There is no ${logicalId}.`);
  return found.PhysicalResourceId;
};

/** Where a function's bundle is, by what its logical id begins with; without the ending. */
function assetOf(logicalId: string): string {
  const template = readFileSync(join(assembly(), `${STACK}.template.json`), 'utf8');
  const { Resources } = z
    .object({ Resources: z.record(z.string(), z.unknown()) })
    .parse(JSON.parse(template));
  const [, resource] = Object.entries(Resources).find(([id]) => id.startsWith(logicalId)) ?? [];
  const { Properties } = z
    .object({ Properties: z.object({ Code: z.object({ S3Key: z.string() }) }) })
    .parse(resource);
  return Properties.Code.S3Key.replace(/\.zip$/, '');
}

test.each(FUNCTIONS)('the code of the deployed %s is its bundle', async (logicalId) => {
  const { Configuration } = z
    .object({ Configuration: z.object({ CodeSha256: z.string(), Runtime: z.string() }) })
    .parse(await aws('lambda', 'get-function', '--function-name', await functionName(logicalId)));
  const zip = join(folder, `${logicalId}.zip`);
  const asset = assetOf(logicalId);
  const bucket = `cdk-hnb659fds-assets-${ACCOUNT}-us-east-1`;
  await aws('s3api', 'get-object', '--bucket', bucket, '--key', `${asset}.zip`, zip);
  expect(createHash('sha256').update(readFileSync(zip)).digest('base64')).toBe(
    Configuration.CodeSha256,
  );

  await run('python3', ['-m', 'zipfile', '-e', zip, join(folder, logicalId)]);
  const deployed = readFileSync(join(folder, logicalId, 'index.mjs'));
  expect(deployed.equals(readFileSync(join(assembly(), `asset.${asset}`, 'index.mjs')))).toBe(true);
});

test('the deployed state machine calls the deployed functions', async () => {
  const { definition } = z
    .object({ definition: z.string() })
    .parse(
      await aws(
        'stepfunctions',
        'describe-state-machine',
        '--state-machine-arn',
        await physicalId('AWS::StepFunctions::StateMachine'),
      ),
    );
  for (const logicalId of FUNCTIONS) {
    expect(definition).toContain(`:function:${await functionName(logicalId)}"`);
  }
});

test('a second deployment changes nothing, and cdk diff finds nothing', async () => {
  expect(await deploy(join(folder, 'again'))).toContain('(no changes)');
  expect(
    await cdk('diff', '--fail', '--method', 'template', '--output', join(folder, 'diff')),
  ).toContain('There were no differences');
});

test('cfn-lint finds nothing in the template', async () => {
  const { stdout } = await run('cfn-lint', [
    '--template',
    join(assembly(), `${STACK}.template.json`),
  ]);
  expect(stdout).toBe('');
});
