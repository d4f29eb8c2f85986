import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { folderStore } from '../cli/store/folder-store.ts';
import { changeSchema } from '../contract/change.ts';
import { CHANGES_PREFIX, LATEST_PREFIX } from '../contract/keys.ts';
import { fromLine, gunzipLines } from '../export/files/ndjson.ts';
import type { Store } from '../export/ports.ts';
import { type Cost, costSchema } from './cost.ts';
import type { DerivationTask } from './derivation-task.ts';
import { publishHistory } from './history.ts';

/** So many users, derived so often. */
export interface DerivationPlan {
  /** In the first of two snapshots; of the second about two percent differ. */
  readonly users: number;
  /** How often it is done; for time, the fastest turn counts. */
  readonly turns: number;
}

/** What it costs to derive the newest rows and the changes from two snapshots. */
export interface Derivation {
  readonly users: number;
  /** Users that differ from one snapshot to the other. */
  readonly changedUsers: number;
  /** Users that the changes tell of. */
  readonly usersTold: number;
  readonly turns: readonly {
    /** Of reading both snapshots once: gunzip and JSON.parse. */
    readonly reading: Cost;
    readonly deriving: Cost;
  }[];
}

const answerSchema = z.strictObject({ result: z.int(), cost: costSchema });

async function run(program: string, task: DerivationTask): Promise<Cost> {
  const words = [program, JSON.stringify(task)];
  const { stdout } = await promisify(execFile)(process.execPath, words);
  const { result, cost } = answerSchema.parse(JSON.parse(stdout));
  if (result === 0) throw new Error(`Nothing was done: ${task.task}.`);
  return cost;
}

/** The users that an instance's changes name. */
async function usersIn(store: Store): Promise<number> {
  const users = new Set<string>();
  for await (const key of store.list(CHANGES_PREFIX)) {
    const object = await store.get(key);
    if (!object) continue;
    for await (const line of gunzipLines(object.body)) {
      const { user_id } = changeSchema.parse(fromLine(line));
      if (user_id !== null) users.add(user_id);
    }
  }
  return users.size;
}

/** Derives over a folder, in processes of their own, in turn with reading, so that a busy moment hits both. */
export async function measureDerivation(
  program: string,
  { users, turns }: DerivationPlan,
): Promise<Derivation> {
  const folder = await mkdtemp(join(tmpdir(), 'proficiency-bench-'));
  const store = folderStore(folder);
  const measured: { reading: Cost; deriving: Cost }[] = [];
  try {
    const { instanceId, changedUsers } = await publishHistory(store, users, 2);
    for (let turn = 0; turn < turns; turn++) {
      for (const prefix of [LATEST_PREFIX, CHANGES_PREFIX]) {
        await rm(join(folder, prefix), { recursive: true, force: true });
      }
      const common = { instanceId, folder };
      const reading = await run(program, { task: 'read', ...common });
      const deriving = await run(program, { task: 'derive', ...common });
      measured.push({ reading, deriving });
    }
    return { users, changedUsers, usersTold: await usersIn(store), turns: measured };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
