import { manifestKey, snapshotKey } from '../contract/keys.ts';
import { type Manifest, NO_REQUESTS } from '../contract/manifest.ts';
import type { Row } from '../contract/row.ts';
import { EXPORTER_VERSION } from '../contract/version.ts';
import { zipped } from '../derive/lines.ts';
import { type Content, metered } from '../export/files/gzip-meter.ts';
import { toLine } from '../export/files/ndjson.ts';
import { toRow } from '../export/parts/row.ts';
import type { Store } from '../export/ports.ts';
import { createDataset, type Dataset } from '../simulator/people/dataset.ts';

/** Two days in a row. */
const DATES = ['2026-11-01', '2026-11-02'] as const;

type Day = (typeof DATES)[number];

const runIdOf = (day: Day): string => `${day.replaceAll('-', '')}T020000Z-00000000`;

/** An instance of which two snapshots are published. */
export interface TwoSnapshots {
  readonly instanceId: string;
  /** Users that differ from one to the other: changed, created, deleted or renamed. */
  readonly changedUsers: number;
}

/** The row of a user, or `undefined` where there is no such user. */
function rowOf(dataset: Dataset, index: number, day: Day): Row | undefined {
  const user = dataset.user(index);
  const answer = dataset.proficiencies(index);
  if (!user || !answer) return undefined;
  const { id, username, modifiedAt } = user;
  const common = {
    instanceId: dataset.instanceId,
    snapshotDate: day,
    region: 'us-east-1',
    runId: runIdOf(day),
  };
  const planned = { id, username, modified_at: modifiedAt.toISOString() };
  return toRow(common, planned, answer, new Date(`${day}T02:00:07.125Z`));
}

/** What changes are about: of when it was read and by whom, nothing is told. */
const told = (row: Row | undefined): string => JSON.stringify([row?.username, row?.proficiencies]);

const manifestOf = (
  instanceId: string,
  day: Day,
  proficiencies: number,
  { bytes, rows, sha256 }: Content,
): Manifest => ({
  version: 1,
  run_id: runIdOf(day),
  instance_id: instanceId,
  region: 'us-east-1',
  snapshot_date: day,
  trigger: 'schedule',
  scheduled_time: `${day}T02:00:00.000Z`,
  started_at: `${day}T02:00:03.500Z`,
  finished_at: `${day}T03:23:27.500Z`,
  slices: 1,
  users_listed: rows,
  users_exported: rows,
  users_deleted_during_run: 0,
  users_failed: 0,
  users_without_proficiencies: 0,
  proficiencies,
  requests: NO_REQUESTS,
  snapshot: {
    key: snapshotKey(instanceId, day),
    bytes,
    rows,
    sha256,
    etag: sha256,
    version_id: null,
  },
  exporter_version: EXPORTER_VERSION,
});

async function publish(
  store: Store,
  instanceId: string,
  day: Day,
  rows: () => Iterable<Row>,
): Promise<void> {
  let content: Content | undefined;
  let proficiencies = 0;
  async function* lines(): AsyncGenerator<string> {
    proficiencies = 0;
    for (const row of rows()) {
      proficiencies += row.proficiency_count;
      yield toLine(row);
    }
  }
  await store.put(snapshotKey(instanceId, day), () =>
    metered(zipped(lines()), (atEnd) => {
      content = atEnd;
    }),
  );
  if (!content) throw new Error('A snapshot was not read to its end.');
  const manifest = manifestOf(instanceId, day, proficiencies, content);
  await store.put(manifestKey(instanceId, day), Buffer.from(toLine(manifest)));
}

/**
 * Publishes two snapshots of the simulator's people, without a simulator: a million requests would take longer than all that is
 * measured. Of every other user the second one is a day later, so that about two percent differ. Always the same, and no more
 * memory for more users.
 *
 * @param users in the first one
 */
export async function publishTwoSnapshots(store: Store, users: number): Promise<TwoSnapshots> {
  const today = createDataset({ users });
  const tomorrow = createDataset({ users, day: 1 });
  const { instanceId } = today;
  const earlierRow = (index: number) => rowOf(today, index, DATES[0]);
  const laterRow = (index: number) => rowOf(index % 2 === 0 ? today : tomorrow, index, DATES[1]);
  let changedUsers = 0;
  await publish(store, instanceId, DATES[0], function* () {
    for (let index = 0; index < today.end; index++) {
      const row = earlierRow(index);
      if (row) yield row;
    }
  });
  await publish(store, instanceId, DATES[1], function* () {
    for (let index = 0; index < tomorrow.end; index++) {
      const row = laterRow(index);
      if (told(row) !== told(earlierRow(index))) changedUsers += 1;
      if (row) yield row;
    }
  });
  return { instanceId, changedUsers };
}
