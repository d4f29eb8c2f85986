import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { parseInstance } from '../../contract/instance.ts';
import { type Aliases, THE_ONLY_ONE } from '../../report/aliases.ts';
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

/** As Connect takes it; https://<alias>.my.connect.aws is where the instance is. */
const ALIAS = /^[\da-z]+(-+[\da-z]+)*$/i;

const ONE_ALIAS = 'Give the alias as Connect has it: letters, digits and hyphens.';

/** `alias` or `instance=alias`, together with those that were given before. */
function collectAlias(text: string, collected: Aliases = {}): Aliases {
  const equals = text.lastIndexOf('=');
  const alias = text.slice(equals + 1);
  if (!ALIAS.test(alias)) throw new InvalidArgumentError(ONE_ALIAS);
  const instance = equals < 0 ? undefined : parseInstance(instanceId(text.slice(0, equals)));
  const all = { ...collected, [instance?.id ?? THE_ONLY_ONE]: alias };
  const ids = Object.keys(all);
  if (ids.length > 1 && ids.includes(THE_ONLY_ONE)) {
    throw new InvalidArgumentError(
      'Give several aliases each with its instance, as <instance id>=<alias>.',
    );
  }
  if (ids.length > Object.keys(collected).length) return all;
  throw new InvalidArgumentError('Give the alias of an instance only once.');
}

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
  readonly alias?: Aliases;
}

const NAME = 'report.html';

async function write({ region, cache, to, alias, ...given }: ReportArguments): Promise<string> {
  const options = { ...given, ...(alias && { aliases: alias }) };
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
    .option(
      '--alias <alias>',
      'what the instance is called; of several, each as <instance id>=<alias>',
      collectAlias,
    )
    .option('--no-usernames', 'leave login names, first and last names out: agents go by their ids')
    .action(async (options: ReportArguments) => {
      console.log(`Report written to ${await write(options)}`);
    });
