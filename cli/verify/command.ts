import { Command, Option } from 'commander';
import { COMMAND_NAME } from '../../contract/command-name.ts';
import { ExportFailure } from '../../contract/failure.ts';
import { parseInstance } from '../../contract/instance.ts';
import type { Partition } from '../../contract/keys.ts';
import type { DerivedVerdict } from '../../verify/verify-derived.ts';
import type { Span, Verdict } from '../../verify/verify-span.ts';
import type { Narrowing } from '../../verify/verify-store.ts';
import {
  awsRegion,
  date,
  destination,
  instanceId,
  refuseRegionOfFolder,
  wholeNumber,
} from '../arguments.ts';
import { s3Location } from '../store/s3-location.ts';

interface VerifyArguments {
  readonly instanceId?: string;
  readonly date?: string;
  readonly since?: string;
  readonly region?: string;
  /** Hours. */
  readonly notOlderThan?: number;
}

const narrowing = ({ instanceId, date, since }: VerifyArguments): Narrowing => {
  const id = instanceId === undefined ? undefined : parseInstance(instanceId)?.id;
  return ({ instanceId, snapshotDate }: Partition) =>
    (id === undefined || instanceId === id) &&
    (date === undefined || snapshotDate === date) &&
    (since === undefined || snapshotDate >= since);
};

const lineFor = ({ uri, manifest, problems }: Verdict): string =>
  problems.length === 0
    ? `ok     ${uri} (${manifest?.snapshot.rows} rows)`
    : `WRONG  ${uri}: ${problems.join('; ')}`;

const HOUR_MS = 60 * 60 * 1000;

/** @throws ExportFailure where the newest good snapshot of an instance is too old */
function checkAge(verdicts: readonly Verdict[], hours: number, now: Date): void {
  const newest = new Map<string, string>();
  for (const { partition, manifest, problems } of verdicts) {
    const finished = newest.get(partition.instanceId) ?? '';
    const isGood = manifest !== undefined && problems.length === 0;
    newest.set(
      partition.instanceId,
      isGood && manifest.finished_at > finished ? manifest.finished_at : finished,
    );
  }
  const late = [...newest].filter(
    ([, finished]) => finished === '' || now.getTime() - Date.parse(finished) > hours * HOUR_MS,
  );
  if (late.length === 0) return;
  const each = late.map(([id, finished]) => `${id} (${finished || 'none'})`).join(', ');
  throw new ExportFailure(
    'IncompleteSnapshot',
    `The newest good snapshot is more than ${hours === 1 ? 'an hour' : `${hours} hours`} old for ${each}; look at the runs of the exporter.`,
  );
}

/**
 * Prints a line for each snapshot.
 *
 * @throws ExportFailure where one is not what was published or too old, or there is none
 */
async function run(path: string, options: VerifyArguments): Promise<void> {
  refuseRegionOfFolder(path, options.region);
  // The AWS SDK takes a while to load: only a verification waits for it.
  const { openDestination } = await import('../store/destination.ts');
  const { verifyStore } = await import('../../verify/verify-store.ts');
  const { verifyFolder } = await import('./processes.ts');
  const verdicts: Verdict[] = [];
  const store = await openDestination(path, options.region);
  const isWanted = narrowing(options);
  const now = new Date();
  const inFolder = (spans: readonly Span[]) => verifyFolder(path, now, spans);
  const verify = s3Location(path) ? undefined : inFolder;
  for await (const verdict of verifyStore(store, now, isWanted, verify)) {
    verdicts.push(verdict);
    console.log(lineFor(verdict));
  }
  const wrong = verdicts.filter(({ problems }) => problems.length > 0).length;
  if (verdicts.length === 0) {
    const { instanceId, date, since } = options;
    const asked = instanceId ?? date ?? since;
    throw new ExportFailure(
      'InvalidRequest',
      asked === undefined
        ? `There is no snapshot in ${path}; export one first.`
        : `There is no such snapshot in ${path}; leave out --instance-id, --date and --since to see all.`,
    );
  }
  if (wrong > 0) {
    throw new ExportFailure(
      'DamagedRun',
      `${wrong} of ${verdicts.length} snapshots are not what was published; export these dates again, or restore an earlier version.`,
    );
  }
  const { verifyTargets } = await import('../../verify/verify-derived.ts');
  const derived = verdicts.flatMap((verdict) => verdict.derived);
  checkDerived([...derived, ...(await verifyTargets(store))], path);
  if (options.notOlderThan !== undefined) checkAge(verdicts, options.notOlderThan, now);
}

/**
 * Prints a line for each derived object that is not what the snapshots give.
 *
 * @throws ExportFailure where there is one, or one could not be read
 */
function checkDerived(verdicts: readonly DerivedVerdict[], path: string): void {
  const found = { ok: 0, missing: 0, wrong: 0, refused: 0 };
  for (const verdict of verdicts) {
    found[verdict.finding] += 1;
    if (verdict.finding !== 'wrong') continue;
    console.log(`WRONG  ${verdict.uri}: it is not what the snapshots give`);
  }
  const derive = `run npx ${COMMAND_NAME} derive --out ${path}`;
  if (found.ok > 0) {
    console.log(`ok     derived from the snapshots: ${found.ok} of ${verdicts.length} objects`);
  }
  if (found.missing > 0) console.log(`note   not derived yet: ${found.missing}; ${derive}`);
  if (found.wrong > 0) {
    throw new ExportFailure(
      'DamagedRun',
      `Derived objects that are not what the snapshots give: ${found.wrong}; delete them, then ${derive}.`,
    );
  }
  const refused = verdicts.find(({ finding }) => finding === 'refused');
  if (refused?.finding === 'refused') {
    throw new ExportFailure(refused.failure.name, refused.failure.message);
  }
}

/** Ten years: nobody asks for more. */
const MOST_HOURS = 10 * 366 * 24;

/** `proficiencies verify`: whether the snapshots are what was published. */
export const verifyCommand = (): Command =>
  new Command('verify')
    .description('compare every snapshot with its manifest, and what is derived with the snapshots')
    .argument('[path]', 'a folder, or s3://bucket/prefix', destination, './out')
    .option('--instance-id <id>', 'only those of this instance', instanceId)
    .addOption(
      new Option('--date <date>', 'only those of this date, yyyy-MM-dd')
        .argParser(date)
        .conflicts('since'),
    )
    .option('--since <date>', 'only those of this date and later', date)
    .option('--region <region>', "AWS Region of the bucket; default: the profile's", awsRegion)
    .option(
      '--not-older-than <hours>',
      'fail where the newest good snapshot of an instance is older',
      wholeNumber(1, MOST_HOURS),
    )
    .action(run);
