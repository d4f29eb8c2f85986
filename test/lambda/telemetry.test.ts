import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { INSTANCE_DIMENSION, METRICS, METRICS_NAMESPACE } from '../../lambda/contract/metrics.ts';
import type { SliceSummary } from '../../lambda/export/ports.ts';
import { telemetry } from '../../lambda/telemetry.ts';

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

let printed: string[];

beforeEach(() => {
  printed = [];
  for (const stream of [process.stdout, process.stderr]) {
    jest.spyOn(stream, 'write').mockImplementation((text) => {
      printed.push(String(text));
      return true;
    });
  }
});

afterEach(() => jest.restoreAllMocks());

function observer() {
  const metrics = new Metrics({ namespace: METRICS_NAMESPACE });
  metrics.clearDefaultDimensions();
  return telemetry(new Logger({ serviceName: 'worker' }), metrics);
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
    observer().sliceEnded({ ...SUMMARY, snapshotBytes: 1234 });
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
                { Name: METRICS.snapshotBytes, Unit: 'Bytes' },
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
        [METRICS.snapshotBytes]: 1234,
        [METRICS.snapshotPublished]: 1,
      },
    ]);
  });

  it('say of a snapshot only where there is one', () => {
    const watched = observer();
    watched.sliceEnded({ ...SUMMARY, snapshotBytes: 1234 });
    watched.sliceEnded({ ...SUMMARY, instanceId: 'another', exported: 8 });
    const second = emf()[1];
    expect(second).toMatchObject({
      [INSTANCE_DIMENSION]: 'another',
      [METRICS.usersExported]: 8,
    });
    expect(Object.keys(second)).not.toContain(METRICS.snapshotPublished);
    expect(Object.keys(second)).not.toContain(METRICS.snapshotBytes);
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
