import type { WorkerEvent } from '../../contract/event.ts';
import { snapshotKey } from '../../contract/keys.ts';
import type { Manifest } from '../../contract/manifest.ts';
import type { Extras } from '../../contract/operations.ts';
import type { WorkerResult } from '../../contract/result.ts';
import { type Row, rowSchema } from '../../contract/row.ts';
import { gunzipLines } from '../../export/files/ndjson.ts';
import type {
  Deadline,
  MissingExtra,
  Observer,
  SliceSettings,
  SliceSummary,
  SliceTools,
  Store,
} from '../../export/ports.ts';
import { exportSlice } from '../../export/slice.ts';
import { type MemoryStore, memoryStore } from './memory-store.ts';
import type { ScriptedConnect } from './scripted-connect.ts';

export const INSTANCE = '11111111-2222-3333-4444-555555555555';

/** Only what no snapshot can be made without. */
export const WITHOUT_EXTRAS: Extras = {
  includeUserDetails: 'off',
  includePredefinedAttributes: false,
};

export const SETTINGS: SliceSettings = {
  region: 'us-east-1',
  timeZone: 'UTC',
  includeUsernames: true,
  includeUserDetails: 'teams',
  includePredefinedAttributes: true,
  allowedFailedUsers: 0,
};

/** A deadline that is never reached. */
export const unlimited = (): Deadline => ({
  reached: () => false,
  signal: new AbortController().signal,
  within: () => new AbortController().signal,
});

/** A deadline that is reached once `reached` holds. */
export const until = (reached: () => boolean): Deadline => ({ ...unlimited(), reached });

export interface World {
  readonly store: MemoryStore;
  readonly connect: ScriptedConnect;
  /** Summaries of the slices so far. */
  readonly summaries: SliceSummary[];
  /** The publications that were told of so far. */
  readonly published: Manifest[];
  /** What was told to be missing so far. */
  readonly missing: MissingExtra[];
  /** Moves the clock. */
  pass(seconds: number): void;
  now(): Date;
  /** One slice by a new worker. */
  slice(
    event?: Partial<WorkerEvent>,
    changes?: Partial<SliceTools>,
    settings?: Partial<SliceSettings>,
  ): Promise<WorkerResult>;
  rows(snapshotDate?: string): Promise<Row[]>;
}

export async function readRows(store: Store, key: string): Promise<Row[]> {
  const object = await store.get(key);
  if (!object) throw new Error(`${key} is missing`);
  const rows: Row[] = [];
  for await (const line of gunzipLines(object.body)) rows.push(rowSchema.parse(JSON.parse(line)));
  return rows;
}

/** Everything a slice needs, in memory, at a clock that only the test moves. */
export function world(connect: ScriptedConnect, store = memoryStore()): World {
  let now = new Date('2026-11-23T02:00:00.000Z');
  let workers = 0;
  const summaries: SliceSummary[] = [];
  const published: Manifest[] = [];
  const missing: MissingExtra[] = [];
  const observer: Observer = {
    begun: () => undefined,
    missing: (extra) => missing.push(extra),
    userDone: () => undefined,
    userFailed: () => undefined,
    partClosed: () => undefined,
    published: (manifest) => published.push(manifest),
    sliceEnded: (summary) => summaries.push(summary),
  };
  return {
    store,
    connect,
    summaries,
    published,
    missing,
    pass(seconds) {
      now = new Date(now.getTime() + seconds * 1000);
    },
    now: () => now,
    slice(event = {}, changes = {}, settings = {}) {
      const tools: SliceTools = {
        connect,
        traffic: connect,
        store,
        observer,
        clock: () => now,
        deadline: unlimited(),
        worker: `worker-${++workers}`,
        concurrency: 5,
        exporterVersion: '0.0.0',
        ...changes,
      };
      return exportSlice({ instanceId: INSTANCE, ...event }, { ...SETTINGS, ...settings }, tools);
    },
    rows: (snapshotDate = '2026-11-23') => readRows(store, snapshotKey(INSTANCE, snapshotDate)),
  };
}
