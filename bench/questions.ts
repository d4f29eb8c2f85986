import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { folderStore } from '../cli/store/folder-store.ts';
import { manifestKey, snapshotKey } from '../contract/keys.ts';
import { deriveInstance } from '../derive/instance.ts';
import { createDataset } from '../simulator/people/dataset.ts';
import { SAVED_QUERIES } from '../sql/saved-queries.ts';
import { publishHistory } from './history.ts';

/** A folder with so many snapshots of so many users. */
export interface QuestionsPlan {
  readonly users: number;
  readonly dates: number;
}

const costSchema = z.strictObject({
  /** Processor time of the whole command, its start included. */
  cpuSeconds: z.number(),
  /** The most that was resident, in MB. */
  peakMb: z.number(),
});

type CostOfCommand = z.infer<typeof costSchema>;

/** What a saved query costs on a laptop. */
interface Asked {
  readonly query: string;
  /** In the folder with all snapshots. */
  readonly inAll: CostOfCommand;
  /** In a folder with the newest two alone. */
  readonly inTwo: CostOfCommand;
}

/** What questions cost in a folder that is as old as it has dates. */
export interface Questions extends QuestionsPlan {
  readonly asked: readonly Asked[];
}

const PRELOADED = new URL('cost-of-process.mjs', import.meta.url).href;

/** Bytes of an answer: a line for each of some thousand agents. */
const MOST_ANSWERED = 64 * 1024 * 1024;

/** @param command the path of the built command */
async function costOf(
  command: string,
  words: readonly string[],
  costFile: string,
): Promise<CostOfCommand> {
  const env = { ...process.env, COST_FILE: costFile };
  await promisify(execFile)(process.execPath, ['--import', PRELOADED, command, ...words], {
    env,
    maxBuffer: MOST_ANSWERED,
  });
  return costSchema.parse(JSON.parse(await readFile(costFile, 'utf8')));
}

/** Copies snapshots and manifests of some dates into another folder, and derives what follows from them. */
async function copyDates(
  from: string,
  to: string,
  instanceId: string,
  dates: readonly string[],
): Promise<void> {
  for (const date of dates) {
    for (const key of [snapshotKey(instanceId, date), manifestKey(instanceId, date)]) {
      await cp(join(from, key), join(to, key), { recursive: true });
    }
  }
  await deriveInstance(folderStore(to), instanceId, { snapshots: 'all' });
}

/** One that has been there from the first day on. */
const agentOf = (users: number): string => createDataset({ users }).user(0)?.username ?? '';

/** Asks each saved query in a folder of many dates, and where only the newest two are. */
export async function measureQuestions(
  command: string,
  { users, dates }: QuestionsPlan,
): Promise<Questions> {
  const folder = await mkdtemp(join(tmpdir(), 'proficiency-bench-'));
  const [all, two] = [join(folder, 'all'), join(folder, 'two')];
  try {
    const store = folderStore(all);
    const history = await publishHistory(store, users, dates);
    await deriveInstance(store, history.instanceId, { snapshots: 'all' });
    await copyDates(all, two, history.instanceId, history.dates.slice(-2));
    const asked: Asked[] = [];
    for (const { name, parameters } of SAVED_QUERIES) {
      const agent = parameters.some((parameter) => parameter.name === 'agent')
        ? ['--param', `agent=${agentOf(users)}`]
        : [];
      const words = (out: string) => ['query', name, ...agent, '--out', out, '--format', 'json'];
      const cost = (out: string) => costOf(command, words(out), join(folder, 'cost.json'));
      asked.push({ query: name, inAll: await cost(all), inTwo: await cost(two) });
    }
    return { users, dates, asked };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
