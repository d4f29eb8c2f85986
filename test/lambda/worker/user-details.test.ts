import type { Row } from '../../../contract/row.ts';
import type { Fault } from '../../../simulator/faults/faults.ts';
import { createDataset } from '../../../simulator/people/dataset.ts';
import { workerBundle } from '../../support/worker-bundle.ts';
import { startWorker, type WorkerProcess } from '../../support/worker-process.ts';
import {
  detailsOn,
  told,
  truth,
  UNKNOWN_DETAILS,
  type WorkerWorld,
  workerWorld,
} from '../../support/worker-world.ts';

const USERS = 60;
const DAY = 40;

let world: WorkerWorld;
let worker: WorkerProcess;

beforeAll(async () => {
  world = await workerWorld({ users: USERS, day: DAY });
  worker = await startWorker(await workerBundle(), world.environment());
});

afterAll(async () => {
  await worker.kill();
  await world.close();
});

let days = 0;

/** A whole run with these faults, on a day of its own. */
async function runWith(faults: readonly Fault[], by = worker) {
  days += 1;
  const date = `2026-01-${String(days).padStart(2, '0')}`;
  const before = by.output().length;
  world.simulator.setFaults([...faults]);
  const answer = await by.invoke({ ...world.event, scheduledTime: `${date}T02:00:00Z` });
  world.simulator.setFaults([]);
  expect(answer).toMatchObject({ result: { status: 'PUBLISHED', usersFailed: 0 } });
  return {
    rows: told(await world.rows(date)),
    manifest: world.manifest(date),
    warnings: by
      .output()
      .slice(before)
      .split('\n')
      .filter((line) => line.includes('Snapshot goes without')),
  };
}

const withDetails = (of: (userId: string) => Partial<Row>) =>
  truth(world).map((row) => ({ ...row, ...of(row.user_id) }));

test('the names of people are there where they are switched on', async () => {
  const named = await startWorker(
    await workerBundle(),
    world.environment({ INCLUDE_USER_DETAILS: 'names' }),
  );
  const { rows } = await runWith([], named);
  await named.kill();
  const dataset = world.simulator.dataset();
  expect(rows).toEqual(
    withDetails((userId) => {
      const name = dataset.user(dataset.indexOf(userId) ?? -1)?.name;
      return { first_name: name?.first ?? null, last_name: name?.last ?? null };
    }),
  );
});

test('switched off, Connect is not asked, and rows have none', async () => {
  const off = await startWorker(
    await workerBundle(),
    world.environment({
      INCLUDE_USER_DETAILS: 'off',
      INCLUDE_PREDEFINED_ATTRIBUTES: 'false',
      AWS_ACCESS_KEY_ID: 'off',
    }),
  );
  const { rows, manifest } = await runWith([], off);
  await off.kill();
  const without = truth(world).map((row) =>
    Object.fromEntries(Object.entries(row).filter(([key]) => !(key in UNKNOWN_DETAILS))),
  );
  expect(rows).toEqual(without);
  expect(Object.keys(world.simulator.stats().off ?? {})).toEqual([
    'ListUsers',
    'ListUserProficiencies',
  ]);
  expect(manifest).toMatchObject({
    user_details: { status: 'off' },
    predefined_attributes: { status: 'off', object: null },
  });
});

test('denied half way, those who are known keep theirs, and it is said once which permission is missing', async () => {
  const { rows, manifest, warnings } = await runWith([
    { fault: 'shortPages', operations: ['SearchUsers'], size: 20 },
    { fault: 'accessDenied', operations: ['SearchUsers'], afterCalls: 2 },
  ]);
  const known = rows?.filter(({ routing_profile_id }) => routing_profile_id !== null) ?? [];
  expect(known).toHaveLength(40);
  const ids = new Set(known.map(({ user_id }) => user_id));
  expect(rows).toEqual(withDetails((userId) => (ids.has(userId) ? {} : UNKNOWN_DETAILS)));
  expect(manifest?.user_details).toEqual({
    status: 'partial',
    reason: expect.stringMatching(
      /^Amazon Connect refused connect:SearchUsers \(AWS says: ".*"\): allow connect:SearchUsers, connect:DescribeUser and connect:ListUserProficiencies on the instance\.$/,
    ),
    users_unknown: (rows?.length ?? 0) - 40,
  });
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toContain('refused connect:SearchUsers');
});

test('an index that lags: everyone who is listed is there, as the index knew them', async () => {
  const lag = 30;
  const before = createDataset({ users: USERS, day: DAY - lag });
  const { rows, manifest, warnings } = await runWith([{ fault: 'laggingIndex', days: lag }]);
  const expected = withDetails((userId) => detailsOn(before, userId));
  expect(rows).toEqual(expected);
  const unknown = expected.filter(({ routing_profile_id }) => routing_profile_id === null).length;
  expect(unknown).toBeGreaterThan(0);
  // Some have moved since.
  expect(rows).not.toEqual(truth(world));
  expect(manifest?.user_details).toEqual({
    status: 'complete',
    reason: null,
    users_unknown: unknown,
  });
  expect(warnings).toEqual([]);
});

test.each<[string, Fault]>([
  ['a user without an id', { fault: 'badAnswer', answer: 'missingFoundId', users: [] }],
  ['tags that are none', { fault: 'badAnswer', answer: 'tagsAsList', users: [] }],
  ['pages without end', { fault: 'endlessPages', operations: ['SearchUsers'] }],
  ['HTML', { fault: 'notJson', operations: ['SearchUsers'] }],
])('nonsense costs no snapshot: %s', async (_, fault) => {
  const { user_id = '' } = truth(world)[0] ?? {};
  const meets = fault.fault === 'badAnswer' ? { ...fault, users: [user_id] } : fault;
  const { rows, manifest, warnings } = await runWith([meets]);
  expect(rows?.map((row) => row.user_id)).toEqual(truth(world).map((row) => row.user_id));
  expect(['partial', 'none']).toContain(manifest?.user_details?.status);
  expect(manifest?.user_details?.reason).toMatch(/SearchUsers/);
  expect(warnings).toHaveLength(1);
});
