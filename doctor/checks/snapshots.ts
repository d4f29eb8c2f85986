import { ageSeconds, isDerived, isLate, newestSnapshot } from '../../aws/deployment/newest.ts';
import { ExportFailure } from '../../contract/failure.ts';
import { snapshotKey } from '../../contract/keys.ts';
import type { Manifest } from '../../contract/manifest.ts';
import { dateIn } from '../../contract/time-zone.ts';
import { openSnapshot } from '../../derive/published.ts';
import { leaveUnread } from '../../export/files/json.ts';
import type { Clock, Store } from '../../export/ports.ts';
import { verifySnapshot } from '../../verify/verify-snapshot.ts';
import { type Check, type Finding, failed, inRunbook, ok, warning } from '../check.ts';
import { inWords } from '../durations.ts';
import { lineOrThrow } from '../unanswered.ts';
import { WITHOUT_EXTRAS } from './extras.ts';

/** Where the snapshots are, of which instances. */
export interface Published {
  readonly store: Store;
  readonly instances: readonly string[];
  /** Of the schedule; UTC where it is not known. */
  readonly timeZone: string;
}

interface Options {
  readonly clock: Clock;
  /** Whether to read every row. */
  readonly isFull: boolean;
}

function freshness(newest: Manifest, { timeZone }: Published, now: Date): Finding {
  const { instance_id, snapshot_date, snapshot } = newest;
  const says = `The newest snapshot of ${instance_id} is of ${snapshot_date}, with ${snapshot.rows} rows, ${inWords(ageSeconds(newest, now))} old`;
  return isLate(newest, dateIn(timeZone, now))
    ? failed(
        `${says}, and the next one was due on ${newest.next_due ?? 'the day after'}`,
        inRunbook('A snapshot is late'),
      )
    : ok(says);
}

/** What is wrong with the object, a phrase each. */
async function flaws(
  store: Store,
  newest: Manifest,
  { isFull }: Options,
): Promise<readonly string[]> {
  if (isFull) {
    const key = snapshotKey(newest.instance_id, newest.snapshot_date);
    return (await verifySnapshot(store, key, newest)).problems;
  }
  try {
    const object = await openSnapshot(store, newest);
    await leaveUnread(object);
    return [];
  } catch (error) {
    if (!(error instanceof ExportFailure) || error.name !== 'DamagedRun') throw error;
    return [error.message.replace(/\.$/, '')];
  }
}

async function soundness(store: Store, newest: Manifest, options: Options): Promise<Finding[]> {
  const { instance_id, snapshot_date } = newest;
  const snapshot = `snapshot of ${instance_id} of ${snapshot_date}`;
  const problems = await flaws(store, newest, options);
  if (problems.length > 0) {
    return [
      failed(
        `It is not the ${snapshot} that was published: ${problems.join('; ')}`,
        inRunbook('Publish again'),
      ),
    ];
  }
  const what = options.isFull ? 'the rows and the SHA-256' : 'the size';
  const findings = [ok(`The ${snapshot} has ${what} that its manifest says`)];
  const isFresh = await isDerived(store, newest);
  return [
    ...findings,
    isFresh
      ? ok(`What is derived from the ${snapshot} is up to date`)
      : failed(
          `What is derived from the ${snapshot} is not up to date`,
          inRunbook('Derived data are not up to date'),
        ),
  ];
}

/** What the snapshot goes without, as the run wrote it down; earlier versions read nothing that it could lack. */
function gaps({
  instance_id,
  snapshot_date,
  user_details,
  predefined_attributes,
}: Manifest): Finding[] {
  const reasons = [user_details, predefined_attributes].flatMap((report) => report?.reason ?? []);
  return [...new Set(reasons)].map((reason) =>
    warning(
      `The snapshot of ${instance_id} of ${snapshot_date} goes without some of what was asked for: ${reason.replace(/\.$/, '')}`,
      WITHOUT_EXTRAS,
    ),
  );
}

/** The newest snapshot of an instance, and what is found of it. */
interface Newest {
  readonly findings: readonly Finding[];
  readonly manifest?: Manifest;
}

async function newestOf(
  instanceId: string,
  published: Published,
  options: Options,
): Promise<Newest> {
  const { store } = published;
  const manifest = await newestSnapshot(store, instanceId);
  if (manifest === undefined) {
    const finding = failed(
      `The instance ${instanceId} has no snapshot yet`,
      inRunbook('Start a run'),
    );
    return { findings: [finding] };
  }
  const findings = [
    freshness(manifest, published, options.clock()),
    ...(await soundness(store, manifest, options).catch((error: unknown) => [lineOrThrow(error)])),
    ...gaps(manifest),
  ];
  return { findings, manifest };
}

/** Each instance's newest snapshot: its age, whether it is what was published, and what is derived from it. */
export const snapshotsCheck = (options: Options): Check<Published, readonly Manifest[]> => ({
  id: 'snapshots',
  about: 'The snapshots',
  calls: ['s3:ListBucket', 's3:GetObject'],
  seconds: options.isFull ? 900 : 60,
  async run(published) {
    const looked: Newest[] = [];
    for (const instanceId of published.instances) {
      const newest = newestOf(instanceId, published, options);
      looked.push(await newest.catch((error: unknown) => ({ findings: [lineOrThrow(error)] })));
    }
    const manifests = looked.flatMap(({ manifest }) => manifest ?? []);
    return {
      findings: looked.flatMap(({ findings }) => findings),
      ...(manifests.length > 0 && { fact: manifests }),
    };
  },
});
