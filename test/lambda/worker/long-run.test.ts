import { snapshotKey } from '../../../contract/keys.ts';
import { NO_REQUESTS } from '../../../contract/manifest.ts';
import type { WorkerResult } from '../../../contract/result.ts';
import type { Connect, Deadline, Observer, Traffic } from '../../../export/ports.ts';
import { exportSlice } from '../../../export/slice.ts';
import { s3Client } from '../../../lambda/s3/client.ts';
import { s3Store } from '../../../lambda/s3/store.ts';
import { createDataset, type Dataset } from '../../../simulator/people/dataset.ts';
import { pathOf, withDescendants } from '../../../simulator/people/hierarchy.ts';
import { awsEnvironment } from '../../support/aws-environment.ts';
import { FULL } from '../../support/breadth.ts';
import { startFakeS3 } from '../../support/fake-s3/server.ts';
import { rowsIn, SNAPSHOT_DATE, told, truth } from '../../support/worker-world.ts';
import { SETTINGS, unlimited } from '../../support/world.ts';

/** Several pages of the plan either way. */
const USERS = FULL ? 20_000 : 3_000;

/** Connect answers for ten users a second; time is counted by its answers. */
const MS_PER_USER = 100;

/** Fifteen per cent of the users each. */
const SLICE_MS = 0.15 * USERS * MS_PER_USER;

/** Of the time that was needed in the end. */
const HONEST = 0.03;

/** The simulated instance without HTTP, and how much time its answers have taken. */
function timedConnect(dataset: Dataset): Connect & { elapsedMs(): number } {
  let answers = 0;
  return {
    async *searchUsers() {
      for (let from = 0; from < dataset.end; from += 500) {
        yield Array.from({ length: 500 }, (_, index) => from + index).flatMap((index) => {
          const user = dataset.user(index);
          const { hierarchyGroup, routingProfile, tags = {} } = dataset.placement(index) ?? {};
          if (!user) return [];
          return {
            id: user.id,
            ...(hierarchyGroup && { hierarchyGroupId: hierarchyGroup.id }),
            ...(routingProfile && { routingProfileId: routingProfile.id }),
            tags,
          };
        });
      }
    },
    async *listRoutingProfiles() {
      yield dataset.workplaces.routingProfiles;
    },
    async *searchHierarchyGroups() {
      yield withDescendants(dataset.workplaces.hierarchy).map((group) => ({
        id: group.id,
        path: pathOf(group).map(({ name }) => name),
      }));
    },
    async *searchPredefinedAttributes() {
      yield dataset.predefinedAttributes;
    },
    elapsedMs: () => answers * MS_PER_USER,
    async *listUsers() {
      for (let from = 0; from < dataset.end; from += 1000) {
        const page = Array.from({ length: 1000 }, (_, index) => dataset.user(from + index));
        yield page.filter((user) => user !== undefined);
      }
    },
    proficiencyReader: (_, signal) => async (id) => {
      signal.throwIfAborted();
      answers += 1;
      return dataset.proficiencies(dataset.indexOf(id) ?? -1);
    },
  };
}

const traffic: Traffic = {
  counts: () => NO_REQUESTS,
  learnedRates: () => ({}),
  adopt: () => {},
  share: () => {},
};

const observer: Observer = {
  begun: () => undefined,
  missing: () => undefined,
  userDone: () => undefined,
  userFailed: () => undefined,
  partClosed: () => undefined,
  published: () => undefined,
  sliceEnded: () => undefined,
};

test('thousands of users in many slices: each one says how far the run is and how long it will take', async () => {
  const dataset = createDataset({ users: USERS });
  const connect = timedConnect(dataset);
  const s3 = await startFakeS3();
  Object.assign(process.env, awsEnvironment(s3.url));
  const client = s3Client();
  const clock = () => new Date(Date.parse(`${SNAPSHOT_DATE}T02:00:00Z`) + connect.elapsedMs());

  /** As the workflow does: a new worker for each slice. */
  async function slice(number: number, runId: string | undefined): Promise<WorkerResult> {
    const ends = connect.elapsedMs() + SLICE_MS;
    const deadline: Deadline = {
      ...unlimited(),
      reached: () => connect.elapsedMs() >= ends,
    };
    return exportSlice({ instanceId: dataset.instanceId, ...(runId && { runId }) }, SETTINGS, {
      connect,
      traffic,
      observer,
      store: s3Store({ client, bucket: s3.bucket }),
      clock,
      deadline,
      worker: `worker-${number}`,
      concurrency: 20,
      exporterVersion: '0.0.0',
    });
  }

  const slices: { result: WorkerResult; endedMs: number }[] = [];
  do {
    const result = await slice(slices.length, slices.at(-1)?.result.runId);
    slices.push({ result, endedMs: connect.elapsedMs() });
  } while (slices.at(-1)?.result.status === 'IN_PROGRESS');

  const inProgress = slices.slice(0, -1);
  expect(slices).toHaveLength(7);
  expect(slices.at(-1)?.result).toMatchObject({
    status: 'PUBLISHED',
    usersTotal: USERS,
    usersDone: USERS,
    percent: 100,
    estimatedSecondsLeft: 0,
  });
  expect(inProgress.map(({ result }) => result.percent)).toEqual([15, 30, 45, 60, 75, 90]);
  for (const { result, endedMs } of inProgress) {
    const needed = (connect.elapsedMs() - endedMs) / 1000;
    expect(result.status).toBe('IN_PROGRESS');
    expect(Math.abs(result.estimatedSecondsLeft - needed)).toBeLessThan(HONEST * needed);
  }
  // Nobody was asked for twice.
  expect(connect.elapsedMs()).toBe(USERS * MS_PER_USER);

  const snapshot = s3.objects.get(snapshotKey(dataset.instanceId, SNAPSHOT_DATE));
  const rows = told(await rowsIn(snapshot?.bytes ?? Buffer.alloc(0)));
  const { instanceId } = dataset;
  const expected = truth({ simulator: { instanceId, dataset: () => dataset } });
  expect(rows?.map((row) => JSON.stringify(row))).toEqual(
    expected.map((row) => JSON.stringify(row)),
  );
  client.destroy();
  await s3.close();
});
