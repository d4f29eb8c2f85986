import { type HttpStub, httpStub } from '../../support/http-stub.ts';
import { workerBundle } from '../../support/worker-bundle.ts';
import { drive, startWorker } from '../../support/worker-process.ts';
import { told, truth, type WorkerWorld, workerWorld } from '../../support/worker-world.ts';

const USERS = 200;

let world: WorkerWorld;
let quotas: HttpStub;

beforeAll(async () => {
  world = await workerWorld({ users: USERS, manyProficienciesShare: 0.05 });
  quotas = await httpStub({ status: 200, body: JSON.stringify({ Quota: { Value: 2000 } }) });
});

afterAll(async () => {
  await quotas.close();
  await world.close();
});

describe('the built bundle in a fresh process, given nothing but its environment', () => {
  test('exports everything, in two slices and at the share of the quota that is applied', async () => {
    const { REQUESTS_PER_SECOND: _, ...environment } = world.environment({
      AWS_ENDPOINT_URL_SERVICE_QUOTAS: quotas.url,
      QUOTA_SHARE: '0.5',
    });
    const worker = await startWorker(await workerBundle(), environment);
    const answers = await drive(worker, world.event, { looks: 103 });
    await worker.kill();

    expect(answers).toMatchObject([
      { result: { status: 'IN_PROGRESS', usersTotal: USERS, percent: 50 } },
      { result: { status: 'PUBLISHED', usersDone: USERS, percent: 100 } },
    ]);
    expect(told(await world.rows())).toEqual(truth(world));
    expect(world.manifest()).toMatchObject({
      slices: 2,
      trigger: 'schedule',
      users_exported: USERS,
      requests: { list_users: { ok: 1 }, list_user_proficiencies: { throttled: 0, retried: 0 } },
    });
    // The quotas of the three operations whose code is known, read for each slice.
    expect(quotas.requests).toHaveLength(3 * answers.length);
    expect(worker.output()).not.toContain('assumed');
  });

  test('begins without a burst of its own at a raised quota', async () => {
    const raised = await workerWorld({
      users: USERS,
      quota: { requestsPerSecond: 150, burst: 30 },
    });
    const applied = await httpStub({
      status: 200,
      body: JSON.stringify({ Quota: { Value: 150 } }),
    });
    try {
      const { REQUESTS_PER_SECOND: _, ...environment } = raised.environment({
        AWS_ENDPOINT_URL_SERVICE_QUOTAS: applied.url,
        QUOTA_SHARE: '0.4',
      });
      const worker = await startWorker(await workerBundle(), environment);
      await worker.invoke(raised.event);
      await worker.kill();
      const manifest = raised.manifest();
      expect(manifest).toMatchObject({ users_exported: USERS });
      // Three quarters of a second's worth at once would be 45. A busy machine may bunch a few requests on their way.
      expect(manifest?.requests.list_user_proficiencies.throttled).toBeLessThan(5);
    } finally {
      await applied.close();
      await raised.close();
    }
  });

  test('leaves it to Lambda to log an error', async () => {
    const worker = await startWorker(await workerBundle(), world.environment());
    const { instanceId } = world.event;
    await worker.invoke({ instanceId, runId: '20260101T000000Z-00000000' });
    await worker.kill();
    // On Node.js 20 the SDK has an announcement of its own among them.
    const lines = worker
      .output()
      .split('\n')
      .filter((line) => line.startsWith('{'));
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({
        level: 'WARN',
        message: 'Slice failed',
        failure: 'InvalidRequest',
      }),
    ]);
  });
});
