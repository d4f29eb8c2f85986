import { Command } from 'commander';
import { manifestKey } from '../../lambda/contract/keys.ts';
import { manifestSchema } from '../../lambda/contract/manifest.ts';
import { ExportFailure, type WorkerResult } from '../../lambda/contract/result.ts';
import { getDocument } from '../../lambda/export/documents.ts';
import type { Store } from '../../lambda/export/ports.ts';
import { openDestination } from '../export/destination.ts';
import {
  type ExportOptions,
  exportInstance,
  HOW_TO_GO_ON,
  Interrupted,
} from '../export/export-instance.ts';
import { instanceId, positive, share, timeZone, wholeNumber } from './arguments.ts';

interface ExportArguments extends ExportOptions {
  readonly out: string;
}

async function announce(result: WorkerResult, store: Store): Promise<void> {
  const key = manifestKey(result.instanceId, result.snapshotDate);
  const manifest = await getDocument(store, key, manifestSchema);
  if (!manifest) return;
  const { value } = manifest;
  const failed = value.users_failed > 0 ? `, ${value.users_failed} failed` : '';
  console.log(
    `Published ${value.users_exported} users with ${value.proficiencies} proficiencies as of ${value.snapshot_date} ` +
      `(${value.users_without_proficiencies} users without any, ${value.users_deleted_during_run} deleted meanwhile${failed}).`,
  );
  console.log(`  snapshot ${result.snapshotUri}\n  manifest ${result.manifestUri}`);
}

/** @throws ExportFailure where nothing was published */
async function conclude(result: WorkerResult, store: Store): Promise<void> {
  switch (result.status) {
    case 'PUBLISHED':
      return announce(result, store);
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

async function run({ out, ...options }: ExportArguments): Promise<void> {
  const store = openDestination(out);
  await conclude(await exportInstance(options, store), store);
}

/** `proficiencies export`: the whole job, from this computer, with the ordinary AWS credentials. */
export const exportCommand = (): Command =>
  new Command('export')
    .description("write a snapshot of every user's proficiencies to a folder or to S3")
    .requiredOption('--instance-id <id>', 'instance id or ARN', instanceId)
    .option('--region <region>', 'AWS Region; default: AWS_REGION or the profile')
    .option('--out <folder>', 'a folder, or s3://bucket/prefix', './out')
    .option('--requests-per-second <number>', 'fixed rate of each Connect operation', positive)
    .option('--quota-share <number>', "share of Connect's applied quota; default 0.8", share)
    .option('--resume', "go on with the instance's unfinished run, where there is one")
    .option('--time-zone <name>', 'time zone that dates the snapshot', timeZone, 'UTC')
    .option(
      '--allowed-failed-users <number>',
      'users that may fail without keeping the snapshot back',
      wholeNumber(0, 1000),
      0,
    )
    .option('--no-usernames', 'leave login names out of the rows')
    .action(run);
