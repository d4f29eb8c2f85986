import { Command, InvalidArgumentError, Option } from 'commander';
import { COMMAND_NAME } from '../../contract/command-name.ts';
import { SERVER_SIDE_ENCRYPTIONS, type ServerSideEncryption } from '../../contract/encryption.ts';
import { ExportFailure, MOST_FAILED_USERS } from '../../contract/failure.ts';
import type { Manifest } from '../../contract/manifest.ts';
import type { WorkerResult } from '../../contract/result.ts';
import { DEFAULT_USER_DETAILS, USER_DETAILS } from '../../contract/user-details.ts';
import type { Store } from '../../export/ports.ts';
import {
  awsRegion,
  destination,
  instanceId,
  kmsKey,
  positive,
  refuseTwoRegions,
  share,
  timeZone,
  WrongUsage,
  wholeNumber,
} from '../arguments.ts';
import { s3Location } from '../store/s3-location.ts';
import type { Exported, ExportOptions } from './export-instance.ts';
import { HOW_TO_GO_ON, Interrupted } from './interruption.ts';

interface ExportArguments extends ExportOptions {
  /** A folder, or `s3://bucket/prefix`. */
  readonly out: string;
  readonly sse?: ServerSideEncryption['algorithm'];
  readonly sseKmsKeyId?: string;
}

/** @throws WrongUsage where a folder is to be encrypted, or a key is given that would not be used */
function encryptionOf({
  out,
  sse,
  sseKmsKeyId,
}: ExportArguments): ServerSideEncryption | undefined {
  if (sse !== undefined && !s3Location(out)) {
    throw new WrongUsage(
      `--out is "${out}", a folder, which --sse does not encrypt; write to s3://bucket/prefix, or leave out --sse.`,
    );
  }
  if (sseKmsKeyId !== undefined && sse !== 'aws:kms') {
    throw new WrongUsage(
      `--sse-kms-key-id is "${sseKmsKeyId}", but --sse is not aws:kms; give --sse aws:kms, or leave out the key.`,
    );
  }
  return sse && { algorithm: sse, kmsKeyId: sseKmsKeyId };
}

function announce({ snapshotUri, manifestUri }: WorkerResult, manifest: Manifest): void {
  const failed = manifest.users_failed > 0 ? `, ${manifest.users_failed} failed` : '';
  console.log(
    `Published ${manifest.users_exported} users with ${manifest.proficiencies} proficiencies as of ${manifest.snapshot_date} ` +
      `(${manifest.users_without_proficiencies} users without any, ${manifest.users_deleted_during_run} deleted meanwhile${failed}).`,
  );
  console.log(`  snapshot ${snapshotUri}\n  manifest ${manifestUri}`);
}

/** A snapshot that is published does not fail for what is derived from it: the next export mends that. */
async function deriveAfter({ result }: Exported, store: Store, out: string): Promise<void> {
  if (result.status !== 'PUBLISHED' && result.status !== 'ALREADY_PUBLISHED') return;
  const { deriveInstance } = await import('../../derive/instance.ts');
  const { bringTargetsUpToDate } = await import('../derive/targets.ts');
  const warn = (message: string): void =>
    console.error(
      `The snapshot is published, but what is derived from the snapshots is not up to date. ${message} Then run npx ${COMMAND_NAME} derive --out ${out}.`,
    );
  try {
    const { snapshotDate } = result;
    const { damages } = await deriveInstance(store, result.instanceId, { snapshotDate });
    for (const message of new Set(damages.map((damage) => damage.message))) warn(message);
    await bringTargetsUpToDate(store, (sentence) => console.error(sentence));
  } catch (error) {
    if (!(error instanceof ExportFailure)) throw error;
    warn(error.message);
  }
}

/** @throws ExportFailure where nothing was published */
function conclude({ result, manifest }: Exported): void {
  switch (result.status) {
    case 'PUBLISHED':
      if (manifest) announce(result, manifest);
      return;
    case 'ALREADY_PUBLISHED':
    case 'SUPERSEDED':
      console.log(result.reason);
      return;
    case 'SKIPPED':
      throw new ExportFailure(
        'InvalidRequest',
        `${result.reason} If that run is dead, ${HOW_TO_GO_ON}`,
      );
    case 'IN_PROGRESS':
      throw new Interrupted(
        `Stopped at ${result.usersDone} of ${result.usersTotal} users; ${HOW_TO_GO_ON}`,
      );
  }
}

async function run(options: ExportArguments): Promise<void> {
  refuseTwoRegions(options);
  const encryption = encryptionOf(options);
  process.stderr.write(`Exporting the instance ${options.instanceId} to ${options.out}.\n`);
  // The AWS SDK takes a while to load: only an export waits for it, and knows by then what will be done.
  const { openDestination } = await import('../store/destination.ts');
  const { exportInstance } = await import('./export-instance.ts');
  const { awsAccess } = await import('../../aws/access.ts');
  // One for both, so that nobody is asked twice for a code of multi-factor authentication.
  const access = await awsAccess(process.env);
  const store = await openDestination(options.out, options.region, encryption, access);
  const exported = await exportInstance({ ...options, access }, store);
  await deriveAfter(exported, store, options.out);
  conclude(exported);
}

/** Other commands take a date, so that people try it here. It is no wrong word: what they ask for cannot be had. */
const noDate = (): never => {
  throw new InvalidArgumentError(
    'A snapshot is of now, for Connect does not say what was true on another day; leave out --date.',
  );
};

/** `proficiencies export`: the whole job, from this computer, with the ordinary AWS credentials. */
export const exportCommand = (): Command =>
  new Command('export')
    .description(
      "write a snapshot of every user's proficiencies, as they are now, to a folder or to S3",
    )
    .requiredOption('--instance-id <id>', 'instance id or ARN', instanceId)
    .option(
      '--region <region>',
      'AWS Region; default: AWS_REGION, AWS_DEFAULT_REGION or the profile',
      awsRegion,
    )
    .option('--out <folder>', 'a folder, or s3://bucket/prefix', destination, './out')
    .addOption(
      new Option(
        '--sse <algorithm>',
        "encryption to ask S3 for; default: the bucket's default encryption",
      ).choices(SERVER_SIDE_ENCRYPTIONS),
    )
    .option(
      '--sse-kms-key-id <id>',
      'id or ARN of the KMS key for --sse aws:kms; default: aws/s3',
      kmsKey,
    )
    .option('--requests-per-second <number>', 'fixed rate of each Connect operation', positive)
    .addOption(
      new Option('--quota-share <number>', "share of Connect's applied quota; default 0.8")
        .argParser(share)
        .conflicts('requestsPerSecond'),
    )
    .option(
      '--resume',
      "go on with the instance's unfinished run, where there is one; its choice of usernames, user details and attributes stays",
    )
    .addOption(new Option('--date <date>').argParser(noDate).hideHelp())
    .option('--time-zone <name>', 'time zone that dates the snapshot', timeZone, 'UTC')
    .option(
      '--allowed-failed-users <number>',
      'users that may fail without keeping the snapshot back',
      wholeNumber(0, MOST_FAILED_USERS),
      0,
    )
    .option('--no-usernames', 'leave login names out of the rows')
    .addOption(
      new Option(
        '--user-details <choice>',
        'what else rows say of a user: teams (routing profile, hierarchy, tags), names (first and last as well) or off',
      )
        .choices(USER_DETAILS)
        .default(DEFAULT_USER_DETAILS),
    )
    .option('--no-predefined-attributes', "leave out Connect's list of predefined attributes")
    .action(run);
