import { Command } from 'commander';
import { ExportFailure } from '../../contract/failure.ts';
import { parseInstance } from '../../contract/instance.ts';
import type { Store } from '../../export/ports.ts';
import { awsRegion, destination, instanceId, refuseRegionOfFolder } from '../arguments.ts';

interface DeriveArguments {
  /** A folder, or `s3://bucket/prefix`. */
  readonly out: string;
  readonly instanceId?: string;
  readonly region?: string;
}

/** @throws ExportFailure InvalidRequest where nothing of it is published */
async function instancesIn(store: Store, { out, instanceId }: DeriveArguments): Promise<string[]> {
  const { publishedInstances } = await import('../../derive/published.ts');
  const wanted = instanceId === undefined ? undefined : parseInstance(instanceId)?.id;
  const all = await publishedInstances(store);
  const found = all.filter((id) => wanted === undefined || id === wanted);
  if (found.length > 0) return found;
  throw new ExportFailure(
    'InvalidRequest',
    wanted === undefined
      ? `There is no snapshot in ${out}; export one first, or name another place with --out.`
      : `There is no snapshot of the instance ${wanted} in ${out}; leave out --instance-id to derive from all.`,
  );
}

const counted = (count: number, what: string): string =>
  `${count} ${what}${count === 1 ? '' : 's'}`;

async function run(options: DeriveArguments): Promise<void> {
  refuseRegionOfFolder(options.out, options.region);
  // The AWS SDK takes a while to load: only those who derive wait for it.
  const { openDestination } = await import('../store/destination.ts');
  const { deriveInstance } = await import('../../derive/instance.ts');
  const { bringTargetsUpToDate } = await import('./targets.ts');
  const store = await openDestination(options.out, options.region);
  const damages = new Set<string>();
  const instances = await instancesIn(store, options);
  let objects = 0;
  const written = (key: string): void => {
    objects += 1;
    console.log(`written  ${store.uri(key)}`);
  };
  for (const id of instances) {
    const derived = await deriveInstance(store, id, { snapshots: 'all', written });
    for (const { message } of derived.damages) damages.add(message);
  }
  const targets = await bringTargetsUpToDate(store, (sentence) => console.error(sentence));
  if (targets !== undefined) written(targets);
  const from = counted(instances.length, 'instance');
  if (objects > 0) console.log(`${counted(objects, 'object')} written, derived from ${from}.`);
  else if (damages.size === 0) {
    console.log(`Nothing to write: what is derived from ${from} is up to date.`);
  }
  if (damages.size > 0) throw new ExportFailure('DamagedRun', [...damages].join('\n'));
}

/** `proficiencies derive`: makes what is missing or out of date of all that is derived from snapshots, and of the coverage targets. */
export const deriveCommand = (): Command =>
  new Command('derive')
    .description(
      'bring up to date what is derived from snapshots, the newest one and the changes, and the coverage targets',
    )
    .option('--out <folder>', 'a folder, or s3://bucket/prefix', destination, './out')
    .option('--instance-id <id>', 'one instance, by id or ARN; default: all', instanceId)
    .option('--region <region>', "AWS Region of the bucket; default: the profile's", awsRegion)
    .action(run);
