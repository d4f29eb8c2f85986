import { join } from 'node:path';
import { Command } from 'commander';
import {
  awsRegion,
  date,
  destination,
  file,
  instanceId,
  refuseRegionOfFolder,
} from '../arguments.ts';
import { requireDuckDb } from '../query/duckdb.ts';
import { s3Location } from '../store/s3-location.ts';

interface ReportArguments {
  readonly out: string;
  readonly to?: string;
  readonly region?: string;
  readonly cache: boolean;
  readonly instanceId?: string;
  readonly date?: string;
  readonly team?: string;
  readonly routingProfile?: string;
  readonly usernames: boolean;
}

const NAME = 'report.html';

async function write({ region, cache, to, ...options }: ReportArguments): Promise<string> {
  const { out } = options;
  refuseRegionOfFolder(out, region);
  await requireDuckDb();
  // The charts take a second to load: only those who want them wait for it.
  const { writeReport } = await import('./write-report.ts');
  const location = s3Location(out);
  if (!location) return writeReport({ ...options, to: to ?? join(out, NAME) });
  const { withExcerpt } = await import('../bucket/with-excerpt.ts');
  const { neededForReport } = await import('../bucket/needed.ts');
  return withExcerpt(
    { location, region, keep: cache },
    (bucket) => neededForReport(bucket, options),
    (folder) => writeReport({ ...options, out: folder, extent: 'excerpt', to: to ?? NAME }),
  );
}

/** `proficiencies report`: one HTML file that shows a snapshot and what changed since the one before. */
export const reportCommand = (): Command =>
  new Command('report')
    .description('write an HTML report on the newest snapshot in a folder or bucket')
    .option('--out <folder>', 'a folder, or s3://bucket/prefix', destination, './out')
    .option('--region <region>', "AWS Region of the bucket; default: the profile's", awsRegion)
    .option('--no-cache', 'keep nothing of the bucket for the next question')
    .option(
      '--to <file>',
      'the file to write; default: report.html in the folder, or here where a bucket is asked',
      file,
    )
    .option('--instance-id <id>', 'one instance, by id or ARN; default: all', instanceId)
    .option('--date <yyyy-MM-dd>', 'the snapshot of this day; default: the newest', date)
    .option(
      '--team <name>',
      'only agents of this group of the agent hierarchy, or of groups below it',
    )
    .option('--routing-profile <name>', 'only agents with this routing profile')
    .option('--no-usernames', 'leave login names, first and last names out: agents go by their ids')
    .action(async (options: ReportArguments) => {
      console.log(`Report written to ${await write(options)}`);
    });
