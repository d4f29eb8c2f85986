import { Command, Option } from 'commander';
import { MOST_FAILED_USERS } from '../../lambda/contract/failure.ts';
import { instanceId, positive, share, timeZone, wholeNumber } from '../arguments.ts';
import type { ExportArguments } from './run-export.ts';

/** `proficiencies export`: the whole job, from this computer, with the ordinary AWS credentials. */
export const exportCommand = (): Command =>
  new Command('export')
    .description("write a snapshot of every user's proficiencies to a folder or to S3")
    .requiredOption('--instance-id <id>', 'instance id or ARN', instanceId)
    .option(
      '--region <region>',
      'AWS Region; default: AWS_REGION, AWS_DEFAULT_REGION or the profile',
    )
    .option('--out <folder>', 'a folder, or s3://bucket/prefix', './out')
    .option('--requests-per-second <number>', 'fixed rate of each Connect operation', positive)
    .addOption(
      new Option('--quota-share <number>', "share of Connect's applied quota; default 0.8")
        .argParser(share)
        .conflicts('requestsPerSecond'),
    )
    .option('--resume', "go on with the instance's unfinished run, where there is one")
    .option('--time-zone <name>', 'time zone that dates the snapshot', timeZone, 'UTC')
    .option(
      '--allowed-failed-users <number>',
      'users that may fail without keeping the snapshot back',
      wholeNumber(0, MOST_FAILED_USERS),
      0,
    )
    .option('--no-usernames', 'leave login names out of the rows')
    .action(async (options: ExportArguments) => {
      const { runExport } = await import('./run-export.ts');
      await runExport(options);
    });
