import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { exportInstance } from '../../../cli/export/export-instance.ts';
import { folderStore } from '../../../cli/store/folder-store.ts';
import { snapshotKey } from '../../../contract/keys.ts';
import type { Row } from '../../../contract/row.ts';
import type { Store } from '../../../export/ports.ts';
import { unfinishedRun } from '../../../export/publish/visible.ts';
import { type Simulator, startSimulator } from '../../../simulator/server.ts';
import { sampled } from '../../support/breadth.ts';
import { hurriedClock } from '../../support/hurried-clock.ts';
import { temporaryFolders } from '../../support/temporary-folder.ts';
import { readRows } from '../../support/world.ts';

/** Some four parts, at the pace of the hurried clock. */
const USERS = 35;

const newFolder = temporaryFolders();
let program: string;
let simulator: Simulator;
const own = { ...process.env };

beforeAll(async () => {
  simulator = await startSimulator({ users: USERS, quota: 'unlimited' });
  Object.assign(process.env, {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_ENDPOINT_URL_CONNECT: simulator.url,
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  });
  program = join(newFolder(), 'doomed-export.mjs');
  buildSync({
    entryPoints: [join(__dirname, 'doomed-export.ts')],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'esm',
    mainFields: ['module', 'main'],
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  });
});

afterAll(async () => {
  await simulator.close();
  process.env = own;
});

/** @returns what ended the process: a signal, or `null` where it came to its own end */
async function runDoomed(folder: string, write: number, when: string) {
  const child = spawn(process.execPath, [program, simulator.instanceId, folder, `${write}`, when], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: process.env,
  });
  let complaint = '';
  child.stderr?.on('data', (text) => {
    complaint += text;
  });
  const [code, signal] = await once(child, 'close');
  if (signal === null && code !== 0) throw new Error(complaint);
  return signal;
}

const answered = (): number => simulator.stats().test?.ListUserProficiencies?.ok ?? 0;

async function usersInParts(folder: string): Promise<number> {
  const store = folderStore(folder);
  let users = 0;
  for await (const key of store.list(`runs/${simulator.instanceId}/`)) {
    if (key.includes('/parts/')) users += (await readRows(store, key)).length;
  }
  return users;
}

const settled = ({ run_id, fetched_at, ...row }: Row) => row;

async function publishedRows(folder: string): Promise<unknown[]> {
  const store = folderStore(folder);
  for await (const key of store.list(`snapshots/instance_id=${simulator.instanceId}/`)) {
    return (await readRows(store, key)).map(settled);
  }
  throw new Error(`Nothing is published: ${snapshotKey(simulator.instanceId, '…')}`);
}

/** An export by this process. */
async function exportInto(store: Store, resume: boolean): Promise<void> {
  const { write } = process.stderr;
  process.stderr.write = () => true;
  try {
    await exportInstance(
      {
        instanceId: simulator.instanceId,
        resume,
        requestsPerSecond: 100_000,
        timeZone: 'UTC',
        allowedFailedUsers: 0,
        usernames: true,
        userDetails: 'teams',
        predefinedAttributes: true,
      },
      store,
      hurriedClock(),
    );
  } finally {
    process.stderr.write = write;
  }
}

/** How often a run that nothing happens to writes. */
async function writesOf(folder: string): Promise<number> {
  const store = folderStore(folder);
  let writes = 0;
  const counting: Store = {
    ...store,
    put(key, body, condition) {
      writes++;
      return store.put(key, body, condition);
    },
  };
  await exportInto(counting, false);
  return writes;
}

const truth = (): unknown[] =>
  [...simulator.dataset().truth()].map((user) =>
    expect.objectContaining({
      user_id: user.userId,
      username: user.username,
      proficiency_count: user.proficiencies.length,
    }),
  );

test('a run killed before or after any of its writes goes on, and asks for nobody in a closed part again', async () => {
  const undisturbed = newFolder();
  const writes = await writesOf(undisturbed);
  expect(writes).toBeGreaterThan(10);
  const rows = await publishedRows(undisturbed);
  expect(rows).toEqual(truth());

  // The sample: halfway, with some parts. A snapshot that no manifest names is where test/lambda/worker/killed.test.ts
  // kills a worker; test/export/invariants.test.ts tries all moments, again and again, without processes.
  const halfway = Math.ceil(writes / 2);
  const moments = sampled(
    Array.from({ length: writes }, (_, index) => index + 1).flatMap((write) => [
      { write, when: 'before' },
      { write, when: 'after' },
    ]),
    ({ when, write }) => when === 'before' && write === halfway,
  );
  for (const { when, write } of moments) {
    const folder = newFolder();
    const signal = await runDoomed(folder, write, when);
    if (signal === null) {
      // How many parts there are depends on the pace: this run ended before it came to that write.
      expect(write).toBeGreaterThan(halfway);
      expect(await publishedRows(folder)).toEqual(rows);
      continue;
    }
    expect({ when, write, signal }).toEqual({ when, write, signal: 'SIGKILL' });
    const safe = await usersInParts(folder);
    const isOver = (await unfinishedRun(folderStore(folder), simulator.instanceId)) === undefined;
    const before = answered();
    await exportInto(folderStore(folder), true);
    expect(await publishedRows(folder)).toEqual(rows);
    if (safe > 0 && !isOver) expect(answered() - before).toBe(USERS - safe);
  }
}, 900_000);
