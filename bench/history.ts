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

/** A date on which a snapshot is published. */
type Day = string;

/** Long enough ago that no snapshot of a long history is of the future. */
const FIRST_DAY = Date.UTC(2024, 10, 1);
const DAY_MS = 24 * 60 * 60 * 1000;

const dayAfter = (days: number): Day =>
  new Date(FIRST_DAY + days * DAY_MS).toISOString().slice(0, 10);

const runIdOf = (day: Day): string => `${day.replaceAll('-', '')}T020000Z-00000000`;

/** An instance of which snapshots are published. */
export interface History {
  readonly instanceId: string;
  /** Of the snapshots, the oldest first. */
  readonly dates: readonly Day[];
  /** Users that differ from one snapshot to the next, in all: changed, created, deleted or renamed. */
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
    userDetails: 'off',
  } as const;
  const planned = { id, username, modified_at: modifiedAt.toISOString() };
  return toRow(common, planned, answer, new Date(`${day}T02:00:07.125Z`));
}

/** What changes are about: of when it was read and by whom, nothing is told. */
const told = (row: Row | undefined): string => JSON.stringify([row?.username, row?.proficiencies]);

const manifestOf = (
  instanceId: string,
  day: Day,
  counts: Pick<Manifest, 'proficiencies' | 'users_without_proficiencies'>,
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
  ...counts,
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
  let counts = { proficiencies: 0, users_without_proficiencies: 0 };
  async function* lines(): AsyncGenerator<string> {
    counts = { proficiencies: 0, users_without_proficiencies: 0 };
    for (const row of rows()) {
      counts.proficiencies += row.proficiency_count;
      if (row.proficiency_count === 0) counts.users_without_proficiencies += 1;
      yield toLine(row);
    }
  }
  await store.put(snapshotKey(instanceId, day), () =>
    metered(zipped(lines()), (atEnd) => {
      content = atEnd;
    }),
  );
  if (!content) throw new Error('A snapshot was not read to its end.');
  const manifest = manifestOf(instanceId, day, counts, content);
  await store.put(manifestKey(instanceId, day), Buffer.from(toLine(manifest)));
}

/** The people of a day: of every other user another half, so that about two percent differ from one day to the next. */
function peopleAfter(days: number, users: number) {
  const today = createDataset({ users, day: Math.floor(days / 2) });
  const tomorrow = createDataset({ users, day: Math.floor((days + 1) / 2) });
  return {
    instanceId: today.instanceId,
    end: tomorrow.end,
    rowOf: (index: number, day: Day) => rowOf(index % 2 === 0 ? today : tomorrow, index, day),
  };
}

/**
 * Publishes snapshots of the simulator's people, one a day, without a simulator: a million requests would take longer than all
 * that is measured. Always the same, and no more memory for more users.
 *
 * @param users in the first one
 * @param dates how many
 */
export async function publishHistory(store: Store, users: number, dates: number): Promise<History> {
  const published: Day[] = [];
  let changedUsers = 0;
  let before = peopleAfter(0, users);
  for (let days = 0; days < dates; days++) {
    const day = dayAfter(days);
    const people = peopleAfter(days, users);
    const earlier = before;
    await publish(store, people.instanceId, day, function* () {
      for (let index = 0; index < people.end; index++) {
        const row = people.rowOf(index, day);
        if (told(row) !== told(earlier.rowOf(index, day))) changedUsers += 1;
        if (row) yield row;
      }
    });
    published.push(day);
    before = people;
  }
  return { instanceId: before.instanceId, dates: published, changedUsers };
}
