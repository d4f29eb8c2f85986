import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { AttributeLine } from '../../contract/attribute.ts';
import type { ChangeLine } from '../../contract/change.ts';
import {
  attributesKey,
  COVERAGE_TARGETS_KEY,
  changesKey,
  latestKey,
  manifestKey,
  snapshotKey,
  TARGETS_FILE_KEY,
} from '../../contract/keys.ts';
import type { Manifest } from '../../contract/manifest.ts';
import type { Proficiency, Row } from '../../contract/row.ts';
import type { Target, TargetLine } from '../../contract/target.ts';
import { changesBetween } from './world-changes.ts';

/** A user on one day. */
export interface WorldUser {
  readonly id: string;
  readonly username?: string;
  readonly proficiencies: readonly Proficiency[];
  /** When the proficiencies were last changed. */
  readonly changedAt?: string;
  /** Who the user is besides; absent in rows of a run that did not ask. */
  readonly details?: WorldDetails;
}

/** What rows say of a user besides name and proficiencies. */
type WorldDetails = Pick<
  Row,
  | 'routing_profile_id'
  | 'routing_profile_name'
  | 'hierarchy_group_id'
  | 'hierarchy'
  | 'tags'
  | 'first_name'
  | 'last_name'
>;

/** An attribute that is defined on a day. */
export interface WorldAttribute {
  readonly name: string;
  readonly values: readonly string[];
  readonly purposes: readonly string[];
}

/** What an instance's bucket holds for one day. */
export interface WorldSnapshot {
  readonly date: string;
  readonly users: readonly WorldUser[];
  /** Absent where the run did not ask for them. */
  readonly attributes?: readonly WorldAttribute[];
  /** `false`: the rows are there, the manifest is not yet. */
  readonly published?: false;
  /** What the manifest says otherwise than the rows suggest. */
  readonly manifest?: Partial<Manifest>;
}

/** Snapshots by instance id, the oldest first. */
export type PublishedWorld = Readonly<Record<string, readonly WorldSnapshot[]>>;

const runIdOf = (date: string): string => `${date.replaceAll('-', '')}T020000Z-00000000`;

export const rowOf = (instanceId: string, date: string, user: WorldUser): Row => ({
  instance_id: instanceId,
  snapshot_date: date,
  region: 'us-east-1',
  user_id: user.id,
  ...(user.username !== undefined && { username: user.username }),
  proficiencies: [...user.proficiencies],
  proficiency_count: user.proficiencies.length,
  proficiencies_modified_at: user.changedAt ?? null,
  proficiencies_modified_region: user.changedAt === undefined ? null : 'us-west-2',
  user_modified_at: null,
  ...user.details,
  fetched_at: `${date}T02:00:07.125Z`,
  run_id: runIdOf(date),
});

export const manifestOf = (instanceId: string, snapshot: WorldSnapshot): Manifest => ({
  version: 1,
  run_id: runIdOf(snapshot.date),
  instance_id: instanceId,
  region: 'us-east-1',
  snapshot_date: snapshot.date,
  trigger: 'schedule',
  scheduled_time: `${snapshot.date}T02:00:00.000Z`,
  started_at: `${snapshot.date}T02:00:03.500Z`,
  finished_at: `${snapshot.date}T03:23:27.500Z`,
  slices: 6,
  users_listed: snapshot.users.length,
  users_exported: snapshot.users.length,
  users_deleted_during_run: 0,
  users_failed: 0,
  users_without_proficiencies: snapshot.users.filter((user) => !user.proficiencies.length).length,
  proficiencies: snapshot.users.flatMap((user) => user.proficiencies).length,
  proficiencies_repeated: 0,
  texts_replaced: 0,
  requests: {
    list_users: { ok: 1, throttled: 0, retried: 0 },
    list_user_proficiencies: { ok: snapshot.users.length, throttled: 1, retried: 2 },
  },
  snapshot: {
    key: snapshotKey(instanceId, snapshot.date),
    bytes: 1,
    rows: snapshot.users.length,
    sha256: 'not checked here',
    etag: 'not checked here',
    version_id: null,
  },
  exporter_version: '0.0.0',
  ...snapshot.manifest,
});

const escaped = (json: string): string =>
  json.replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');

const attributeLines = (
  instanceId: string,
  { date, attributes = [] }: WorldSnapshot,
): AttributeLine[] =>
  attributes.flatMap(({ name, values, purposes }) =>
    (values.length === 0 ? [null] : values).map((value) => ({
      instance_id: instanceId,
      snapshot_date: date,
      attribute_name: name,
      attribute_value: value,
      purposes: [...purposes],
      modified_at: null,
      run_id: runIdOf(date),
    })),
  );

const line = (value: Row | Manifest | ChangeLine | AttributeLine | TargetLine): string =>
  `${escaped(JSON.stringify(value))}\n`;

/** Gzip members as a run writes them: several, of different length, the last one empty. */
function gzipMembers(lines: readonly string[]): Buffer {
  const middle = Math.ceil(lines.length / 3);
  const members = [lines.slice(0, middle), lines.slice(middle), []];
  return Buffer.concat(members.map((member) => gzipSync(member.join(''))));
}

function put(folder: string, key: string, body: Uint8Array | string): void {
  const path = join(folder, key);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, body);
}

const withRunId = ({ date, users }: WorldSnapshot) => ({ date, users, runId: runIdOf(date) });

/** What is derived from the published snapshots of an instance. */
function putDerived(folder: string, instanceId: string, published: readonly WorldSnapshot[]): void {
  for (const [index, later] of published.entries()) {
    const earlier = published[index - 1];
    if (earlier === undefined) continue;
    const lines = changesBetween(instanceId, withRunId(earlier), withRunId(later)).map(line);
    put(folder, changesKey(instanceId, later.date), gzipMembers(lines));
  }
  const newest = published.at(-1);
  if (newest === undefined) return;
  const rows = newest.users.map((user) => line(rowOf(instanceId, newest.date, user)));
  put(folder, latestKey(instanceId), gzipMembers(rows));
}

/** A target that people have set. */
export type WorldTarget = Omit<Target, 'line_number'>;

const csvField = (value: string | number): string => `"${String(value).replaceAll('"', '""')}"`;

/** Writes coverage targets below a folder, and what is derived from them. The last line of the file cannot be read. */
export function writeTargets(folder: string, targets: readonly WorldTarget[]): void {
  const names = ['attribute_name', 'attribute_value', 'minimum_level', 'minimum_agents'] as const;
  const rows = targets.map((target) => names.map((name) => csvField(target[name])).join(','));
  const file = [names.join(','), ...rows, 'Language,French,none,1'].join('\r\n');
  put(folder, TARGETS_FILE_KEY, file);
  // A cell may hold line breaks, so that the lines of the file are more than its rows.
  const lineOf = (index: number): number =>
    [names.join(','), ...rows.slice(0, index)].join('\n').split('\n').length + 1;
  const lines = [
    ...targets.map(({ attribute_name, attribute_value, minimum_level, minimum_agents }, index) =>
      line({
        line_number: lineOf(index),
        attribute_name,
        attribute_value,
        minimum_level,
        minimum_agents,
        problem: null,
      }),
    ),
    line({
      line_number: lineOf(rows.length),
      attribute_name: null,
      attribute_value: null,
      minimum_level: null,
      minimum_agents: null,
      problem: 'minimum_level is "none", which is no level from 1 to 5',
    }),
  ];
  put(folder, COVERAGE_TARGETS_KEY, gzipMembers(lines));
}

/** Writes a world below a folder, as the contract lays it out, with all that is derived from it. */
export function writeWorld(folder: string, world: PublishedWorld): void {
  for (const [instanceId, snapshots] of Object.entries(world)) {
    for (const snapshot of snapshots) {
      const { date, users, published } = snapshot;
      const lines = users.map((user) => line(rowOf(instanceId, date, user)));
      const body = gzipMembers(lines);
      put(folder, snapshotKey(instanceId, date), body);
      if (snapshot.attributes) {
        const defined = attributeLines(instanceId, snapshot).map(line);
        put(folder, attributesKey(instanceId, date), gzipMembers(defined));
      }
      if (published === false) continue;
      const manifest = manifestOf(instanceId, snapshot);
      const said = { ...manifest.snapshot, bytes: body.length };
      put(folder, manifestKey(instanceId, date), line({ ...manifest, snapshot: said }));
    }
    const published = snapshots.filter((snapshot) => snapshot.published !== false);
    putDerived(folder, instanceId, published);
  }
}
