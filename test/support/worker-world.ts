import { manifestKey, snapshotKey } from '../../contract/keys.ts';
import { type Manifest, manifestSchema } from '../../contract/manifest.ts';
import { type Row, rowSchema } from '../../contract/row.ts';
import { gunzipLines } from '../../export/files/ndjson.ts';
import type { Dataset } from '../../simulator/people/dataset.ts';
import { type Simulator, type SimulatorOptions, startSimulator } from '../../simulator/server.ts';
import { awsEnvironment } from './aws-environment.ts';
import { type FakeS3, startFakeS3 } from './fake-s3/server.ts';

export const SNAPSHOT_DATE = '2026-11-23';
export const SCHEDULED_TIME = `${SNAPSHOT_DATE}T02:00:00Z`;

/** A Connect and an S3 on this machine, and how a worker is told of them. */
export interface WorkerWorld {
  readonly simulator: Simulator;
  readonly s3: FakeS3;
  /** The event of the nightly schedule. */
  readonly event: { readonly instanceId: string; readonly scheduledTime: string };
  /** A worker's whole environment. */
  environment(changes?: Readonly<Record<string, string>>): Readonly<Record<string, string>>;
  /** What is visible of the snapshot; `undefined` where there is none. */
  rows(snapshotDate?: string): Promise<Row[] | undefined>;
  manifest(snapshotDate?: string): Manifest | undefined;
  close(): Promise<void>;
}

/** What differs between runs. */
type OfRun = 'run_id' | 'snapshot_date' | 'fetched_at';

/** What a row says of a user, whichever run wrote it. */
const ofUser = ({ run_id: _, snapshot_date: __, fetched_at: ___, ...row }: Row): Omit<Row, OfRun> =>
  row;

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

type Details = Pick<
  Row,
  'routing_profile_id' | 'routing_profile_name' | 'hierarchy_group_id' | 'hierarchy' | 'tags'
>;

/** Of a user whom the search does not know. */
export const UNKNOWN_DETAILS: Details = {
  routing_profile_id: null,
  routing_profile_name: null,
  hierarchy_group_id: null,
  hierarchy: null,
  tags: null,
};

/** Where somebody works, as rows have it if the search knows this dataset. */
export function detailsOn(dataset: Dataset, userId: string): Details {
  const placement = dataset.placement(dataset.indexOf(userId) ?? -1);
  if (!placement) return UNKNOWN_DETAILS;
  const { hierarchyGroup: group, routingProfile, tags } = placement;
  return {
    routing_profile_id: routingProfile.id,
    routing_profile_name: routingProfile.name,
    hierarchy_group_id: group?.id ?? null,
    hierarchy: group ? [...group.parents, group].map(({ name }) => name) : null,
    tags: Object.fromEntries(Object.entries(tags).sort(([a], [b]) => compareText(a, b))),
  };
}

/** The rows that a complete and correct export of the simulator has, by user id. */
export function truth({
  simulator,
}: {
  readonly simulator: Pick<Simulator, 'instanceId' | 'dataset'>;
}) {
  const { instanceId } = simulator;
  const dataset = simulator.dataset();
  return [...dataset.truth()]
    .map((user) => ({
      instance_id: instanceId,
      region: 'us-east-1',
      user_id: user.userId,
      username: user.username,
      proficiencies: user.proficiencies.toSorted(
        (a, b) =>
          compareText(a.attribute_name, b.attribute_name) ||
          compareText(a.attribute_value, b.attribute_value),
      ),
      proficiency_count: user.proficiencies.length,
      proficiencies_modified_at: user.proficienciesModifiedAt?.toISOString() ?? null,
      proficiencies_modified_region: user.proficienciesModifiedRegion ?? null,
      user_modified_at: user.userModifiedAt.toISOString(),
      ...detailsOn(dataset, user.userId),
    }))
    .sort((a, b) => compareText(a.user_id, b.user_id));
}

/** Rows as `truth` has them. */
export const told = (rows: readonly Row[] | undefined) =>
  rows?.map(ofUser).sort((a, b) => compareText(a.user_id, b.user_id));

/** The rows of a gzip NDJSON file. @throws where it is not whole */
export async function rowsIn(bytes: Uint8Array): Promise<Row[]> {
  const rows: Row[] = [];
  const chunks = (async function* () {
    yield bytes;
  })();
  for await (const line of gunzipLines(chunks)) rows.push(rowSchema.parse(JSON.parse(line)));
  return rows;
}

/** Starts both servers. Connect answers at once and without limit unless told otherwise. */
export async function workerWorld(options: SimulatorOptions = {}): Promise<WorkerWorld> {
  const simulator = await startSimulator({ quota: 'unlimited', latencyMs: 0, ...options });
  const s3 = await startFakeS3();
  const { instanceId } = simulator;
  const stored = (key: string): Buffer | undefined => s3.objects.get(key)?.bytes;
  return {
    simulator,
    s3,
    event: { instanceId, scheduledTime: SCHEDULED_TIME },
    environment: (changes) => ({
      ...awsEnvironment(s3.url),
      AWS_ENDPOINT_URL_CONNECT: simulator.url,
      EXPORT_BUCKET: s3.bucket,
      REQUESTS_PER_SECOND: '100000',
      ...changes,
    }),
    async rows(snapshotDate = SNAPSHOT_DATE) {
      const bytes = stored(snapshotKey(instanceId, snapshotDate));
      return bytes && (await rowsIn(bytes));
    },
    manifest(snapshotDate = SNAPSHOT_DATE) {
      const bytes = stored(manifestKey(instanceId, snapshotDate));
      return bytes && manifestSchema.parse(JSON.parse(bytes.toString()));
    },
    async close() {
      await Promise.all([simulator.close(), s3.close()]);
    },
  };
}
