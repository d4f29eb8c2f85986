import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import type { Manifest } from '../../contract/manifest.ts';
import { INSTANCE_DIMENSION, METRICS, METRICS_NAMESPACE } from '../../contract/metrics.ts';
import type { SliceSummary } from '../../export/ports.ts';
import { telemetry } from '../../lambda/telemetry.ts';
import { keepPrinted } from '../support/invocation.ts';

const SUMMARY: SliceSummary = {
  instanceId: 'instance',
  exported: 7,
  deleted: 2,
  proficiencies: 30,
  failed: 1,
  goesOn: false,
  requests: {
    list_users: { ok: 1, throttled: 2, retried: 4 },
    list_user_proficiencies: { ok: 8, throttled: 16, retried: 32 },
  },
  seconds: 12.5,
};

const MANIFEST: Manifest = {
  version: 1,
  run_id: '20261123T020000Z-1a2b3c4d',
  instance_id: 'instance',
  region: 'us-east-1',
  snapshot_date: '2026-11-23',
  trigger: 'schedule',
  scheduled_time: '2026-11-23T02:00:00.000Z',
  started_at: '2026-11-23T02:00:01.000Z',
  finished_at: '2026-11-23T02:10:00.000Z',
  slices: 1,
  users_listed: 10,
  users_exported: 7,
  users_deleted_during_run: 2,
  users_failed: 1,
  users_without_proficiencies: 0,
  proficiencies: 30,
  proficiencies_repeated: 0,
  texts_replaced: 0,
  requests: SUMMARY.requests,
  snapshot: { key: 'k', bytes: 1234, rows: 7, sha256: 's', etag: 'e', version_id: null },
  exporter_version: '0.0.0',
};

let printed: readonly string[];

beforeEach(() => {
  printed = keepPrinted();
});

afterEach(() => jest.restoreAllMocks());

function observer(now = new Date('2026-11-23T02:10:05.000Z')) {
  const metrics = new Metrics({ namespace: METRICS_NAMESPACE });
  metrics.clearDefaultDimensions();
  return telemetry(new Logger({ serviceName: 'worker' }), metrics, () => now);
}

const lines = () =>
  printed
    .join('')
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line));

const emf = () => lines().filter((line) => '_aws' in line);

describe('metrics', () => {
  it('are CloudWatch lines by the names and the one dimension of the contract', () => {
    observer().sliceEnded(SUMMARY);
    expect(emf()).toEqual([
      {
        _aws: {
          Timestamp: expect.any(Number),
          CloudWatchMetrics: [
            {
              Namespace: METRICS_NAMESPACE,
              Dimensions: [[INSTANCE_DIMENSION]],
              Metrics: expect.arrayContaining([
                { Name: METRICS.usersExported, Unit: 'Count' },
                { Name: METRICS.sliceSeconds, Unit: 'Seconds' },
              ]),
            },
          ],
        },
        [INSTANCE_DIMENSION]: 'instance',
        [METRICS.usersExported]: 7,
        [METRICS.usersFailed]: 1,
        [METRICS.usersDeleted]: 2,
        [METRICS.proficiencies]: 30,
        [METRICS.requests]: 63,
        [METRICS.throttled]: 18,
        [METRICS.sliceSeconds]: 12.5,
      },
    ]);
  });

  it('are all that the contract names', () => {
    const watched = observer();
    watched.published(MANIFEST);
    watched.sliceEnded(SUMMARY);
    const sent = emf().flatMap((line) => Object.keys(line));
    const {
      derivedDataFailed: _ofTheWorkflow,
      coverageGaps: _ofTheDeriver,
      ...ofTheWorker
    } = METRICS;
    expect(sent).toEqual(expect.arrayContaining(Object.values(ofTheWorker)));
  });

  it('are dated by the publication where they tell of one, and by the present otherwise', () => {
    jest.useFakeTimers({ now: new Date('2026-11-24T02:00:00.000Z'), doNotFake: ['nextTick'] });
    const watched = observer();
    watched.published(MANIFEST);
    watched.sliceEnded({ ...SUMMARY, instanceId: 'another' });
    jest.useRealTimers();
    const [publication, slice] = emf();
    expect(publication).toEqual({
      _aws: {
        Timestamp: Date.parse(MANIFEST.finished_at),
        CloudWatchMetrics: [
          {
            Namespace: METRICS_NAMESPACE,
            Dimensions: [[INSTANCE_DIMENSION]],
            Metrics: [
              { Name: METRICS.snapshotPublished, Unit: 'Count' },
              { Name: METRICS.snapshotBytes, Unit: 'Bytes' },
            ],
          },
        ],
      },
      [INSTANCE_DIMENSION]: 'instance',
      [METRICS.snapshotPublished]: 1,
      [METRICS.snapshotBytes]: 1234,
    });
    expect(slice).toMatchObject({
      _aws: { Timestamp: Date.parse('2026-11-24T02:00:00.000Z') },
      [INSTANCE_DIMENSION]: 'another',
    });
    expect(Object.keys(slice)).not.toContain(METRICS.snapshotPublished);
  });

  it('say nothing of a publication that is too old for CloudWatch', () => {
    observer(new Date('2026-12-07T02:10:00.000Z')).published(MANIFEST);
    expect(emf()).toEqual([]);
    expect(lines()).toEqual([expect.objectContaining({ message: 'Snapshot published' })]);
  });
});

describe('log lines', () => {
  it('carry the run they are about', () => {
    const watched = observer();
    const start = { instanceId: 'instance', runId: 'run', slice: 3 };
    watched.begun({ ...start, usersTotal: 10, usersAnswered: 4 });
    const failure = { userId: 'user', error: 'InvalidAnswer' };
    watched.userFailed({ ...failure, message: 'why' });
    watched.partClosed({ index: 5, rows: 6, bytes: 700 });
    watched.sliceEnded(SUMMARY);
    const logged = lines().filter((line) => 'level' in line);
    expect(logged).toEqual([
      expect.objectContaining({ ...start, level: 'INFO', usersTotal: 10, usersAnswered: 4 }),
      expect.objectContaining({ ...start, level: 'WARN', ...failure, reason: 'why' }),
      expect.objectContaining({ ...start, level: 'INFO', index: 5, rows: 6, bytes: 700 }),
      expect.objectContaining({ ...start, level: 'INFO', exported: 7 }),
    ]);
  });

  it('are not one per user', () => {
    const watched = observer();
    for (const kind of ['exported', 'deleted', 'failed'] as const) watched.userDone(kind);
    expect(printed).toEqual([]);
  });
});
