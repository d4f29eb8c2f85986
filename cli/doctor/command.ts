import { Command, InvalidArgumentError, Option } from 'commander';
import { DEFAULT_STACK } from '../../aws/deployment/default-stack.ts';
import { ExportFailure } from '../../contract/failure.ts';
import {
  awsRegion,
  bucketName,
  instanceId,
  refuseTwoRegions,
  stackName,
  WrongUsage,
} from '../arguments.ts';

const FORMATS = ['table', 'json'] as const;

export interface DoctorArguments {
  readonly instanceId?: string;
  readonly region?: string;
  readonly stack?: string | undefined;
  readonly bucket?: string;
  readonly verify?: true;
  readonly probe?: true;
  readonly qualifier: string;
  readonly format: (typeof FORMATS)[number];
  readonly dryRun?: true;
  readonly showIds?: true;
}

/** As the CDK takes it. */
const qualifier = (text: string): string => {
  if (/^[A-Za-z0-9]{1,10}$/.test(text)) return text;
  throw new InvalidArgumentError(
    'Give the qualifier of cdk bootstrap: up to ten letters and digits.',
  );
};

/** Without an instance or a bucket it is about what is deployed. */
const stackOf = ({ stack, instanceId, bucket }: DoctorArguments): string | undefined =>
  stack ?? (instanceId === undefined && bucket === undefined ? DEFAULT_STACK : undefined);

/** @throws ExportFailure where something does not work */
async function run(options: DoctorArguments): Promise<void> {
  if (options.probe && options.instanceId === undefined) {
    throw new WrongUsage('--probe asks an instance; name it with --instance-id.');
  }
  const stack = stackOf(options);
  if (options.verify && stack === undefined) {
    throw new WrongUsage('--verify reads the snapshots of a stack; name it with --stack.');
  }
  if (options.instanceId !== undefined) {
    refuseTwoRegions({ instanceId: options.instanceId, region: options.region });
  }
  // The clients of a dozen services take a while to load: only doctor waits for them.
  const { examine } = await import('./examine.ts');
  const failures = await examine({ ...options, stack }, process.env, process.stdout);
  if (failures === 0) return;
  throw new ExportFailure(
    'InvalidRequest',
    `${failures} of the findings above ${failures === 1 ? 'is a failure' : 'are failures'} (✗): the line below each says what to do.`,
  );
}

/** `proficiencies doctor`: whether everything works, in the account itself. */
export const doctorCommand = (): Command =>
  new Command('doctor')
    .description('look whether an export will work, or works, in your AWS account; changes nothing')
    .option('--instance-id <id>', 'before deploying: the instance, by id or ARN', instanceId)
    .option(
      '--region <region>',
      'AWS Region; default: AWS_REGION, AWS_DEFAULT_REGION or the profile',
      awsRegion,
    )
    .option(
      '--stack <name>',
      `after deploying: the stack; default, where neither an instance nor a bucket is given: ${DEFAULT_STACK}`,
      stackName,
    )
    .option('--bucket <name>', 'a bucket of yours that holds the snapshots, or is to', bucketName)
    .option('--verify', 'read all rows of the newest snapshots, and compare their SHA-256')
    .option(
      '--probe',
      "ask the instance what nobody documents: at most 20 requests, at an export's pace",
    )
    .option('--qualifier <name>', "of the CDK's bootstrap", qualifier, 'hnb659fds')
    .addOption(new Option('--format <format>', 'how to print it').choices(FORMATS).default('table'))
    .option('--show-ids', 'leave account ids in the JSON')
    .option('--dry-run', 'list the requests that it would make, and make none')
    .action(run);
