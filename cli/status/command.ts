import { Command, Option } from 'commander';
import { DEFAULT_STACK } from '../../aws/deployment/default-stack.ts';
import { COMMAND_NAME } from '../../contract/command-name.ts';
import { ExportFailure } from '../../contract/failure.ts';
import { inWords } from '../../doctor/durations.ts';
import { awsRegion, bucketName, stackName } from '../arguments.ts';
import type { InstanceStatus } from './status.ts';

const FORMATS = ['table', 'json'] as const;

interface StatusArguments {
  readonly stack: string;
  readonly bucket?: string;
  readonly region?: string;
  readonly format: (typeof FORMATS)[number];
}

/** AWS answers within seconds or has a problem. */
const PATIENCE_MS = 60_000;

function lastRun(run: InstanceStatus['last_run']): string {
  if (run === null) return 'none yet';
  const { status, started_at, progress } = run;
  const where = progress === null ? '' : `, ${progress.percent} % of ${progress.instanceId}`;
  return `${status} (started ${started_at}${where})`;
}

function snapshot({ snapshot, late }: InstanceStatus): string {
  if (snapshot === null) return 'none yet';
  const age = inWords(snapshot.age_seconds);
  return `${snapshot.snapshot_date}, ${snapshot.rows} rows, ${age} old${late ? ' – LATE' : ''}`;
}

/** Three lines below the instance's id. */
const asText = (status: InstanceStatus): string => `${status.instance_id}
  last snapshot  ${snapshot(status)}
  last run       ${lastRun(status.last_run)}
  next run       ${status.next_run ?? 'by no schedule'}
`;

/** @throws ExportFailure where a snapshot is late */
async function run({ stack, bucket, region, format }: StatusArguments): Promise<void> {
  // The AWS SDK takes a while to load: only who asks waits for it.
  const { statuses } = await import('./status.ts');
  const { awsAccess } = await import('../../aws/access.ts');
  const { configuredRegion } = await import('../../aws/configured-region.ts');
  const found = await statuses({
    access: await awsAccess(process.env),
    region: region ?? (await configuredRegion()),
    stack,
    bucket,
    clock: () => new Date(),
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  process.stdout.write(
    format === 'json' ? `${JSON.stringify(found, null, 2)}\n` : found.map(asText).join('\n'),
  );
  const late = found.filter((status) => status.late).map(({ instance_id }) => instance_id);
  if (late.length === 0) return;
  throw new ExportFailure(
    'IncompleteSnapshot',
    `A snapshot is late for ${late.join(', ')}: run npx ${COMMAND_NAME} doctor, which says why.`,
  );
}

/** `proficiencies status`: the last snapshot, the last run and the next one, of each instance. */
export const statusCommand = (): Command =>
  new Command('status')
    .description('tell the last snapshot, the last run and the next run of each deployed instance')
    .option('--stack <name>', 'the stack', stackName, DEFAULT_STACK)
    .option('--bucket <name>', 'the bucket of the snapshots, where it is one of yours', bucketName)
    .option(
      '--region <region>',
      'AWS Region; default: AWS_REGION, AWS_DEFAULT_REGION or the profile',
      awsRegion,
    )
    .addOption(new Option('--format <format>', 'how to print it').choices(FORMATS).default('table'))
    .action(run);
